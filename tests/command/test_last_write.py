"""The last write: where one fails and nobody tells GDAL, or GDAL tells nobody, the output is not torn.
Exit 0 means that every file of the output has the bytes that it has on a good disk."""

import os
import shutil
import subprocess

from osgeo import gdal

import support
from support import CommandTest, terrain

ONE_BAND = ["--bands", "dzdx", "--nodata", "-9999"]
LAYOUTS = {
    "default": [],
    "deflate": ["--co", "COMPRESS=DEFLATE"],
    "striped": ["--co", "TILED=NO"],
    "cog": ["-f", "COG"],
    "float64": ["--ot", "Float64"],
    "by pixel": ["--co", "INTERLEAVE=PIXEL", "--co", "COMPRESS=LZW"],
    "bigtiff": ["--co", "BIGTIFF=YES"],
    "with side files": ["--co", "PROFILE=BASELINE", "--co", "TFW=YES"],
    "envi": ["-f", "ENVI"],
    "ehdr": ["-f", "EHdr", *ONE_BAND],
    "ascii": ["-f", "AAIGrid", *ONE_BAND],
}
ON_DISK_ALONE = {"netcdf": ["-f", "netCDF"]}


class LastWrite(CommandTest):
    def setUp(self):
        super().setUp()
        self.folder_out = self.path("out")
        os.mkdir(self.folder_out)
        self.out = os.path.join("out", "a.tif")

    def command(self, layout):
        return ["gradient", "-q", "-j", "1", "--metric", "map", *{**LAYOUTS, **ON_DISK_ALONE}[layout],
                "in.tif", self.out]

    def contents(self):
        """Bytes of each file; then they are removed."""
        contents = {}
        for name in os.listdir(self.folder_out):
            with open(os.path.join(self.folder_out, name), "rb") as file:
                contents[name] = file.read()
            os.remove(os.path.join(self.folder_out, name))
        return contents

    def good(self, layout):
        self.assertEqual(self.demgrad(*self.command(layout)).code, 0)
        return self.contents()

    def assert_all_or_nothing(self, result, good, text):
        contents = self.contents()
        if result.returncode == 0:
            self.assertEqual(sorted(contents), sorted(good), text)
            for name, content in contents.items():
                self.assertTrue(content == good[name], f"{text}: {name} is torn")
            return
        lines = result.stderr.splitlines()
        self.assertEqual((result.returncode, len(lines), contents), (1, 1, {}), (text, lines))
        self.assertTrue(lines[0].startswith("demgrad: error: "), (text, lines))
        self.assertNotIn(".demgrad-", lines[0])

    def trace(self, layout, call, *fault):
        """Runs it under strace; with `fault`, (error, number), that call fails."""
        strace = shutil.which("strace")
        if not strace:
            self.skipTest("needs strace")
        inject = ["-e", f"inject={call}:error={fault[0]}:when={fault[1]}"] if fault else []
        command = [strace, "-f", "-qq", "-o", self.path("log"), "-e", f"trace={call}", *inject,
                   support.DEMGRAD, *self.command(layout)]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)

    def count(self, layout, call):
        if self.trace(layout, call).returncode:
            self.skipTest("this user may not trace")
        self.contents()
        with open(self.path("log"), encoding="utf-8", errors="replace") as file:
            return sum(call + "(" in line for line in file)

    def fail_each(self, layout, good, call, count, error, last):
        """The last so many of `count` calls, one in each run."""
        for number in range(max(count - last, 0) + 1, count + 1):
            with self.subTest(f"{layout}: {error} of {call} {number} of {count}"):
                result = self.trace(layout, call, error, number)
                self.assert_all_or_nothing(result, good, layout)

    def test_each_write(self):
        self.make(terrain(70, 90))
        for layout in LAYOUTS:
            good = self.good(layout)
            count = self.count(layout, "write")
            self.assertGreater(count, 3)
            for error, last in (("EIO", 12), ("ENOSPC", 2), ("EINTR", 2)):
                self.fail_each(layout, good, "write", count, error, last)

    def test_each_close(self):
        """On NFS a full disk or quota is told there."""
        self.make(terrain(70, 90))
        for layout in ("default", "cog", "envi"):
            good = self.good(layout)
            self.fail_each(layout, good, "close", self.count(layout, "close"), "EDQUOT", 10)

    def test_each_opening(self):
        """Of folders too, that say which files there are. What comes after the output is in its place is no
        matter."""
        self.make(terrain(70, 90))
        for layout in ("with side files", "envi"):
            good = self.good(layout)
            self.fail_each(layout, good, "openat", self.count(layout, "openat"), "EIO", 25)

    def test_each_size_of_a_full_disk(self):
        """A tmpfs of every size up to what is needed. ENVI's header has the output's name in it."""
        self.make(terrain(150, 170))
        for layout in ("default", "deflate", "striped", "cog", "float64", "with side files"):
            good = self.good(layout)
            whole = sum(map(len, good.values()))
            made = 0
            for size in range(8192, 3 * whole + 65536, max(whole // 12 // 4096 * 4096, 4096)):
                with self.subTest(f"{layout}: {size} bytes"):
                    result = self.run_on_disk_of(size, layout)
                    made += result.returncode == 0
                    self.assert_all_or_nothing(result, good, layout)
            self.assertGreater(made, 0)

    def test_a_full_disk_is_no_wrong_usage(self):
        """For a driver that writes to disks alone neither."""
        if not gdal.GetDriverByName("netCDF"):
            self.skipTest("needs the netCDF driver")
        self.make(terrain(70, 90))
        for size in (4096, 8192, 16384):
            with self.subTest(f"{size} bytes"):
                result = self.run_on_disk_of(size, "netcdf")
                self.assertEqual((result.returncode, self.contents()), (1, {}), result.stderr)

    def run_on_disk_of(self, size, layout):
        """The small disk is mounted on the folder of the outputs; what it holds is copied to it after."""
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", self.folder_out]
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            self.skipTest("this user may not mount a file system")
        kept = self.path("kept")
        try:
            result = subprocess.run([support.DEMGRAD, *self.command(layout)], cwd=self.folder,
                                    capture_output=True, text=True, check=False)
            shutil.copytree(self.folder_out, kept)
        finally:
            subprocess.run(["umount", self.folder_out], check=True)
        for name in os.listdir(kept):
            os.rename(os.path.join(kept, name), os.path.join(self.folder_out, name))
        os.rmdir(kept)
        return result


if __name__ == "__main__":
    support.main()
