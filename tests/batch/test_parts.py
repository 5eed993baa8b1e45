"""Parts of a batch, as an array job runs them, and --verify, which looks at all of them."""

import os
import subprocess

import numpy as np
from osgeo import gdal

import batch_support
from batch_support import BatchTest, pixels, support, terrain

# What each scheduler tells the task that is number 2 of 5, counting from 0.
TASKS = {
    "Slurm": {"SLURM_ARRAY_TASK_ID": "2", "SLURM_ARRAY_TASK_COUNT": "5",
              "SLURM_ARRAY_TASK_MIN": "0", "SLURM_ARRAY_TASK_MAX": "4",
              "SLURM_ARRAY_TASK_STEP": "1"},
    "Slurm from 1": {"SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_COUNT": "5",
                     "SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_MAX": "5",
                     "SLURM_ARRAY_TASK_STEP": "1"},
    "Slurm in steps": {"SLURM_ARRAY_TASK_ID": "110", "SLURM_ARRAY_TASK_COUNT": "5",
                       "SLURM_ARRAY_TASK_MIN": "100", "SLURM_ARRAY_TASK_MAX": "120",
                       "SLURM_ARRAY_TASK_STEP": "5"},
    "PBS": {"PBS_ARRAY_INDEX": "2", "PBS_ARRAY_COUNT": "5"},
    "SGE": {"SGE_TASK_ID": "3", "SGE_TASK_FIRST": "1", "SGE_TASK_LAST": "5",
            "SGE_TASK_STEPSIZE": "1"},
    "LSF": {"LSB_JOBINDEX": "3", "LSB_JOBINDEX_END": "5"},
    "LSF in steps": {"LSB_JOBINDEX": "5", "LSB_JOBINDEX_END": "9", "LSB_JOBINDEX_STEP": "2"},
    "Open MPI": {"OMPI_COMM_WORLD_RANK": "2", "OMPI_COMM_WORLD_SIZE": "5"},
    "Kubernetes": {"JOB_COMPLETION_INDEX": "2", "JOB_COMPLETIONS": "5"},
    "AWS Batch": {"AWS_BATCH_JOB_ARRAY_INDEX": "2", "AWS_BATCH_JOB_ARRAY_SIZE": "5"},
    "Google Batch": {"BATCH_TASK_INDEX": "2", "BATCH_TASK_COUNT": "5"},
}

# Tasks whose part cannot be known.
LOST = {
    "no array": {},
    "Slurm, picked indices": {"SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_COUNT": "3",
                              "SLURM_ARRAY_TASK_MIN": "3", "SLURM_ARRAY_TASK_MAX": "8",
                              "SLURM_ARRAY_TASK_STEP": "1"},
    "Slurm, the index alone": {"SLURM_ARRAY_TASK_ID": "2"},
    "SGE outside of an array": {"SGE_TASK_ID": "undefined", "SGE_TASK_FIRST": "undefined",
                                "SGE_TASK_LAST": "undefined", "SGE_TASK_STEPSIZE": "undefined"},
    "PBS without the count": {"PBS_ARRAY_INDEX": "2"},
    "PBS from 1, its last": {"PBS_ARRAY_INDEX": "5", "PBS_ARRAY_COUNT": "5"},
    "LSF outside of an array": {"LSB_JOBINDEX": "0", "LSB_JOBINDEX_END": "0"},
    "LSF between steps": {"LSB_JOBINDEX": "4", "LSB_JOBINDEX_END": "9", "LSB_JOBINDEX_STEP": "2"},
    "Kubernetes without the count": {"JOB_COMPLETION_INDEX": "2"},
    "no numbers": {"BATCH_TASK_INDEX": "two", "BATCH_TASK_COUNT": "five"},
}


class Parts(BatchTest):
    def setUp(self):
        super().setUp()
        self.tiles = self.regular(terrain(80, 100), 5, 4)

    def test_all_parts_together_are_the_whole_run(self):
        self.batch(*self.tiles)
        whole, self.out = self.out, self.path("parts")
        os.mkdir(self.out)
        done = 0
        for i in (3, 0, 5, 6, 2, 4, 1):
            self.batch("--part", f"{i}/7", *self.tiles)
            done += self.report()["done"]
            self.assertEqual(self.report()["kept"], 0)
        self.assertEqual(done, 20)
        self.assertEqual(self.outputs(), self.outputs(whole))

    def test_files_of_several_blocks_are_the_same_too(self):
        """Neither the order of the blocks in a file nor what fills them up beyond the edge tells how
        the work was shared out, or when GDAL's cache was full."""
        tiles = self.regular(np.tile(terrain(340, 402).astype(np.float32), (10, 10)), 6, 5,
                             folder="large")
        self.batch(*tiles)
        whole, pixels_of_whole = self.outputs(), {}
        for name in whole:
            pixels_of_whole[name] = pixels(os.path.join(self.out, name)).tobytes()
        self.out = self.path("parts")
        os.mkdir(self.out)
        for i in range(4):
            self.batch("--part", f"{i}/4", "-j", 1, *tiles)
        for name, data in self.outputs().items():
            self.assertEqual(pixels(os.path.join(self.out, name)).tobytes(), pixels_of_whole[name])
            self.assertTrue(data == whole[name], f"{name}: the same pixels, but not the same file")

    def test_more_parts_than_tiles(self):
        for i in range(20):
            self.batch("--part", f"{i}/23", *self.tiles)
            self.count(done=1)
        self.batch("--part", "22/23", *self.tiles)
        self.count()
        self.batch("--verify", *self.tiles)

    def test_order_of_inputs_does_not_change_the_parts(self):
        """Tasks on several machines may see a folder in several orders."""
        random = np.random.default_rng(4)
        done = 0
        for i in range(3):
            tiles = [self.tiles[k] for k in random.permutation(20)]
            self.batch("--part", f"{i}/3", *tiles)
            done += self.report()["done"]
        self.assertEqual((done, len(self.outputs())), (20, 20))

    def test_parts_at_once(self):
        """Processes that work on parts of one folder do not get in each other's way."""
        self.batch(*self.tiles)
        whole, self.out = self.outputs(), self.path("parts")
        os.mkdir(self.out)
        for _ in range(3):
            command = [support.DEMGRAD, "batch", "-q", "--overwrite", "--output-dir", self.out]
            running = [subprocess.Popen([*command, "--part", f"{i}/4", *self.tiles],
                                        stdin=subprocess.DEVNULL) for i in range(4)]
            self.assertEqual([process.wait(60) for process in running], [0] * 4)
            self.assertEqual(self.outputs(), whole)

    def test_the_same_part_twice_at_once(self):
        """A task that a scheduler took for lost, and its substitute."""
        self.batch(*self.tiles)
        whole, self.out = self.outputs(), self.path("parts")
        os.mkdir(self.out)
        command = [support.DEMGRAD, "batch", "-q", "--output-dir", self.out, *self.tiles]
        running = [subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
                   for _ in range(3)]
        said = [(process.communicate(timeout=60)[1], process.returncode) for process in running]
        self.batch(*self.tiles)
        self.assertEqual(self.outputs(), whole)
        self.assertEqual(said, [(b"", 0)] * 3)


class Automatic(BatchTest):
    def setUp(self):
        super().setUp()
        self.tiles = self.regular(terrain(40, 50), 3, 2)
        for variables in (*TASKS.values(), *LOST.values()):
            for name in variables:
                if name in os.environ:
                    self.addCleanup(os.environ.__setitem__, name, os.environ.pop(name))

    def test_every_scheduler(self):
        for scheduler, variables in TASKS.items():
            with self.subTest(scheduler):
                report = self.batch("--part", "auto", *self.tiles, env=variables)
                self.assertEqual((report["part"], report["parts"]), (2, 5))

    def test_parts_that_cannot_be_known(self):
        for scheduler, variables in LOST.items():
            with self.subTest(scheduler):
                result = self.run_batch("--part", "auto", *self.tiles, env=variables)
                self.assert_error(result, 2, "--part", "I/N")
                self.assertEqual(os.listdir(self.out), [])


class Verify(BatchTest):
    def setUp(self):
        super().setUp()
        self.z = terrain(80, 100)
        self.tiles = self.regular(self.z, 5, 4)
        self.vrt = os.path.join(self.out, "gradient.vrt")

    def test_all_there(self):
        self.batch(*self.tiles)
        before = self.stamps()
        self.batch("--verify", *self.tiles)
        self.count(kept=20)
        self.assertEqual(self.stamps(), before)
        values, grid = self.whole(self.tiles)
        mosaic = gdal.Open(self.vrt)
        self.assertEqual(mosaic.ReadAsArray().tobytes(), values.tobytes())
        self.assertEqual(mosaic.GetProjection(), gdal.Open(self.path("whole.tif")).GetProjection())
        np.testing.assert_allclose(mosaic.GetGeoTransform(), grid, rtol=1e-14)
        self.batch("--verify", *self.tiles)

    def test_mosaic_can_be_moved_with_its_folder(self):
        self.batch(*self.tiles)
        self.batch("--verify", *self.tiles)
        expected = pixels(self.vrt).tobytes()
        os.rename(self.out, self.path("elsewhere"))
        self.assertEqual(pixels(self.path("elsewhere/gradient.vrt")).tobytes(), expected)

    def test_grids_that_are_not_north_up(self):
        """South-up, rotated, with a gap: the mosaic's pixels are the outputs', where these are."""
        for name, grid in (("south", (600000, 10, 0, 4000000, 0, 10)),
                           ("rotated", (600000, 8, 6, 4000000, 6, -8)),
                           ("east-down", (600000, 0, 10, 4000000, 10, 0))):
            with self.subTest(name):
                out = self.path(name)
                tiles = self.regular(self.z, 5, 4, grid=grid, folder="in-" + name)[:-1]
                self.batch(*tiles, out=out)
                self.batch("--verify", *tiles, out=out)
                mosaic = gdal.Open(os.path.join(out, "gradient.vrt"))
                np.testing.assert_allclose(mosaic.GetGeoTransform(), grid, rtol=1e-14)
                self.assertEqual((mosaic.RasterXSize, mosaic.RasterYSize), (100, 80))
                values = mosaic.ReadAsArray()
                self.assertTrue(np.isnan(values[:, 60:, 80:]).all())
                for i, tile in enumerate(tiles):
                    row, col = 20 * (i // 5), 20 * (i % 5)
                    self.assertEqual(values[:, row:row + 20, col:col + 20].tobytes(),
                                     pixels(self.output(tile, out)).tobytes(), tile)

    def test_what_a_mosaic_says(self):
        """The same as an output, and the names in it stand for themselves."""
        tiles = self.cut(self.z, [(0, 0, 50, 80), (50, 0, 50, 80)], name="a & <b> \"{}\" \u00e9.tif")
        self.batch("--nodata", "-9999", *tiles)
        self.batch("--nodata", "-9999", "--verify", *tiles)
        mosaic, output = gdal.Open(self.vrt), gdal.Open(self.output(tiles[0]))
        self.assertEqual(mosaic.GetProjection(), output.GetProjection())
        own = ("DEMGRAD_FINGERPRINT", "DEMGRAD_INPUT")
        kept = {key: text for key, text in output.GetMetadata().items() if key not in own}
        self.assertLessEqual(kept.items(), mosaic.GetMetadata().items())
        for i in (1, 2):
            band, like = mosaic.GetRasterBand(i), output.GetRasterBand(i)
            self.assertEqual((band.GetDescription(), band.GetUnitType(), band.DataType, band.GetNoDataValue()),
                             (like.GetDescription(), like.GetUnitType(), like.DataType, -9999))
        self.assertEqual(mosaic.ReadAsArray()[:, :, :50].tobytes(), output.ReadAsArray().tobytes())

    def test_folder_by_a_relative_name(self):
        os.chdir(self.folder)
        self.addCleanup(os.chdir, batch_support.HERE)
        self.batch(*self.tiles, out="out")
        self.batch("--verify", *self.tiles, out="out")
        for new in ("made", "made/in/made"):
            self.batch(*self.tiles, out=new)
        self.assertEqual(pixels(self.vrt).tobytes(), self.whole(self.tiles)[0].tobytes())

    def test_missing_ones_are_listed(self):
        self.batch("--part", "0/2", *self.tiles)
        made = {tile["output"] for tile in self.report()["tiles"]}
        result = self.run_batch("--verify", "--report", self.path("report.json"), *self.tiles)
        self.assertEqual(result.code, 1)
        missing = {self.output(tile) for tile in self.tiles} - made
        self.assertEqual(sorted(result.out.splitlines()), sorted(missing))
        self.assert_error(result, 1, "10 of 20", self.out)
        self.count(kept=10, missing=10)
        self.assertFalse(os.path.exists(self.vrt))

    def test_nothing_there(self):
        result = self.run_batch("--verify", *self.tiles)
        self.assertEqual((result.code, len(result.out.splitlines())), (1, 20))
        self.assertEqual(os.listdir(self.out), [])

    def test_it_computes_and_removes_nothing_when_something_is_missing(self):
        self.batch("--part", "0/2", *self.tiles)
        stale = os.path.join(self.out, ".demgrad-1-1-somewhere")
        os.mkdir(stale)
        before, names = self.outputs(), sorted(os.listdir(self.out))
        self.assertEqual(self.run_batch("--verify", *self.tiles).code, 1)
        self.assertEqual(self.outputs(), before)
        self.assertEqual(sorted(os.listdir(self.out)), names)

    def test_gaps_and_overlaps_in_the_mosaic(self):
        parts = [(0, 0, 40, 40), (36, 0, 30, 40), (70, 50, 30, 30)]
        tiles = self.cut(self.z, parts, folder="some")
        self.batch(*tiles)
        self.batch("--verify", *tiles)
        self.assertEqual(pixels(self.vrt).tobytes(), self.whole(tiles)[0].tobytes())

    def test_overlaps_that_disagree_in_the_mosaic(self):
        """Later inputs are on top, as in a mosaic of them, wherever they lie; also where all are cut. Beside the
        edge of one that is on top, another's own values win in its output."""
        parts = [(0, 0, 50, 50), (36, 20, 50, 50), (20, 40, 40, 40)]
        tiles = [self.cut(self.z * factor, [part], folder=f"f{i}", name=f"t{i}.tif")[0]
                 for i, (part, factor) in enumerate(zip(parts, (1, 2, 3)))]
        for order in ((0, 1, 2), (2, 1, 0), (1, 2, 0)):
            inputs = [tiles[i] for i in order]
            top = np.full(self.z.shape, -1)
            for i in order:
                col, row, width, height = parts[i]
                top[row:row + height, col:col + width] = order.index(i)
            ring = np.pad(top, 1, constant_values=-1)
            above = np.max([ring[y:y + 80, x:x + 100] for y in range(3) for x in range(3)], axis=0)
            is_same = (above == top)[:, :86]
            for options in ((), ("--tile", "30x20", "--overlap", "4")):
                with self.subTest(order, options=options):
                    out = self.path("out-" + "".join(map(str, order)) + str(len(options)))
                    self.batch(*options, *inputs, out=out)
                    self.batch(*options, "--verify", *inputs, out=out)
                    shown, whole = pixels(os.path.join(out, "gradient.vrt")), self.whole(inputs)[0]
                    np.testing.assert_array_equal(shown[:, is_same], whole[:, is_same])

    def verify_loudly(self, *inputs):
        self.batch(*inputs)
        result = self.demgrad("batch", "--verify", "--output-dir", self.out, *inputs)
        self.assertEqual(result.code, 0, result.err)
        return result.err

    def test_outputs_that_are_not_in_the_mosaic(self):
        """A warning says so, and names one; none where all are."""
        self.assertNotIn("gradient.vrt", self.verify_loudly(*self.tiles[:3]))
        other = self.make(self.z, name="other.tif", srs="EPSG:32633")
        self.assertRegex(self.verify_loudly(*self.tiles[:3], other),
                         "warning: .*gradient.vrt.* 3 of 4 .*other_gradient.tif")

    def test_no_mosaic(self):
        placeless = self.make(self.z, name="none.tif", geotransform=None, srs=None)
        self.assertRegex(self.verify_loudly(placeless), "warning: .*gradient.vrt: is not written")
        self.assertFalse(os.path.exists(self.vrt))

    def test_mosaic_of_other_types_and_bands(self):
        for options in (["--ot", "Float64"], ["--bands", "dzdy"], ["--nodata", "-9999"]):
            self.batch(*options, *self.tiles)
            self.batch("--verify", *options, *self.tiles)
            values, _ = self.whole(self.tiles, *options)
            self.assertEqual(pixels(self.vrt).tobytes(), values.tobytes(), options)


if __name__ == "__main__":
    batch_support.main()
