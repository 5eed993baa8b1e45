"""Which way dz/dx and dz/dy count where the axes of the CRS run west or south, or come the other way
round: towards grid east and grid north all the same, and in every metric."""

import numpy as np
from osgeo import gdal, osr

import support
from support import CommandTest, crs

WIDTH, HEIGHT = 24, 18
EAST, NORTH = 0.1, 0.2  # metres of rise per metre of map

LON_WEST = "+proj=longlat +a=3396190 +b=3376200 +axis=wnu +no_defs +type=crs"

# CRS, geotransform, the ways that x and y count. Grid directions by x and y: of easting and northing.
PROJECTED = [
    ("EPSG:2048", (60000, -10, 0, 3700000, 0, 10), ("west", "south")),  # north-up as a picture
    ("EPSG:2048", (60000, 10, 0, 3700000, 0, 10), ("west", "south")),
    ("EPSG:2046", (60000, -30, 4, 3500000, 5, 20), ("west", "south")),
    ("EPSG:5513", (1100000, 0, 10, 600000, -10, 0), ("south", "west")),  # north-up as a picture
    ("EPSG:5513", (1100000, 10, 0, 600000, 0, 10), ("south", "west")),
    ("EPSG:2065", (1100000, 9, 2, 600000, -3, 10), ("south", "west")),
    ("EPSG:5514", (-600000, 10, 0, -1100000, 0, -10), ("east", "north")),
    ("EPSG:2193", (1600000, 10, 0, 5400000, 0, -10), ("east", "north")),  # northing first
    ("+proj=utm +zone=32 +axis=wsu +type=crs", (-500000, 10, 0, -5000000, 0, 10), ("west", "south")),
    ("+proj=utm +zone=32 +axis=wnu +type=crs", (-500000, 10, 0, 5000000, 0, -10), ("west", "north")),
    ("+proj=utm +zone=32 +axis=nwu +type=crs", (5000000, 10, 0, -500000, 0, 10), ("north", "west")),
    ("+proj=utm +zone=32 +axis=seu +type=crs", (-5000000, 10, 0, 500000, 0, 10), ("south", "east")),
]

# Both axes run the same way: x is easting, y is northing, as the CRS names them.
POLAR = ["EPSG:5041", "EPSG:5042", "EPSG:32661", "EPSG:32761", "EPSG:3031", "EPSG:3413"]


def centres(geotransform):
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5
    x0, a, b, y0, d, e = geotransform
    return x0 + a * columns + b * rows, y0 + d * columns + e * rows


def along(way, x, y, ways):
    """How far along `way` the places are, by the coordinate that counts so or against it."""
    opposite = {"east": "west", "north": "south"}[way]
    for name, sign in ((way, 1), (opposite, -1)):
        if name in ways:
            return sign * (x, y)[ways.index(name)]
    raise ValueError(way)


def ground(geotransform, ways):
    x, y = centres(geotransform)
    z = EAST * along("east", x, y, ways) + NORTH * along("north", x, y, ways)
    return z - z.mean()


def transformations(srs):
    """From the map to longitude and latitude, and back."""
    geographic = crs(srs).CloneGeogCS()
    geographic.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return (osr.CoordinateTransformation(crs(srs), geographic),
            osr.CoordinateTransformation(geographic, crs(srs)))


class Axes(CommandTest):
    def planes(self, *arguments, srs, geotransform, ways, expected=(EAST, NORTH), bound=1e-6):
        self.make(ground(geotransform, ways), type=gdal.GDT_Float64, geotransform=geotransform, srs=None)
        got = self.gradient("--ot", "Float64", "--crs", srs, *arguments, "in.tif")
        for component, value, name in zip(got, expected, ("dz/dx", "dz/dy")):
            self.assert_close(component, value, bound, f"{name}, {srs}, {geotransform}, {arguments}")

    def test_ground_metric_counts_to_grid_east_and_north(self):
        """These CRSs are conformal: the map's gradient times a scale of 1 within 0.2 %."""
        for srs, geotransform, ways in PROJECTED:
            self.planes(srs=srs, geotransform=geotransform, ways=ways, bound=2e-3 * NORTH)

    def test_map_metric_counts_to_grid_east_and_north(self):
        for srs, geotransform, ways in PROJECTED:
            self.planes("--metric", "map", srs=srs, geotransform=geotransform, ways=ways)

    def test_spacing_counts_to_grid_east_and_north(self):
        """Where columns run along easting and rows along northing."""
        for srs, geotransform, ways in PROJECTED:
            _, a, b, _, d, e = geotransform
            if b == d == 0 and ways[0] in ("east", "west"):
                self.planes("--spacing", f"{abs(a)},{abs(e)}", srs=srs, geotransform=geotransform,
                            ways=ways)

    def test_true_frame_is_turned_from_the_grid_by_the_convergence(self):
        """Where the meridian through a place runs on the map is PROJ's to say."""
        for srs, geotransform, ways in PROJECTED:
            x, y = (values.mean() for values in centres(geotransform))
            to_degrees, to_map = transformations(srs)
            longitude, latitude = to_degrees.TransformPoint(x, y)[:2]
            north = np.subtract(to_map.TransformPoint(longitude, latitude + 1e-4)[:2], (x, y))
            turn = np.arctan2(along("east", *north, ways), along("north", *north, ways))
            east = EAST * np.cos(turn) - NORTH * np.sin(turn)
            up = EAST * np.sin(turn) + NORTH * np.cos(turn)
            self.planes("--frame", "true", srs=srs, geotransform=geotransform, ways=ways,
                        expected=(east, up), bound=2e-3 * NORTH)

    def test_polar_axes_count_as_they_are_named(self):
        geotransform = (2000000, 50, 0, 2000000, 0, -50)
        for srs in POLAR:
            self.planes("--metric", "map", srs=srs, geotransform=geotransform, ways=("east", "north"))
            self.planes(srs=srs, geotransform=geotransform, ways=("east", "north"), bound=0.06 * NORTH)

    def test_longitudes_that_count_west(self):
        """The longitude comes first in a raster, whatever the CRS's order; dz/dx is to the east."""
        step = 0.01
        for srs in (LON_WEST, "IAU_2015:49901"):
            for sign in (1, -1):
                geotransform = (30, sign * step, 0, 20, 0, -step)
                x, y = centres(geotransform)
                self.make(-1000 * x + 500 * y, type=gdal.GDT_Float64, geotransform=geotransform, srs=None)
                got = self.gradient("--ot", "Float64", "--crs", srs, "in.tif")
                degree = np.radians(3396190.0)
                self.assert_close(got[0], 1000 / (degree * np.cos(np.radians(y))), 1e-2 * 1000 / degree)
                self.assert_close(got[1], 500 / degree, 1e-2 * 1000 / degree)

    def test_a_raster_that_says_which_axes_its_own_are_along(self):
        """A VRT may say that x is latitude; then rows run along longitude."""
        geotransform = (50, -0.01, 0, 10, 0, 0.01)
        latitude, longitude = centres(geotransform)
        self.make(1000 * longitude + 500 * latitude, type=gdal.GDT_Float64, geotransform=geotransform,
                  srs="EPSG:4326")
        gdal.Translate(self.path("in.vrt"), self.path("in.tif"), format="VRT")
        with open(self.path("in.vrt"), encoding="utf-8") as file:
            text = file.read()
        self.assertIn('dataAxisToSRSAxisMapping="2,1"', text)
        with open(self.path("in.vrt"), "w", encoding="utf-8") as file:
            file.write(text.replace('Mapping="2,1"', 'Mapping="1,2"'))
        got = self.gradient("--ot", "Float64", "in.vrt")
        degree = np.radians(6378137.0)
        self.assert_close(got[0], 1000 / (degree * np.cos(np.radians(latitude))), 1e-2 * 2000 / degree)
        self.assert_close(got[1], 500 / degree, 1e-2 * 1000 / degree)
        told = gdal.Open(self.path("out.tif"))  # which no GTiff keeps: the axes are turned
        self.assertEqual(told.GetGeoTransform(), (10, 0, 0.01, 50, -0.01, 0))
        self.assertEqual(list(told.GetSpatialRef().GetDataAxisToSRSAxisMapping()), [2, 1])


if __name__ == "__main__":
    support.main()
