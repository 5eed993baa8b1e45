"""Rasters without a geotransform: axes of their own are taken, even and uneven; what cannot be placed is
an error that names the way out."""

import os
import re

import numpy as np
from osgeo import gdal

import support
from support import CommandTest, UTM, plane, read_raster, terrain

WGS84 = 6378137.0, 1 / 298.257223563
WAYS = "--spacing", "--x-coords", "--y-coords"


def radii(latitude):
    """Metres per degree of longitude and of latitude on WGS 84 (Snyder 1987, 4-20 and 4-18)."""
    a, f = WGS84
    e2, phi = f * (2 - f), np.radians(latitude)
    w2 = 1 - e2 * np.sin(phi) ** 2
    return np.radians(a / np.sqrt(w2) * np.cos(phi)), np.radians(a * (1 - e2) / w2**1.5)


def uneven(start, steps, count):
    return start + np.cumsum(np.resize(steps, count))


class Unplaced(CommandTest):
    def check_error(self, *words, inputs=(), options=()):
        """gradient, info and batch say the same."""
        self.assert_error(self.demgrad("gradient", "-q", *options, *inputs, "out.tif"), 1, *words)
        self.assert_error(self.demgrad("info", *options, *inputs), 1, *words)
        os.makedirs(self.path("outputs"), exist_ok=True)
        batch = self.demgrad("batch", "-q", "--output-dir", "outputs", *options, *inputs)
        self.assertEqual(batch.code, 1)
        for word in words:
            self.assertIn(word, batch.err)
        self.assertEqual(os.listdir(self.path("outputs")), [])

    def test_a_crs_without_a_geotransform(self):
        for crs in (UTM, "EPSG:3857", "EPSG:4326", "EPSG:32632+5773",
                    'LOCAL_CS["site",UNIT["metre",1]]'):
            with self.subTest(crs):
                path = self.make(terrain(18, 360), geotransform=None, srs=crs)
                self.check_error("in.tif", "no geotransform", *WAYS, inputs=[path])

    def test_a_crs_of_the_users(self):
        path = self.make(terrain(18, 20), geotransform=None, srs=None)
        self.check_error("in.tif", *WAYS, inputs=[path], options=["--crs", UTM])

    def test_spacing_and_coordinates_are_the_way_out(self):
        z = plane(20, 30, 2, 5)
        path = self.make(z, geotransform=None, srs=UTM, type=gdal.GDT_Float64)
        for name, count, step in (("x", 30, 10), ("y", 20, 20)):
            np.savetxt(self.path(name), np.arange(count) * step)
        for options in (("--spacing", "10,20"), ("--x-coords", "x", "--y-coords", "y")):
            got = self.gradient(*options, path)
            self.assert_close(np.abs(got), np.reshape([0.2, 0.25], (2, 1, 1)), 1e-6)

    def test_neither_crs_nor_geotransform(self):
        """Pixels of a metre, and a warning."""
        path = self.make(plane(20, 30, 2, 5), geotransform=None, srs=None)
        result = self.demgrad("gradient", "--progress", "none", path, "out.tif")
        self.assertEqual(result.code, 0)
        self.assertEqual(len(support.said(result)), 1)
        self.assertIn("demgrad: warning: " + path, result.err)
        self.assertIn("--spacing", result.err)
        self.assert_close(read_raster(self.path("out.tif")), np.reshape([2, 5], (2, 1, 1)), 1e-6)

    def test_control_points_polynomials_and_arrays(self):
        def gcps(dataset):
            points = [gdal.GCP(5e5 + 10 * x, 5e6 - 10 * y, 0, x, y)
                      for x, y in ((0, 0), (20, 0), (0, 18))]
            dataset.SetGCPs(points, support.crs(UTM))

        def rpc(dataset):
            dataset.SetMetadata({"LINE_OFF": "9", "SAMP_OFF": "10", "LAT_OFF": "45",
                                 "LONG_OFF": "9", "HEIGHT_OFF": "0", "LINE_SCALE": "9",
                                 "SAMP_SCALE": "10", "LAT_SCALE": "1", "LONG_SCALE": "1",
                                 "HEIGHT_SCALE": "1",
                                 **{f"{k}_{p}_COEFF": " ".join(["1"] * 20)
                                    for k in ("LINE", "SAMP") for p in ("NUM", "DEN")}}, "RPC")

        def arrays(dataset):
            for name in "xy":
                self.make(terrain(18, 20), name=f"{name}.tif", geotransform=None, srs=None)
            dataset.SetMetadata({"X_DATASET": self.path("x.tif"), "X_BAND": "1",
                                 "Y_DATASET": self.path("y.tif"), "Y_BAND": "1"}, "GEOLOCATION")

        for place in (gcps, rpc, arrays):
            with self.subTest(place.__name__):
                path = self.make(terrain(18, 20), geotransform=None, srs=None, name="bare.tif")
                copy = gdal.Translate(self.path("in.vrt"), path)
                place(copy)
                del copy
                result = self.demgrad("gradient", "--overwrite", "in.vrt", "out.tif")
                self.assertEqual(result.code, 0, result.err)
                self.assertIn("not by a geotransform", result.err)
                self.assertIn("gdalwarp", result.err)
                self.assertIn("--spacing", result.err)
                self.gradient("--spacing", "10", self.path("in.vrt"))

    def test_a_mosaic_with_one_that_is_unplaced(self):
        paths = [self.make(terrain(18, 20), name="a.tif"),
                 self.make(terrain(18, 20), name="b.tif", geotransform=None, srs=UTM)]
        self.assert_error(self.demgrad("gradient", "-q", *paths, "out.tif"), 1, "b.tif",
                          "no geotransform")


class Axes(CommandTest):
    """Rasters with a coordinate for each column and row."""

    def netcdf(self, x, y, z, geographic=False, float_axes=False, unit="m", mapping=True,
               name="in.nc", netcdf4=False):
        """Writes z[y][x] through the multidimensional API; `mapping`: with a grid mapping, UTM 32."""
        options = ["FORMAT=NC4" if netcdf4 else "FORMAT=NC"]
        dataset = gdal.GetDriverByName("netCDF").CreateMultiDimensional(self.path(name), [], options)
        root = dataset.GetRootGroup()
        names = ("lat", "lon") if geographic else ("y", "x")
        units = ("degrees_north", "degrees_east") if geographic else (unit, unit)
        standard = ("latitude", "longitude") if geographic else (
            "projection_y_coordinate", "projection_x_coordinate")
        dims = []
        for i, values in enumerate((y, x)):
            dims.append(root.CreateDimension(names[i], ("HORIZONTAL_Y", "HORIZONTAL_X")[i], "",
                                             len(values)))
            kind = gdal.GDT_Float32 if float_axes else gdal.GDT_Float64
            axis = root.CreateMDArray(names[i], [dims[-1]], gdal.ExtendedDataType.Create(kind))
            text = gdal.ExtendedDataType.CreateString()
            axis.CreateAttribute("standard_name", [], text).Write(standard[i])
            axis.SetUnit(units[i])
            axis.Write(np.asarray(values, np.float32 if float_axes else np.float64))
        array = root.CreateMDArray("z", dims, gdal.ExtendedDataType.Create(gdal.GDT_Float64))
        if mapping:
            array.SetSpatialRef(support.crs("EPSG:4326" if geographic else UTM))
        array.SetUnit("m")
        array.Write(np.ascontiguousarray(z, np.float64))
        del array, axis, dims, root, dataset
        return self.path(name)

    def check(self, path, expected, bound, *options, code=0):
        """`expected`: dz/dx, dz/dy of the north-up raster."""
        result = self.demgrad("gradient", "--overwrite", "--progress", "none", *options, path,
                              "out.tif")
        self.assertEqual(result.code, code, result.err)
        self.assertIn("axes", result.err)
        got = read_raster(self.path("out.tif"))
        self.assert_close(got, expected, bound)
        return result

    def test_even_axes_in_floats(self):
        """Rows of 1.3 m near 5438536 do not fit in a float: they are still even, and the output has the
        placement."""
        x, y = 500000.75 + 1.5 * np.arange(60), 5438536 - 1.3 * np.arange(50)
        z = 0.1 * (x - x[0]) + 0.2 * (y - y[0])[:, None]
        for order in (1, -1):  # from the north, from the south
            path = self.netcdf(x, y[::order], z[::order], float_axes=True)
            self.check(path, np.reshape([0.1, 0.2], (2, 1, 1)), 0.001, "--metric", "map")
            got = gdal.Open(self.path("out.tif")).GetGeoTransform()
            rows = (y[0] + 0.65, 0, -1.3) if got[5] < 0 else (y[-1] - 0.65, 0, 1.3)
            np.testing.assert_allclose(got, (x[0] - 0.75, 1.5, 0, *rows), atol=0.3)

    def test_uneven_axes_of_a_projected_crs(self):
        x, y = uneven(5e5, (10, 20, 30), 40), uneven(5e6, (15, 10, 40, 20), 30)
        z = 0.001 * (x - x[0]) ** 2 + 0.2 * (y - y[0])[:, None]
        expected = np.stack(np.gradient(z, y, x)[::-1])
        for order in (1, -1):
            path = self.netcdf(x, y[::order], z[::order])
            self.check(path, expected[:, ::-1], 1e-5, "--metric", "map", "--ot", "Float64")
            # On the ground UTM's scale at its central meridian: 0.9996.
            self.check(path, expected[:, ::-1] * 0.9996, 1e-5, "--ot", "Float64")
            self.assertIsNone(gdal.Open(self.path("out.tif")).GetGeoTransform(can_return_null=True))

    def test_a_picture_of_uneven_axes_is_refused(self):
        x, y = uneven(5e5, (10, 20, 30), 40), uneven(5e6, (15, 10, 40, 20), 30)
        path = self.netcdf(x, y, 0.1 * (x - x[0]) + 0.2 * (y - y[0])[:, None])
        self.assert_error(self.demgrad("preview", "-q", path, "out.png"), 1, "in.nc", "not evenly",
                          "gdalwarp")

    def test_uneven_latitudes_and_longitudes(self):
        lon, lat = uneven(170, (0.1, 0.2, 0.3), 80), uneven(40, (0.1, 0.15, 0.4, 0.2), 30)
        z = 30 * (lon - lon[0]) ** 2 + 100 * (lat - lat[0])[:, None] ** 2
        per_row, per_column = np.gradient(z, lat, lon)
        east, north = radii(lat[:, None])
        expected = np.stack([per_column / east, per_row / north])
        for order in (1, -1):
            for mapping in (True, False):
                path = self.netcdf(np.where(lon > 180, lon - 360, lon), lat[::order], z[::order],
                                   geographic=True, mapping=mapping)
                # GDAL turns the rows of such a file round, whichever way they run.
                self.check(path, expected[:, ::-order], 1e-9, "--ot", "Float64")

    def test_even_longitudes_uneven_latitudes_round_the_globe(self):
        """As of a Gaussian grid: GDAL takes such latitudes as even, where they nearly are."""
        lon = np.arange(180) * 2.0
        lat = np.degrees(np.arcsin(np.polynomial.legendre.leggauss(24)[0]))
        for latitudes in (lat, lat**3 / 90**2):
            z = 500 * np.sin(np.radians(lon)) + 20 * latitudes[:, None]
            per_row = np.gradient(z, latitudes, axis=0)
            step = np.radians(2)
            per_column = 500 * np.cos(np.radians(lon)) * np.sin(step) / step * np.pi / 180
            east, north = radii(latitudes[:, None])
            expected = np.stack([per_column / east, per_row / north])[:, ::-1]
            path = self.netcdf(lon, latitudes, z, geographic=True)
            self.check(path, expected, 1e-8, "--ot", "Float64")

    def test_axes_in_kilometres(self):
        x, y = uneven(500, (0.01, 0.02, 0.03), 40), uneven(5000, (0.015, 0.01, 0.04), 30)
        z = 1000 * (0.1 * (x - x[0]) + 0.2 * (y - y[0])[:, None])
        path = self.netcdf(x, y, z, unit="km")
        self.check(path, np.reshape([0.1, 0.2], (2, 1, 1)), 1e-4, "--metric", "map")

    def test_axes_without_a_crs(self):
        x, y = uneven(5e5, (10, 20, 30), 40), uneven(5e6, (15, 10, 40, 20), 30)
        z = 0.1 * (x - x[0]) + 0.2 * (y - y[0])[:, None]
        path = self.netcdf(x, y, z, mapping=False)
        result = self.check(path, np.reshape([0.1, 0.2], (2, 1, 1)), 1e-6)
        self.assertIn("has no CRS", result.err)

    def test_a_band_of_many_and_a_subdataset(self):
        """The variable's own axes, whichever of its layers it is."""
        x, y = uneven(5e5, (10, 20, 30), 40), uneven(5e6, (15, 10, 40, 20), 30)
        z = 0.1 * (x - x[0]) + 0.2 * (y - y[0])[:, None]
        path = self.netcdf(x, y[::-1], z[::-1], netcdf4=True)
        dataset = gdal.OpenEx(path, gdal.OF_MULTIDIM_RASTER | gdal.OF_UPDATE)
        root = dataset.GetRootGroup()
        dims = [root.CreateDimension("time", "", "", 3),
                *(d for d in root.GetDimensions() if d.GetName() == "y"),
                *(d for d in root.GetDimensions() if d.GetName() == "x")]
        array = root.CreateMDArray("layers", dims, gdal.ExtendedDataType.Create(gdal.GDT_Float64))
        array.SetSpatialRef(support.crs(UTM))
        array.SetUnit("m")
        array.Write(np.stack([z[::-1] * k for k in (1.0, 2.0, 3.0)]))
        del array, dims, root, dataset
        for band in (1, 3):
            self.check(f'NETCDF:"{path}":layers', np.reshape([0.1, 0.2], (2, 1, 1)) * band, 1e-4,
                       "--metric", "map", "-b", band)

    def test_axes_in_geolocation_arrays(self):
        x, y = uneven(5e5, (10, 20, 30), 40), uneven(5e6, (15, 10, 40, 20), 30)[::-1]
        z = 0.1 * (x - x[0]) + 0.2 * (y - y[0])[:, None]
        self.make(x[None], name="x.tif", geotransform=None, srs=None, type=gdal.GDT_Float64)
        self.make(y[:, None], name="y.tif", geotransform=None, srs=None, type=gdal.GDT_Float64)
        self.make(z, name="z.tif", geotransform=None, srs=None, type=gdal.GDT_Float64)
        copy = gdal.Translate(self.path("in.vrt"), self.path("z.tif"))
        copy.SetMetadata({"X_DATASET": self.path("x.tif"), "X_BAND": "1",
                          "Y_DATASET": self.path("y.tif"), "Y_BAND": "1",
                          "PIXEL_OFFSET": "0", "LINE_OFFSET": "0", "PIXEL_STEP": "1",
                          "LINE_STEP": "1", "SRS": support.crs(UTM).ExportToWkt()}, "GEOLOCATION")
        del copy
        self.check(self.path("in.vrt"), np.reshape([0.1, 0.2], (2, 1, 1)), 1e-4, "--metric", "map")

    def test_axes_that_are_none(self):
        """Not in one direction, or not finite: as if they were not there."""
        y = uneven(5e6, (15, 10, 40, 20), 30)
        for x in (np.arange(40) % 7.0, np.where(np.arange(40) == 9, np.nan, np.arange(40) ** 2)):
            path = self.netcdf(x, y, terrain(30, 40))
            self.assert_error(self.demgrad("gradient", "-q", path, "out.tif"), 1, "in.nc", *WAYS)

    def test_a_batch(self):
        """Uneven axes have no place on a grid of tiles; the raster is computed by itself."""
        x, y = uneven(5e5, (10, 20, 30), 40), uneven(5e6, (15, 10, 40, 20), 30)
        z = 0.1 * (x - x[0]) + 0.2 * (y - y[0])[:, None]
        path = self.netcdf(x, y, z)
        os.mkdir(self.path("outputs"))
        result = self.demgrad("batch", "-q", "--metric", "map", "--output-dir", "outputs", path)
        self.assertEqual((result.code, result.err), (0, ""))
        got = read_raster(self.path("outputs/in_gradient.tif"))
        self.assert_close(got, np.reshape([0.1, 0.2], (2, 1, 1)), 1e-5)


class NoNumbers(CommandTest):
    def test_of_a_geotransform(self):
        self.make(terrain(20, 30))
        gdal.Translate(self.path("in.vrt"), self.path("in.tif"))
        with open(self.path("in.vrt"), encoding="utf-8") as file:
            xml = file.read()
        for text in ("nan, 30, 0, 5000000, 0, -30", "500000, 30, 0, inf, 0, -30", "500000, nan, 0, 9, 0, -30"):
            with open(self.path("in.vrt"), "w", encoding="utf-8") as file:
                file.write(re.sub(r"<GeoTransform>.*</GeoTransform>", f"<GeoTransform>{text}</GeoTransform>", xml))
            self.assert_error(self.demgrad("gradient", "in.vrt", "out.tif"), 1, "in.vrt", "geotransform")
            self.assert_error(self.demgrad("info", "in.vrt"), 1, "in.vrt", "geotransform")


if __name__ == "__main__":
    support.main()
