"""Geographic rasters: the seam at 360 degrees, the poles, netCDF in degrees."""

import math

import numpy as np
from osgeo import gdal

import support
from support import CommandTest, EPS32, differences, read_raster, terrain

A, F = 6378137.0, 1 / 298.257223563  # WGS 84
E2 = F * (2 - F)


def ground_gradient(z, north, step, **how):
    """dz/dx, dz/dy of a raster in degrees by the ellipsoid's radii; `north` is its upper edge."""
    latitude = np.radians(north - step * (np.arange(z.shape[0]) + 0.5))[:, np.newaxis]
    w = np.sqrt(1 - E2 * np.sin(latitude) ** 2)
    east = A / w * np.cos(latitude) * math.radians(step)
    up = A * (1 - E2) / w ** 3 * math.radians(step)
    with np.errstate(divide="ignore", invalid="ignore"):
        along = np.where(np.abs(east) > 1e-6, differences(z, 1, **how) / east, np.nan)
    return np.stack([along, -differences(z, 0, **how) / up])


class Globe(CommandTest):
    columns, rows, step = 72, 30, 5

    def globe(self, z, name="in.tif", west=-180, north=75, step=5, **how):
        return self.make(z, name=name, srs="EPSG:4326", geotransform=(west, step, 0, north, 0, -step),
                         **how)

    def round_terrain(self):
        z = terrain(self.rows, self.columns)
        z[3:6, 0] = z[7:9, -1] = z[12, [0, 1, -1]] = np.nan
        return z.astype(np.float32).astype(float)

    def test_columns_at_the_seam_equal_those_of_a_turned_raster(self):
        z = self.round_terrain()
        for order in (1, 2):
            got = self.gradient("--edge-order", order, self.globe(z))
            for turn in (1, 17, 36):
                turned = np.roll(z, -turn, axis=1)
                other = self.gradient("--edge-order", order,
                                      self.globe(turned, west=-180 + turn * 5), out="turned.tif")
                self.assert_close(np.roll(other, turn, axis=2), got,
                                  4 * EPS32 * np.nanmax(np.abs(got)), f"turned by {turn}")

    def test_seam_by_the_formula(self):
        z = self.round_terrain()
        three = np.concatenate([z, z, z], axis=1)
        for order in (1, 2):
            expected = ground_gradient(three, 75, 5, edge_order=order)[:, :, 72:144]
            for west in (-180, 0, 100.25):
                got = self.gradient("--edge-order", order, self.globe(z, west=west))
                self.assert_close(got, expected, 8 * EPS32 * np.nanmax(np.abs(expected)))

    def test_a_repeated_last_column(self):
        """73 columns of 5 degrees: the last is the first again."""
        z = self.round_terrain()
        once = self.gradient(self.globe(z), out="once.tif")
        again = self.gradient(self.globe(np.concatenate([z, z[:, :1]], axis=1), west=-182.5))
        bound = 4 * EPS32 * np.nanmax(np.abs(once))
        self.assert_close(again[:, :, :72], once, bound)
        self.assert_close(again[:, :, 72], once[:, :, 0], bound)

    def test_longitudes_that_are_numbered_in_two_ways_are_told(self):
        """A tile at 190 lies beside no tile that ends at -170."""
        self.globe(terrain(30, 70), west=-180, name="a.tif")
        self.globe(terrain(30, 2), west=190, name="b.tif")
        said = support.said(self.demgrad("gradient", "a.tif", "b.tif", "out.tif"))
        self.assertEqual(len(said), 1, said)
        self.assertIn("more than 360 degrees", said[0])
        self.globe(terrain(30, 2), west=170, name="b.tif")
        said = support.said(self.demgrad("gradient", "--overwrite", "a.tif", "b.tif", "out.tif"))
        self.assertEqual(said, [])

    def test_no_wrap_if_told(self):
        z = self.round_terrain()
        got = self.gradient("--wrap", "no", self.globe(z))
        expected = ground_gradient(z, 75, 5)
        self.assert_close(got, expected, 8 * EPS32 * np.nanmax(np.abs(expected)))

    def test_part_of_the_globe_does_not_wrap(self):
        z = self.round_terrain()[:, :71]
        got = self.gradient(self.globe(z))
        expected = ground_gradient(z, 75, 5)
        self.assert_close(got, expected, 8 * EPS32 * np.nanmax(np.abs(expected)))

    def test_period_that_decimals_have_rounded(self):
        """1/12 of a degree written with ten decimals still goes round."""
        z, step = terrain(12, 4320), round(1 / 12, 10)
        self.globe(z, step=step, north=0.5)
        got = self.gradient("in.tif")
        three = np.concatenate([z[:, -2:], z, z[:, :2]], axis=1).astype(np.float32).astype(float)
        expected = ground_gradient(three, 0.5, step)[:, :, 2:-2]
        self.assert_close(got, expected, 1e-5 * np.abs(expected).max())

    def test_propagate_has_no_edge_at_the_seam(self):
        z = terrain(self.rows, self.columns)
        got = self.gradient("--nodata-edges", "propagate", self.globe(z))
        self.assertTrue(np.isfinite(got[:, 1:-1]).all())
        got = self.gradient("--nodata-edges", "propagate", "--wrap", "no", self.globe(z))
        self.assertTrue(np.isnan(got[0, :, [0, -1]]).all())

    def test_centres_on_the_poles_have_no_dz_dx(self):
        z = terrain(37, 72)
        got = self.gradient(self.globe(z, north=92.5))
        self.assertTrue(np.isnan(got[0, [0, -1]]).all())
        self.assertTrue(np.isfinite(got[0, 1:-1]).all())
        self.assertTrue(np.isfinite(got[1]).all())
        expected = ground_gradient(z.astype(np.float32).astype(float), 92.5, 5)[:, :, 1:-1]
        self.assert_close(got[1, 1:-1, 1:-1], expected[1, 1:-1],
                          8 * EPS32 * np.abs(expected[1]).max())

    def test_edges_on_the_poles(self):
        z = terrain(36, 72)
        got = self.gradient(self.globe(z, north=90))
        self.assertTrue(np.isfinite(got).all())

    def test_rows_that_all_but_touch_a_pole(self):
        """There a metre is a million columns, and a row is a row all the same."""
        z = terrain(20, 30)
        for off in (1e-8, 1e-9, 2e-10):
            north = 90 + 0.5e-4 - off
            got = self.gradient(self.make(z, srs="EPSG:4326", geotransform=(0, 1e-4, 0, north, 0, -1e-4)))
            expected = ground_gradient(z.astype(np.float32).astype(float), north, 1e-4)[1]
            self.assert_close(got[1], expected, 1e-3 * np.abs(expected).max())  # of the grid's decimals

    def test_dz_dx_grows_towards_the_pole_row_by_row(self):
        """A slope of one metre a column is not averaged over the raster's latitudes."""
        z = np.tile(np.arange(40.0), (36, 1))
        got = self.gradient(self.make(z, srs="EPSG:4326", geotransform=(0, 1, 0, 85, 0, -1)))
        expected = ground_gradient(z, 85, 1)
        self.assert_close(got, expected, 4 * EPS32 * np.nanmax(np.abs(expected)))

    def test_other_axis_units(self):
        """Grads: the same ground, 400 of them around."""
        z = terrain(20, 400)
        self.make(z, srs="EPSG:4807", geotransform=(-200, 1, 0, 50, 0, -1))
        got = self.gradient("in.tif")
        self.assertTrue(np.isfinite(got).all())
        middle = got[1, 10] * 6_366_000 * math.pi / 200
        expected = (z[9] - z[11]) / 2
        self.assert_close(middle, expected, 0.02 * np.abs(expected).max())


class NetCdf(CommandTest):
    def setUp(self):
        super().setUp()
        if not gdal.GetDriverByName("netCDF"):
            self.skipTest("this GDAL has no netCDF")

    def write(self, z, units):
        """A file of CF axes and no grid mapping, by GDAL's multidimensional API."""
        rows, columns = z.shape
        dataset = gdal.GetDriverByName("netCDF").CreateMultiDimensional(self.path("in.nc"))
        root = dataset.GetRootGroup()
        double = gdal.ExtendedDataType.Create(gdal.GDT_Float64)
        text = gdal.ExtendedDataType.CreateString()
        dims = []
        for name, count, first, step, unit in (("lat", rows, 49.95, -0.1, units[0]),
                                               ("lon", columns, 10.05, 0.1, units[1])):
            dims.append(root.CreateDimension(name, None, None, count))
            axis = root.CreateMDArray(name, [dims[-1]], double)
            axis.Write(first + step * np.arange(count))
            axis.CreateAttribute("units", [], text).Write(unit)
        array = root.CreateMDArray("z", dims, gdal.ExtendedDataType.Create(gdal.GDT_Float32))
        array.Write(z.astype(np.float32))
        dataset = array = axis = root = dims = None

    def test_degrees_without_a_crs_are_wgs_84(self):
        z = terrain(20, 30).astype(np.float32).astype(float)
        self.write(z, ("degrees_north", "degrees_east"))
        result = self.demgrad("gradient", "--progress", "none", "in.nc", "out.tif")
        self.assertEqual((result.code, len(support.said(result))), (0, 1), result.err)
        self.assertRegex(result.err, "^demgrad: warning: in.nc: .*WGS 84")
        expected = ground_gradient(z, 50, 0.1)
        self.assert_close(read_raster(self.path("out.tif")), expected,
                          1e-5 * np.abs(expected).max())
        self.assertIn("4326", gdal.Open(self.path("out.tif")).GetProjection())

    def test_metres_without_a_crs_are_metres(self):
        z = terrain(20, 30).astype(np.float32).astype(float)
        self.write(z, ("m", "m"))
        result = self.demgrad("gradient", "--progress", "none", "in.nc", "out.tif")
        *of_gdal, told = support.said(result)
        self.assertEqual(result.code, 0)
        self.assertRegex(told, "^demgrad: warning: in.nc: .*no CRS")
        for line in of_gdal:  # older releases say which axes they do not know
            self.assertRegex(line, "^demgrad: warning: in.nc: dimension #")


if __name__ == "__main__":
    support.main()
