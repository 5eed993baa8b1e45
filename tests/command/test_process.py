"""The command as a process: its standard streams and the signals it gets."""

import os
import subprocess
import unittest

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


if __name__ == "__main__":
    support.main()
