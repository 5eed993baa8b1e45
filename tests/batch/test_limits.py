"""Whole numbers at their ends: an option works up to its last value and is refused beyond it, and sizes
that no batch can have are one clear error. Issue 15: 9."""

import os

from osgeo import gdal

import batch_support
from batch_support import BatchTest, NORTH_UP, pixels, terrain

INT_MAX = 2**31 - 1


class Limits(BatchTest):
    def setUp(self):
        super().setUp()
        self.tile = self.make(terrain(23, 31), "t.tif")

    def empty(self):
        for name in os.listdir(self.out):
            os.remove(os.path.join(self.out, name))

    def refused(self, code, *arguments):
        self.assert_error(self.run_batch(*arguments), code, arguments[0])
        self.assertEqual(os.listdir(self.out), [])

    def test_tiles_up_to_the_largest_number(self):
        """A larger cut than the raster is the raster."""
        expected = self.whole([self.tile])[0]
        for size, count in ((f"{INT_MAX}x{INT_MAX}", 1), (f"31x{INT_MAX}", 1), (f"{INT_MAX}x1", 23),
                            ("31x23", 1), ("30x22", 4)):
            with self.subTest(size):
                self.batch("--tile", size, self.tile)
                self.count(done=count)
                first = pixels(os.path.join(self.out, "t_r0_c0_gradient.tif"))
                self.assertTrue((first.view("u1") == expected[:, :first.shape[1], :first.shape[2]]
                                 .copy().view("u1")).all())
                self.empty()

    def test_overlaps_up_to_the_largest_number(self):
        for overlap in (0, 1, INT_MAX // 2, INT_MAX):
            with self.subTest(overlap):
                self.batch("--tile", "16x23", "--overlap", overlap, self.tile)
                width = pixels(os.path.join(self.out, "t_r0_c0_gradient.tif")).shape[2]
                self.assertEqual(width, min(16 + overlap, 31))
                self.empty()

    def test_numbers_beyond(self):
        beyond = ["", "x", "-1", "1e3", " 1", "1 ", "+1", INT_MAX + 1, 2**32 + 1, 2**64 + 1, "9" * 400]
        for value in beyond:
            with self.subTest(value):
                self.refused(2, "--tile", f"{value}x1", self.tile)
                self.refused(2, "--tile", f"1x{value}", self.tile)
                self.refused(2, "--overlap", value, "--tile", "9x9", self.tile)
                self.refused(2, "--band", value, self.tile)
                self.refused(2, "--num-threads", value, self.tile)
                self.refused(2, "--part", f"0/{value}", self.tile)
                self.refused(2, "--part", f"{value}/{INT_MAX}", self.tile)
                self.refused(2, "--memory", f"{value}EB", self.tile)
        for value in ("0x1", "1x0", "x", "1x", "x1", "1x1x1", "1X1"):
            self.refused(2, "--tile", value, self.tile)
        for value in (2**63, 2**64, "1e300", "inf"):
            self.refused(2, "--memory", f"{value}GB", self.tile)

    def test_parts_and_memory_up_to_the_largest_number(self):
        self.batch("--part", f"0/{INT_MAX}", "--memory", "1048576GB", self.tile)
        self.count(done=1)
        self.batch("--part", f"{INT_MAX - 1}/{INT_MAX}", self.tile)
        self.count()

    def test_array_jobs_with_numbers_beyond(self):
        for index, count in ((0, INT_MAX + 1), (0, 2**64), (2**32, 2**32 + 1), (INT_MAX, INT_MAX + 1)):
            result = self.run_batch("--part", "auto", self.tile, env={
                "AWS_BATCH_JOB_ARRAY_INDEX": str(index), "AWS_BATCH_JOB_ARRAY_SIZE": str(count)})
            self.assert_error(result, 2, "--part")
        for first, last in ((-2**31, 2**31 - 1), (1, 2**31 + 1), (1, 2**63)):
            result = self.run_batch("--part", "auto", self.tile, env={
                "SGE_TASK_ID": "1", "SGE_TASK_FIRST": str(first), "SGE_TASK_LAST": str(last),
                "SGE_TASK_STEPSIZE": "1"})
            self.assert_error(result, 2, "--part")

    def test_more_outputs_than_there_can_be(self):
        made = gdal.GetDriverByName("GTiff").Create(
            self.path("large.tif"), 10**6, 10**6, 1, gdal.GDT_Byte,
            ["SPARSE_OK=YES", "TILED=YES", "BIGTIFF=YES", "BLOCKXSIZE=16384", "BLOCKYSIZE=16384"])
        made.SetGeoTransform(NORTH_UP)
        made = None
        for size in ("1x1", "100x1"):
            for how in ((), ("--verify",), ("--part", "0/1000")):
                result = self.run_batch("--tile", size, *how, self.path("large.tif"))
                self.assert_error(result, 1, "outputs", "--tile")

    def test_a_cut_input_that_cannot_be_opened_is_named(self):
        result = self.run_batch("--report", self.path("report.json"), "--tile", "16x16", "gone.tif",
                                self.tile)
        self.assertEqual(result.code, 1)
        self.assertIn("gone.tif", result.err)
        self.count(done=4, failed=1)


if __name__ == "__main__":
    batch_support.main()
