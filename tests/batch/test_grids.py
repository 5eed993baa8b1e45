"""Inputs on several grids: each tile is computed with its neighbours on its own grid, seam by seam as one raster."""

import os

from osgeo import gdal

import batch_support
from batch_support import BatchTest, NORTH_UP, shifted, terrain, write_raster

EAST = dict(srs="EPSG:32633", grid=(300000, 30, 0, 5000000, 0, -20))
WIDE = dict(grid=(500000, 45, 0, 4998000, 0, -20))  # the same zone in wider pixels


class Grids(BatchTest):
    def setUp(self):
        super().setUp()
        self.most = self.regular(terrain(60, 80), 4, 3, name="a{:03d}.tif")
        self.east = self.regular(terrain(40, 60, 2), 3, 2, folder="east", name="b{:03d}.tif", **EAST)
        self.wide = self.regular(terrain(30, 40, 3), 2, 1, folder="wide", name="c{:03d}.tif", **WIDE)
        self.groups = [self.most, self.east, self.wide]
        self.all = [path for group in self.groups for path in group]

    def batch_grids(self, *arguments, out=None):
        """A batch of several grids, which warns once of each that is not the first; the warnings."""
        result = self.demgrad("batch", "--progress", "none", "--report", self.path("report.json"), "--output-dir",
                              out or self.out, *arguments)
        self.assertEqual(result.code, 0, result.err)
        self.assert_tidy(out or self.out)
        return [line for line in result.err.splitlines() if "computed" in line]

    def assert_seamless(self, *options, out=None):
        for group in self.groups:
            self.assert_windows(group, self.whole(group, *options), out)

    def test_each_grid_is_seamless(self):
        for options in ([], ["--method", "evans", "--window", "7"], ["--nodata-edges", "propagate"],
                        ["--bands", "slope,aspect,hillshade"]):
            warnings = self.batch_grids("--overwrite", *options, *self.all)
            self.assertEqual(len(warnings), 2, warnings)
            self.assertIn("on its own grid", warnings[0])
            self.assert_seamless(*options)
        self.assertFalse(any(tile["alone"] for tile in self.report()["tiles"]))
        neighbours = {os.path.basename(tile["input"]): tile["neighbours"] for tile in self.report()["tiles"]}
        self.assertEqual((neighbours["b000.tif"], neighbours["b001.tif"], neighbours["c000.tif"]), (3, 5, 1))

    def test_in_whatever_order_threads_and_parts(self):
        self.batch_grids("-j", "1", *self.all)
        expected = self.outputs()
        mixed = [self.all[i * 7 % len(self.all)] for i in range(len(self.all))]
        self.assertEqual(sorted(mixed), sorted(self.all))
        for i, arguments in enumerate((["-j", "3", *mixed], ["-j", "2", "--memory", "128MB", *reversed(self.all)])):
            out = self.path(f"out{i}")
            self.batch_grids(*arguments, out=out)
            self.assertEqual(self.outputs(out), expected)
        parts = self.path("parts")
        for i in range(3):
            self.batch_grids("--part", f"{i}/3", *mixed, out=parts)
        self.assertEqual(self.outputs(parts), expected)
        self.batch_grids("--verify", *self.all, out=parts)

    def test_cut_into_pieces(self):
        self.batch_grids("--tile", "11x9", *self.all)
        for group in self.groups:
            values, grid = self.whole(group)
            for name in (name for name in os.listdir(self.out) if name[:4] == os.path.basename(group[0])[:4]):
                made = gdal.Open(os.path.join(self.out, name))
                self.assert_window(made.ReadAsArray(), values, made.GetGeoTransform(), grid, name)

    def test_strict(self):
        self.assert_error(self.run_batch("--strict", *self.all), 1, self.east[0])
        self.assertEqual(os.listdir(self.out), [])

    def test_a_change_concerns_the_neighbours_on_its_grid(self):
        self.batch_grids(*self.all[:-1])
        before = self.stamps()
        self.batch_grids(*self.all)
        after = self.stamps()
        made = sorted(name for name in after if before.get(name) != after[name])
        self.assertEqual(made, ["c000_gradient.tif", "c001_gradient.tif"])
        self.assert_seamless()
        self.batch_grids("--verify", *self.all)
        write_raster(self.east[0], terrain(20, 20, 9), srs=EAST["srs"], geotransform=EAST["grid"])
        self.batch_grids(*self.all)
        made = sorted(name for name, stamp in self.stamps().items() if after[name] != stamp)
        self.assertEqual(made, [f"b00{i}_gradient.tif" for i in (0, 1, 3, 4)])
        self.assert_seamless()

    def test_overlaps_and_rivals_are_of_one_grid(self):
        z = terrain(20, 20, 2)
        over = write_raster(self.path("over.tif"), z + 1, srs=EAST["srs"], geotransform=shifted(EAST["grid"], 30, 0))
        self.batch_grids(*self.all, over)
        pairs = self.report()["disagreeing_overlaps"]
        self.assertEqual({os.path.basename(name) for pair in pairs for name in (pair["input"], pair["other"])},
                         {"b001.tif", "b002.tif", "over.tif"})
        rival = write_raster(self.path("c000_other.tif"), terrain(30, 20, 8), geotransform=WIDE["grid"])
        self.assert_error(self.run_batch(*self.all, rival), 1, "c000.tif", "c000_other.tif")

    def test_a_tile_that_cannot_be_read(self):
        """Its neighbours are those of its grid."""
        with open(self.east[5], "r+b") as file:
            file.truncate(os.path.getsize(self.east[5]) - 900)
        result = self.run_batch("--report", self.path("report.json"), *self.all)
        self.assertEqual(result.code, 1)
        states = {}
        for tile in self.report()["tiles"]:
            states.setdefault(tile["state"], []).append(os.path.basename(tile["input"]))
        self.assertEqual(states["failed"], ["b005.tif"])
        self.assertEqual(sorted(states["incomplete"]), ["b001.tif", "b002.tif", "b004.tif"])
        self.assertEqual(len(states["done"]), 12 + 2 + 2)

    def test_a_grid_that_cannot_be_used(self):
        """Tiles whose CRS places nothing fail by themselves."""
        bad = self.regular(terrain(20, 20), 2, 1, folder="bad", name="d{:03d}.tif", srs="EPSG:4978")
        result = self.run_batch("--report", self.path("report.json"), *self.all, *bad)
        self.assertEqual(result.code, 1)
        failed = [tile["input"] for tile in self.report()["tiles"] if tile["state"] == "failed"]
        self.assertEqual(sorted(failed), sorted(bad))
        self.assert_seamless()

    def test_round_the_globe(self):
        """The second grid spans it, the first does not."""
        world = (-180, 3, 0, 30, 0, -3)
        z = terrain(20, 120, 5)
        strips = self.cut(z, [(0, 0, 70, 20), (70, 0, 50, 20)], folder="world", name="w{:03d}.tif",
                          srs="EPSG:4326", grid=world)
        self.batch_grids(*self.most, *strips)
        self.assert_windows(strips, self.whole(strips))
        neighbours = {os.path.basename(tile["input"]): tile["neighbours"] for tile in self.report()["tiles"]}
        self.assertEqual(neighbours["w000.tif"], 1)

    def test_the_mosaic_is_of_the_first_grid(self):
        self.batch_grids(*self.all)
        result = self.demgrad("batch", "--verify", "--output-dir", self.out, *self.all)
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("12 of 20 outputs", result.err)
        made = gdal.Open(os.path.join(self.out, "gradient.vrt"))
        self.assertEqual((made.RasterXSize, made.RasterYSize), (80, 60))

    def test_scales_are_of_one_grid(self):
        """A scale that differs within one grid makes doubles of that grid alone."""
        scaled = self.cut(terrain(20, 40, 4), [(0, 0, 20, 20), (20, 0, 20, 20)], folder="scaled", name="s{:03d}.tif",
                          srs="EPSG:32634")
        dataset = gdal.Open(scaled[1], gdal.GA_Update)
        dataset.GetRasterBand(1).SetScale(2)
        dataset = None
        self.batch_grids(*self.all)
        before = self.outputs()
        self.batch_grids(*self.all, *scaled)
        after = self.outputs()
        self.assertEqual({name: after[name] for name in before}, before)
        self.assert_windows(scaled, self.whole(scaled))

    def test_many_grids(self):
        """More than a few: a pair of tiles on each of seventy."""
        z = terrain(12, 24, 6)
        pairs = [self.cut(z, [(0, 0, 12, 12), (12, 0, 12, 12)], folder="pairs", name=f"p{i:02d}_{{}}.tif",
                          grid=shifted(NORTH_UP, 200 + 0.013 * i, 300)) for i in range(70)]
        self.batch_grids(*self.most, *(path for pair in pairs for path in pair))
        self.assertFalse(any(tile["alone"] for tile in self.report()["tiles"]))
        for pair in pairs[::23]:
            self.assert_windows(pair, self.whole(pair))


if __name__ == "__main__":
    batch_support.main()
