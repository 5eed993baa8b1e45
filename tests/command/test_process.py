"""The command as a process: its standard streams and the signals it gets."""

import os
import random
import shutil
import subprocess
import time
import unittest

import numpy as np
from osgeo import gdal

import support
from support import CommandTest, sha256, terrain

NEEDS_FULL = unittest.skipUnless(os.path.exists("/dev/full"), "needs /dev/full")


class Streams(CommandTest):
    """Issue 15: 3."""

    CLOSED = (0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)

    def run_closed(self, closed, *arguments):
        def close():
            for descriptor in closed:
                os.close(descriptor)
        result = self.demgrad(*arguments, preexec_fn=close)
        self.assert_no_leftovers()
        return result

    def test_no_file_gets_the_number_of_a_closed_stream(self):
        """Without a CRS there are warnings, and two inputs open and close files in between."""
        self.make(terrain(60, 50), "a.tif", srs=None)
        self.make(terrain(60, 50), "b.tif", srs=None, geotransform=(501500, 30, 0, 5e6, 0, -20))
        os.mkdir(self.path("out"))
        for commands in (("gradient", "a.tif", "out.tif"), ("gradient", "a.tif", "b.tif", "out.tif"),
                         ("gradient", "--report", "r.json", "a.tif", "b.tif", "out.tif"),
                         ("batch", "--output-dir", "out", "a.tif", "b.tif")):
            output = "out/a_gradient.tif" if commands[0] == "batch" else "out.tif"
            for form in ("gdal", "json", "bar", "auto"):
                arguments = (commands[0], "--overwrite", "--progress", form, *commands[1:])
                self.assertEqual(self.demgrad(*arguments).code, 0)
                expected = sha256(self.path(output))
                for closed in self.CLOSED:
                    with self.subTest(f"{arguments} without {closed}"):
                        result = self.run_closed(closed, *arguments)
                        self.assertEqual(result.code, 0, result.err)
                        self.assertEqual(sha256(self.path(output)), expected)

    def test_an_error_without_stderr_shows_in_the_status(self):
        for closed in self.CLOSED:
            self.assertEqual(self.run_closed(closed, "gradient", "gone.tif", "out.tif").code, 1)
            self.assertEqual(self.run_closed(closed, "gradient", "--nosuch").code, 2)

    def test_stdin_that_is_closed_is_no_input(self):
        result = self.run_closed((0,), "info", "/vsistdin/")
        self.assert_error(result, 1, "/vsistdin/")

    def answers(self):
        """Commands whose point is what they say on stdout."""
        self.make(terrain(20, 30))
        return (["--help"], ["--version"], ["gradient", "--help"], ["batch", "--help"],
                ["info", "--help"], ["info", "in.tif"], ["info", "--json", "in.tif"])

    def test_an_answer_that_is_lost_is_an_error(self):
        for command in self.answers():
            with self.subTest(command):
                self.assertEqual(self.demgrad(*command).code, 0)
                self.assert_error(self.run_closed((1,), *command), 1, "stdout")
                self.assertEqual(self.run_closed((1, 2), *command).code, 1)

    @NEEDS_FULL
    def test_an_answer_to_a_full_device_is_an_error(self):
        for command in self.answers():
            with self.subTest(command), open("/dev/full", "wb") as full:
                done = subprocess.run([support.DEMGRAD, *command], cwd=self.folder, stdout=full,
                                      stderr=subprocess.PIPE, text=True, check=False)
                self.assert_error(support.Result(done.returncode, "", done.stderr), 1, "stdout")

    @NEEDS_FULL
    def test_progress_that_is_lost_is_none(self):
        self.make(terrain(20, 30))
        for form in ("gdal", "json", "bar"):
            with self.subTest(form), open("/dev/full", "wb") as full:
                done = subprocess.run(
                    [support.DEMGRAD, "gradient", "--overwrite", "--progress", form, "in.tif",
                     "out.tif"], cwd=self.folder, stdout=full, stderr=full, check=False)
                self.assertEqual(done.returncode, 0)


class Cut(CommandTest):
    """Issue 15: 10. An input that another program cuts short is an error, also where it is mapped."""

    WIDTH, HEIGHT = 8000, 5000

    def setUp(self):
        """One strip of 80 MB, of noise that needs most of that packed too."""
        super().setUp()
        with support.gdal_dataset("GTiff", self.path("whole.tif"), self.WIDTH, self.HEIGHT, 1,
                                  gdal.GDT_Int16, ["COMPRESS=DEFLATE", f"BLOCKYSIZE={self.HEIGHT}"]) as made:
            made.SetGeoTransform(support.NORTH_UP)
            made.SetSpatialRef(support.crs(support.UTM))
            noise = np.random.default_rng(15).integers(0, 200, (500, self.WIDTH))
            for row in range(0, self.HEIGHT, 500):
                made.GetRasterBand(1).WriteArray(noise, 0, row)

    def test_a_huge_strip(self):
        size = os.path.getsize(self.path("whole.tif"))
        self.assertGreater(size, 20e6)
        moments, failures = random.Random(15), 0
        for i in range(10):
            shutil.copyfile(self.path("whole.tif"), self.path("in.tif"))
            process = subprocess.Popen([support.DEMGRAD, "gradient", "-q", "in.tif", "out.tif"],
                                       cwd=self.folder, stderr=subprocess.PIPE, text=True)
            while not any(name.startswith(".") for name in os.listdir(self.folder)):
                if process.poll() is not None:
                    break
                time.sleep(0.005)
            time.sleep(moments.uniform(0, 0.3))
            os.truncate(self.path("in.tif"), (0, 4096, size // 3)[i % 3])
            _, err = process.communicate(timeout=60)
            self.assert_no_leftovers()
            if process.returncode == 0:  # it was through
                os.remove(self.path("out.tif"))
                continue
            failures += 1
            self.assert_error(support.Result(process.returncode, "", err), 1, "in.tif", "short")
            self.assertFalse(os.path.exists(self.path("out.tif")))
        self.assertGreater(failures, 0)


if __name__ == "__main__":
    support.main()
