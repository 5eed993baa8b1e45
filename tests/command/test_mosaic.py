"""Several inputs on one grid are one raster, later ones on top."""

import os

import numpy as np
from osgeo import gdal

import support
from support import CommandTest, EPS32, NORTH_UP, UTM, map_gradient, read_raster, terrain, write_raster

SAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "sample_rasters")


def shifted(columns, rows, grid=NORTH_UP):
    return (grid[0] + columns * grid[1] + rows * grid[2], *grid[1:3],
            grid[3] + columns * grid[4] + rows * grid[5], *grid[4:])


class Mosaic(CommandTest):
    def part(self, name, z, columns, rows, **how):
        how.setdefault("geotransform", shifted(columns, rows))
        return self.make(z, name=name, **how)

    def check(self, z, inputs, *, rise=1.0, tolerance=1e-6):
        """The gradient of `inputs` is that of the array z, NaN where there is none."""
        got = self.gradient("--metric", "map", *inputs)
        expected = map_gradient(z, NORTH_UP, rise=rise)
        self.assert_close(got, expected, tolerance * np.nanmax(np.abs(expected)))

    def test_four_tiles_of_jacksboro_equal_the_whole(self):
        tiles = [os.path.join(SAMPLES, f"jacksboro_r{r}c{c}.tif") for r in (0, 1) for c in (0, 1)]
        for order in (1, 2):
            arguments = ("--edge-order", order)
            self.gradient(*arguments, os.path.join(SAMPLES, "jacksboro.tif"), out="whole.tif")
            whole = gdal.Open(self.path("whole.tif"))
            for inputs in (tiles, tiles[::-1]):
                self.gradient(*arguments, *inputs, out="tiles.tif")
                mosaic = gdal.Open(self.path("tiles.tif"))
                self.assertEqual(mosaic.ReadAsArray().tobytes(), whole.ReadAsArray().tobytes())
                self.assertEqual(mosaic.GetProjection(), whole.GetProjection())
                np.testing.assert_allclose(mosaic.GetGeoTransform(), whole.GetGeoTransform(),
                                           rtol=1e-13)

    def test_later_inputs_are_on_top(self):
        a, b = terrain(20, 30, 1), terrain(15, 25, 2)
        inputs = [self.part("a.tif", a, 0, 0, type=gdal.GDT_Float64),
                  self.part("b.tif", b, 12, 9, type=gdal.GDT_Float64)]
        for order in ([0, 1], [1, 0]):
            z = np.full((24, 37), np.nan)
            for i in order:
                z[(slice(0, 20), slice(9, 24))[i], (slice(0, 30), slice(12, 37))[i]] = (a, b)[i]
            self.check(z, [inputs[i] for i in order])

    def test_holes_of_the_one_on_top_show_the_one_below(self):
        a, b = terrain(20, 30, 1), terrain(20, 30, 2)
        hole = np.zeros(b.shape, bool)
        hole[5:9, 7:20] = True
        inputs = [self.part("a.tif", a, 0, 0, nodata=-1e4, type=gdal.GDT_Float64),
                  self.part("b.tif", np.where(hole, -9999, b), 0, 0, nodata=-9999,
                            type=gdal.GDT_Float64)]
        self.check(np.where(hole, a, b), inputs)

    def test_a_gap_is_nodata(self):
        a, b = terrain(10, 12, 1), terrain(10, 12, 2)
        inputs = [self.part("a.tif", a, 0, 0, type=gdal.GDT_Float64),
                  self.part("b.tif", b, 20, 15, type=gdal.GDT_Float64)]
        z = np.full((25, 32), np.nan)
        z[:10, :12], z[15:, 20:] = a, b
        self.check(z, inputs)
        self.check(z, inputs[::-1])
        self.assertEqual(gdal.Open(self.path("out.tif")).GetGeoTransform(), NORTH_UP)

    def test_a_gap_is_nodata_in_integers_with_0_as_data(self):
        a = np.arange(120).reshape(10, 12) % 7
        inputs = [self.part("a.tif", a, 0, 0, type=gdal.GDT_Int16),
                  self.part("b.tif", a, 13, 0, type=gdal.GDT_Int16)]
        z = np.full((10, 25), np.nan)
        z[:, :12], z[:, 13:] = a, a
        self.check(z, inputs)

    def test_each_has_its_own_scale_and_offset(self):
        z = np.arange(200).reshape(10, 20) * 2.0 + np.arange(20) ** 2
        inputs = [self.part("a.tif", z[:, :9] * 2, 0, 0, scale=0.5, type=gdal.GDT_Int32),
                  self.part("b.tif", z[:, 9:] / 1 - 7, 9, 0, offset=7, type=gdal.GDT_Int16)]
        self.check(z, inputs)

    def test_a_shared_scale_stays(self):
        z = terrain(10, 20).round()
        inputs = [self.part("a.tif", z[:, :9], 0, 0, scale=0.1, offset=5, type=gdal.GDT_Int16),
                  self.part("b.tif", z[:, 9:], 9, 0, scale=0.1, offset=5, type=gdal.GDT_Int16)]
        self.check(z, inputs, rise=0.1)

    def test_types_may_differ(self):
        z = terrain(10, 20).round()
        z[:, 9:] += 1e8
        inputs = [self.part("a.tif", z[:, :9], 0, 0, type=gdal.GDT_Int16),
                  self.part("b.tif", z[:, 9:], 9, 0, type=gdal.GDT_Int32)]
        self.check(z, inputs)

    def test_unit_of_the_heights(self):
        z = terrain(10, 20)
        inputs = [self.part("a.tif", z[:, :9], 0, 0, unit="ft", type=gdal.GDT_Float64),
                  self.part("b.tif", z[:, 9:], 9, 0, unit="ft", type=gdal.GDT_Float64)]
        self.check(z, inputs, rise=0.3048)

    def test_another_band(self):
        z = terrain(10, 20)
        inputs = [self.part("a.tif", [z[:, :9] * 0, z[:, :9]], 0, 0, type=gdal.GDT_Float64),
                  self.part("b.tif", [z[:, 9:] * 0, z[:, 9:]], 9, 0, type=gdal.GDT_Float64)]
        got = self.gradient("--metric", "map", "-b", 2, *inputs)
        self.assert_close(got, map_gradient(z, NORTH_UP), 1e-4)

    def test_south_up_and_rotated_inputs(self):
        z = terrain(16, 20)
        for grid in ((500000, 30, 0, 5000000, 0, 20), (500000, 8, 6, 5000000, 6, -8)):
            inputs = [self.part("a.tif", z[:7, :9], 0, 0, geotransform=grid),
                      self.part("b.tif", z[:7, 9:], 0, 0, geotransform=shifted(9, 0, grid)),
                      self.part("c.tif", z[7:], 0, 0, geotransform=shifted(0, 7, grid))]
            whole = self.make(z, geotransform=grid)
            expected = self.gradient("--metric", "map", whole)
            got = self.gradient("--metric", "map", *inputs, out="mosaic.tif")
            self.assert_close(got, expected, 8 * EPS32 * np.abs(expected).max())

    def test_geotransforms_rounded_to_decimals(self):
        """Tiles in thirds of a degree whose corners were written with ten decimals lie on one grid."""
        size, z = 1 / 1200, terrain(20, 36)
        inputs = []
        for i in range(3):
            corner = round(10 + 12 * i * size, 10)
            inputs.append(self.part(f"{i}.tif", z[:, 12 * i:12 * i + 12], 0, 0, srs="EPSG:4326",
                                    geotransform=(corner, size, 0, 50, 0, -size)))
        self.gradient(*inputs, out="mosaic.tif")
        self.assertEqual(read_raster(self.path("mosaic.tif")).shape, (2, 20, 36))

    def assert_refused(self, second, word):
        first = self.part("a.tif", terrain(10, 12), 0, 0)
        for inputs in ([first, second], [second, first]):
            result = self.demgrad("gradient", *inputs, self.path("out.tif"))
            self.assert_error(result, 1, os.path.basename(inputs[1]), word)
            self.assertEqual(self.files(), sorted(["a.tif", os.path.basename(second)]))

    def test_off_the_grid(self):
        self.assert_refused(self.part("b.tif", terrain(10, 12), 12.5, 0), "grid")

    def test_another_pixel_size(self):
        self.assert_refused(self.part("b.tif", terrain(10, 12), 0, 0, geotransform=(
            500360, 15, 0, 5000000, 0, -10)), "grid")

    def test_another_row_order(self):
        self.assert_refused(self.part("b.tif", terrain(10, 12), 0, 0, geotransform=(
            500360, 30, 0, 5000000, 0, 20)), "grid")

    def test_another_crs(self):
        self.assert_refused(self.part("b.tif", terrain(10, 12), 12, 0, srs="EPSG:32633"), "CRS")

    def test_no_geotransform(self):
        b = write_raster(self.path("b.tif"), terrain(10, 12), geotransform=None, srs=UTM)
        a = self.part("a.tif", terrain(10, 12), 0, 0)
        for inputs in ([a, b], [b, a]):
            result = self.demgrad("gradient", *inputs, self.path("out.tif"))
            self.assert_error(result, 1, "b.tif", "geotransform")

    def test_another_unit(self):
        self.assert_refused(self.part("b.tif", terrain(10, 12), 12, 0, unit="ft"), "ft")

    def test_one_that_is_missing(self):
        a = self.part("a.tif", terrain(10, 12), 0, 0)
        result = self.demgrad("gradient", a, self.path("gone.tif"), self.path("out.tif"))
        self.assert_error(result, 1, "gone.tif")

    def test_options_reach_every_input(self):
        """--band is looked for in each."""
        a = self.part("a.tif", [terrain(10, 12)] * 2, 0, 0)
        b = self.part("b.tif", terrain(10, 12), 12, 0)
        result = self.demgrad("gradient", "-b", 2, a, b, self.path("out.tif"))
        self.assert_error(result, 1, "b.tif", "band 2")


if __name__ == "__main__":
    support.main()
