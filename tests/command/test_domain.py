"""Rasters in which the CRS's domain is small, or has a limit: every pixel whose centre is in it comes
out, and no other. Truth is PROJ's way to the ellipsoid and back, by GDAL's bindings."""

import numpy as np
from osgeo import gdal, osr

import support
from support import CommandTest, crs, read_raster, terrain

ORTHOGRAPHIC = "+proj=ortho +lat_0=40 +ellps=WGS84"
GEOSTATIONARY = "+proj=geos +h=35785831 +ellps=WGS84"
EARTH = 12756274

# What, CRS, pixels, pixel size, the middle of the domain in columns and rows.
DISCS = [
    ("a disc of 58 pixels in 60 x 60", ORTHOGRAPHIC, (60, 60), EARTH / 58, (30, 30)),
    ("a disc of 63 pixels in 64 x 64", GEOSTATIONARY, (64, 64), 10869000 / 63, (32, 32)),
    ("a disc of 42 pixels in 500 x 500", ORTHOGRAPHIC, (500, 500), EARTH / 42, (137.3, 411.8)),
    ("3 pixels", GEOSTATIONARY, (300, 200), 10869000 / 3, (64.2, 127.6)),
    ("3 pixels in a corner", ORTHOGRAPHIC, (300, 200), EARTH / 3, (0.5, 199.2)),
    ("4 pixels in 2500 x 2500", ORTHOGRAPHIC, (2500, 2500), EARTH / 4, (1600.4, 2200.7)),
    ("islands", "+proj=igh +datum=WGS84", (120, 70), 40075017 / 90, (60, 33)),
    ("an antipode", "+proj=aeqd +lat_0=20 +R=6371000", (90, 90), 40030174 / 80, (45, 45)),
    ("another", "+proj=laea +lat_0=52 +ellps=GRS80", (90, 90), 25500000 / 80, (45, 45)),
]


def in_domain(srs, geotransform, width, height):
    """Whether pixel centres lead to the ellipsoid and back, within a hundredth of a pixel."""
    geographic = crs(srs).CloneGeogCS()
    geographic.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    there = osr.CoordinateTransformation(crs(srs), geographic)
    back = osr.CoordinateTransformation(geographic, crs(srs))
    rows, columns = np.mgrid[0:height, 0:width] + 0.5
    x = geotransform[0] + geotransform[1] * columns
    y = geotransform[3] + geotransform[5] * rows
    places = np.stack([x.ravel(), y.ravel()], axis=1)
    with np.errstate(invalid="ignore"):
        angles = np.array(there.TransformPoints(places))[:, :2]
        finite = np.isfinite(angles).all(axis=1)
        returned = np.full_like(places, np.inf)
        returned[finite] = np.array(back.TransformPoints(angles[finite]))[:, :2]
        off = np.hypot(*(returned - places).T)
    return (off < 0.01 * geotransform[1]).reshape(height, width)


TURNS = {
    "EPSG:3857": 2 * np.pi * 6378137,
    "+proj=merc +lon_0=180 +datum=WGS84": 2 * np.pi * 6378137,
    "EPSG:6933": 34734060.89194534,  # by PROJ: twice x of 180 degrees
    "+proj=eqc +R=1737400": 2 * np.pi * 1737400,
    "+proj=mill +R=6371000 +x_0=1e6": 2 * np.pi * 6371000,
}


class Domain(CommandTest):
    def check_said(self, result, domain):
        """How many elevations are lost is said, once."""
        lost = np.count_nonzero(~domain)
        words = [line for line in support.said(result) if "of its elevations lie outside" in line]
        self.assertEqual(len(words), int(lost > 0), result.err)
        for line in words:
            self.assertIn(f" {lost} of", line)

    def test_cylinders_go_on(self):
        """Across the meridian where the map is cut, and on to 360 degrees, as on planets: as a turn before,
        where PROJ has it."""
        for srs, turn in TURNS.items():
            z, pixel, origin = terrain(40, 64), turn / 4000, 1e6 if "x_0" in srs else 0
            for first, shift in ((0.5 * turn - 32 * pixel, None), (-0.5 * turn - 32 * pixel, None),
                                 (0.8 * turn, -turn), (-0.9 * turn, turn)):
                with self.subTest((srs, first)):
                    place = (first + origin, pixel, 0, 4e5, 0, -pixel)
                    got = self.cylinder(z, srs, place)
                    self.assertTrue(np.isfinite(got).all())
                    shift = shift or 0.2 * turn  # no factor depends on the longitude
                    expected = self.cylinder(z, srs, (place[0] + shift, *place[1:]))
                    self.assert_close(got, expected, 1e-6)

    def cylinder(self, z, srs, geotransform):
        self.make(z, geotransform=geotransform, srs=srs)
        result = self.demgrad("gradient", "--overwrite", "--progress", "none", "--ot", "Float64",
                              "in.tif", "out.tif")
        self.assertEqual((result.code, support.said(result)), (0, []))
        return read_raster(self.path("out.tif"))

    def test_every_pixel_of_a_small_domain_comes_out(self):
        gdal.PushErrorHandler("CPLQuietErrorHandler")
        self.addCleanup(gdal.PopErrorHandler)
        osr.DontUseExceptions()
        for what, srs, (width, height), pixel, (column, row) in DISCS:
            geotransform = (-column * pixel, pixel, 0, row * pixel, 0, -pixel)
            self.make(terrain(height, width), geotransform=geotransform, srs=None)
            result = self.demgrad("gradient", "--overwrite", "--progress", "none", "--crs", srs,
                                  "in.tif", "out.tif")
            self.assertEqual((result.code, "nothing" in result.err), (0, False), what)
            got = np.isfinite(read_raster(self.path("out.tif"))).all(axis=0)
            expected = in_domain(srs, geotransform, width, height)
            self.check_said(result, expected)
            self.assertGreater(expected.sum(), 2, what)
            self.assertEqual(np.argwhere(got != expected).tolist(), [], what)

    def test_nothing_to_be_had_is_said(self):
        self.make(terrain(20, 30), geotransform=(2e7, 100, 0, 2e7, 0, -100), srs=None)
        for command in (["gradient", "--progress", "none"], ["info"]):
            out = ["out.tif"] if command[0] == "gradient" else []
            result = self.demgrad(*command, "--crs", ORTHOGRAPHIC, "in.tif", *out)
            self.assertEqual(result.code, 0, result.err)
            self.assertRegex(result.err, "^demgrad: warning: in.tif: .*outside the domain")


if __name__ == "__main__":
    support.main()
