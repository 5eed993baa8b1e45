"""Issue 11, 17: how a batch ends, and how its errors look."""

import json
import os
import re
import subprocess

import batch_support
from batch_support import BatchTest, support, terrain


class Ends(BatchTest):
    def setUp(self):
        super().setUp()
        self.tiles = self.regular(terrain(120, 160), 4, 3)

    def last(self, *arguments, code=0):
        """The last line on stderr of a batch that is not quiet, without the time."""
        result = self.demgrad("batch", "--output-dir", self.out, *arguments)
        self.assertEqual(result.code, code, result.err)
        line = result.err.splitlines()[-1]
        self.assertRegex(line, r", \d+\.\d\d s")
        return re.sub(r"\d+\.\d\d s", "TIME", line)

    def test_one_line(self):
        self.assertEqual(self.last(*self.tiles), "12 outputs: 12 made, 0 kept, 0 failed, TIME")
        os.utime(self.tiles[0])
        self.assertEqual(self.last(*self.tiles), "12 outputs: 4 made, 8 kept, 0 failed, TIME")
        self.assertEqual(self.last("--overwrite", self.tiles[0]),
                         "1 output: 1 made, 0 kept, 0 failed, TIME")

    def test_failures_and_where_they_are_told(self):
        os.truncate(self.tiles[5], 0)
        self.assertEqual(self.last(*self.tiles, code=1),
                         "12 outputs: 11 made, 0 kept, 1 failed, TIME; failures are named above")
        report = self.path("report.json")
        line = self.last("--report", report, *self.tiles, code=1)
        self.assertTrue(line.startswith("12 outputs: 0 made, 11 kept, 1 failed, TIME"), line)
        self.assertIn(report, line)

    def test_parts(self):
        self.assertTrue(self.last("--part", "1/5", *self.tiles).startswith("3 outputs: 3 made"))

    def test_verify(self):
        self.batch(*self.tiles)
        self.assertEqual(self.last("--verify", *self.tiles), "12 outputs: 12 there, 0 missing, TIME")
        os.remove(self.output(self.tiles[3]))
        line = self.last("--verify", *self.tiles, code=1)
        self.assertTrue(line.startswith("12 outputs: 11 there, 1 missing, TIME"), line)

    def test_quiet(self):
        self.assertEqual(self.run_batch(*self.tiles).err, "")

    def test_errors_have_lines_of_their_own(self):
        """Also where progress and errors go to one terminal."""
        os.truncate(self.tiles[5], os.path.getsize(self.tiles[5]) - 500)
        os.truncate(self.tiles[7], 0)
        for form in ("gdal", "bar", "json"):
            with self.subTest(form):
                done = subprocess.run(
                    [support.DEMGRAD, "batch", "--overwrite", "-j", "1", "--progress", form,
                     "--output-dir", self.out, *self.tiles],
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                    stdin=subprocess.DEVNULL)
                self.assertEqual(done.returncode, 1)
                self.assertGreaterEqual(done.stdout.count("demgrad: error: "), 2)
                for line in re.split("[\n\r]", done.stdout):
                    self.assertIn(line.find("demgrad: "), (-1, 0), line)
                    self.assertIn(line.find("12 outputs: "), (-1, 0), line)

    def test_an_error_in_the_middle_of_a_line(self):
        """Of one raster, too: the input ends where GDAL has told a part of the way."""
        path = self.cut(terrain(2000, 400), [(0, 0, 400, 2000)])[0]
        os.truncate(path, os.path.getsize(path) // 2)
        done = subprocess.run([support.DEMGRAD, "gradient", "-j", "1", "--progress", "gdal", path,
                               self.path("out.tif")], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        lines = done.stdout.splitlines()
        self.assertTrue(lines[-1].startswith("demgrad: error: "), done.stdout)
        self.assertEqual(len(lines), 2, done.stdout)

    def test_seconds_are_shares_of_the_time(self):
        """Those of all outputs come to no more than the threads had."""
        report = self.batch("-j", 2, *self.tiles)
        seconds = [tile["seconds"] for tile in report["tiles"]]
        rounding = 0.0005
        self.assertTrue(all(s >= 0 for s in seconds), seconds)
        self.assertGreater(sum(seconds), 0)
        self.assertLessEqual(sum(seconds), 2 * (report["elapsed_s"] + rounding) + len(seconds) * rounding)

    def test_seconds_end_with_the_millisecond(self):
        """In the reports of a batch and of a raster."""
        report = self.batch(*self.tiles)
        raster = self.path("raster.json")
        self.demgrad("gradient", "-q", "--report", raster, self.tiles[0], self.path("out.tif"))
        with open(raster, encoding="utf-8") as file:
            told = [json.load(file)["elapsed_s"], report["elapsed_s"]]
        for seconds in told + [tile["seconds"] for tile in report["tiles"]]:
            self.assertEqual(seconds, round(seconds, 3))

    def test_a_wrong_option_is_one_error(self):
        for options in (["--co", "COMPRES=ZSTD"], ["-f", "AIG"], ["-f", "AAIGrid"],
                        ["--method", "sobel"], ["--ot", "Int16"]):
            result = self.demgrad("batch", "--output-dir", self.out, *options, *self.tiles)
            self.assert_error(result, 2)
            self.assertEqual(os.listdir(self.out), [])


if __name__ == "__main__":
    batch_support.main()
