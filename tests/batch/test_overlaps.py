"""Overlapping tiles that disagree: a tile's own values win in its own output, and the report says
who disagrees and by how much."""

import os
import shutil
import unittest

import numpy as np
from osgeo import gdal

import batch_support
from batch_support import BatchTest, DEMS, NORTH_UP, pixels, shifted, terrain, write_raster


class OverlapTest(BatchTest):
    def tile(self, name, z, col, row, **how):
        return write_raster(self.path(name), z, geotransform=shifted(NORTH_UP, col, row), **how)

    def pair(self, change):
        """Two tiles that share four columns; change(z) is applied to the second one's copy."""
        z = terrain(40, 60).astype(np.float32)
        other = z[:, 28:].copy()
        change(other)
        return [self.tile("a.tif", z[:, :32], 0, 0, nodata=-9999),
                self.tile("b.tif", other, 28, 0, nodata=-9999)]

    def assert_own_values_win(self, tiles, *options):
        """Each output is that of a mosaic with its own tile on top."""
        for own in tiles:
            others = [tile for tile in tiles if tile != own]
            self.assert_windows([own], self.whole([*others, own], *options))

    def disagreements(self, *inputs):
        report = self.batch(*inputs)
        return {tuple(sorted((os.path.basename(pair["input"]), os.path.basename(pair["other"])))):
                (pair["largest_difference"], pair["pixels"])
                for pair in report["disagreeing_overlaps"]}


class Overlaps(OverlapTest):
    def test_own_values_win(self):
        def raise_some(z):
            z[3, 1] += 50
            z[20:25, 2:4] -= 7.5
        tiles = self.pair(raise_some)
        found = self.disagreements(*tiles)
        self.assertEqual(list(found), [("a.tif", "b.tif")])
        difference, count = found["a.tif", "b.tif"]
        self.assertEqual((round(difference, 3), count), (50, 11))
        self.assert_own_values_win(tiles)
        self.assertNotEqual(pixels(self.output(tiles[0]))[0, 20, 31],
                            pixels(self.output(tiles[1]))[0, 20, 3])

    def test_overlaps_that_agree_are_not_reported(self):
        self.assertEqual(self.disagreements(*self.pair(lambda z: None)), {})

    def test_valid_in_one_only(self):
        def punch(z):
            z[10, 0:3] = -9999
        tiles = self.pair(punch)
        self.assertEqual(self.disagreements(*tiles), {("a.tif", "b.tif"): (0, 3)})
        self.assert_own_values_win(tiles)
        self.assertTrue(np.isfinite(pixels(self.output(tiles[0]))[:, 10, 28:32]).all())

    def test_three_tiles_over_each_other(self):
        z = terrain(40, 60)
        tiles = [self.tile("a.tif", z[:, :40], 0, 0), self.tile("b.tif", z[:30, 20:] + 1, 20, 0),
                 self.tile("c.tif", z[10:, 10:50] - 1, 10, 10)]
        found = self.disagreements(*tiles)
        self.assertEqual(sorted(found), [("a.tif", "b.tif"), ("a.tif", "c.tif"), ("b.tif", "c.tif")])
        self.assertEqual(found["b.tif", "c.tif"][1], 20 * 30)
        # Where neither is the tile's own, later inputs are on top, as everywhere.
        for own in tiles:
            rest = [tile for tile in tiles if tile != own]
            self.assert_windows([own], self.whole([*rest, own]))

    def test_a_tile_within_another(self):
        z = terrain(40, 60)
        tiles = [self.tile("a.tif", z, 0, 0), self.tile("b.tif", z[10:20, 10:30] + 3, 10, 10)]
        difference, count = self.disagreements(*tiles)["a.tif", "b.tif"]
        self.assertAlmostEqual(difference, 3, 3)
        self.assertEqual(count, 200)
        self.assert_own_values_win(tiles)

    def test_each_pair_is_named_once(self):
        tiles = self.pair(lambda z: z.__iadd__(1))
        for options in ([], ["--tile", "10x10"]):
            report = self.batch(*options, *tiles)
            self.assertEqual(len(report["disagreeing_overlaps"]), 1, options)

    def test_each_pair_is_named_by_one_part(self):
        tiles = self.pair(lambda z: z.__iadd__(1))
        named = [pair for i in (0, 1)
                 for pair in self.batch("--part", f"{i}/2", *tiles)["disagreeing_overlaps"]]
        self.assertEqual(len(named), 1)

    def test_across_the_antimeridian(self):
        z = terrain(20, 361)
        z[:, 360] = z[:, 0] + 2
        world = (-180, 1, 0, 10, 0, -1)
        tiles = [write_raster(self.path(f"{i}.tif"), z[:, col:col + width], srs="EPSG:4326",
                              geotransform=shifted(world, col, 0))
                 for i, (col, width) in enumerate([(0, 180), (180, 181)])]
        self.assertEqual(list(self.disagreements(*tiles)), [("0.tif", "1.tif")])

    def test_large_overlap_within_memory(self):
        """Two tiles that cover nearly the same ground, whose doubles would take 400 MB."""
        columns = np.arange(5000, dtype=np.int16)
        for i in (0, 1):
            self.tile(f"{i}.tif", np.tile(columns + i, (5000, 1)), 200 * i, 0, type=gdal.GDT_Int16)
        tiles = [self.path(f"{i}.tif") for i in (0, 1)]
        peak = batch_support.peak_memory("batch", "-q", "--report", self.path("report.json"),
                                         "--output-dir", self.out, *tiles)
        self.assertLess(peak, 256)
        self.assertEqual(self.report()["disagreeing_overlaps"][0]["pixels"], 4800 * 5000)


class Rivals(OverlapTest):
    """Issue 11, 11: rasters of another kind in the place of tiles."""

    def setUp(self):
        super().setUp()
        self.z = terrain(60, 90)
        self.tiles = self.regular(self.z, 3, 1, name="N45E00{:d}_dem.tif")

    def add(self, i, name, values, col=None, **how):
        """A raster on top of tile i, or from another column on."""
        values = np.array(np.broadcast_to(values, (60, 30)))
        path = self.path("in/" + name)
        return write_raster(path, values, geotransform=shifted(NORTH_UP, 30 * i if col is None
                                                               else col, 0), **how)

    def assert_refused(self, *inputs, words, exclude):
        for verb in ([], ["--verify"], ["--strict"], ["--part", "1/3"]):
            self.assert_error(self.run_batch(*verb, *inputs), 1, *words, "--exclude", "--include")
        self.assertEqual(os.listdir(self.out), [])
        self.batch(*exclude, *inputs)
        self.assert_windows(self.tiles, self.whole(self.tiles))

    def test_quality_beside_elevations(self):
        random = np.random.default_rng(1)
        for i in range(3):
            self.add(i, f"N45E00{i}_num.tif", random.integers(1, 40, (60, 30)), type=gdal.GDT_Int16)
        for how in (["--exclude", "*_num.tif"], ["--include", "*_dem.tif"]):
            shutil.rmtree(self.out)
            os.mkdir(self.out)
            self.assert_refused("in", words=["_dem.tif", "_num.tif", "'*_num.tif'", "'*_dem.tif'"],
                                exclude=how)

    def test_one_alone(self):
        """A mask of one value, beside the last tile only, of another type."""
        self.add(2, "N45E002_MSK.tif", 1, type=gdal.GDT_Byte)
        self.assert_refused(*self.tiles, self.path("in/N45E002_MSK.tif"), words=["'*_MSK.tif'"],
                            exclude=["--exclude", "*_MSK*"])

    def test_windows_that_are_nearly_the_same(self):
        values = np.full((60, 100), 5.0)
        self.cut(np.zeros((60, 1000)), [(0, 0, 500, 60), (500, 0, 500, 60)], folder="big")
        write_raster(self.path("big/mask.tif"), values[:, :1].repeat(505, 1),
                     geotransform=shifted(NORTH_UP, 497, 0))
        self.assert_error(self.run_batch("big"), 1, "t001.tif", "mask.tif")

    def test_nodata_is_no_other_value(self):
        self.add(0, "N45E000_void.tif", -9999, nodata=-9999)
        self.add(1, "N45E001_same.tif", self.z[:, 30:60])
        self.batch("in")
        self.count(done=5)

    def test_neighbours_that_overlap(self):
        self.add(0, "other.tif", 7, col=15)
        self.batch("in")

    def test_inputs_of_one_mosaic(self):
        """`gradient` has later inputs on top; it says so where nothing else shows it."""
        num = self.add(1, "N45E001_num.tif", 3, type=gdal.GDT_Int16)
        result = self.demgrad("gradient", "--progress", "none", *self.tiles, num, "out.tif")
        self.assertEqual(result.code, 0)
        self.assertIn("N45E001_num.tif", result.err)
        self.assertIn("N45E001_dem.tif", result.err)
        self.whole(self.tiles)


@unittest.skipUnless(os.path.isdir(DEMS), "the real rasters are not here")
class RealSeam(OverlapTest):
    def test_viewfinder(self):
        """Two tiles that share a column and differ in 202 of its 1201 pixels, by up to 174 m."""
        tiles = [os.path.join(DEMS, "viewfinder", f"N43E00{i}.hgt") for i in (6, 7)]
        difference, count = self.disagreements(*tiles)["N43E006.hgt", "N43E007.hgt"]
        self.assertEqual((difference, count), (174, 1201 - 999))
        self.assert_own_values_win(tiles)


if __name__ == "__main__":
    batch_support.main()
