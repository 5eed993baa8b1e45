"""One bad tile, or one that cannot be written, fails alone: it is named, the rest is done, exit 1."""

import os
import resource
import shutil
import signal
import socket
import subprocess

from osgeo import gdal

import batch_support
from batch_support import BatchTest, pixels, support, terrain, write_raster

SMALL_BLOCKS = ["COMPRESS=DEFLATE", "TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16"]


class Failures(BatchTest):
    """A grid of 4 x 4 tiles; number 5 is the bad one."""

    def setUp(self):
        super().setUp()
        self.z = terrain(400, 480)
        self.tiles = self.regular(self.z, 4, 4, options=["COMPRESS=DEFLATE"])
        self.bad = self.tiles[5]

    def assert_bad_alone(self, *options, words=(), incomplete=0):
        """Tile 5 fails. Its neighbours end where it begins; the others do not know of it."""
        result = self.run_batch(*options, "--report", self.path("report.json"), *self.tiles)
        self.assertEqual(result.code, 1, result.err)
        lines = result.err.splitlines()
        self.assertEqual(len(lines), 2, result.err)
        self.assertIn("t005.tif", lines[0])
        for word in words:
            self.assertIn(word, lines[0])
        self.assertIn("1 of 16", lines[1])
        self.count(done=15 - incomplete, failed=1, incomplete=incomplete)
        self.assert_tidy(self.out)
        self.assertFalse(os.path.exists(self.output(self.bad)))
        others = [tile for tile in self.tiles if tile != self.bad]
        self.assert_windows(others, self.whole(others))
        self.assert_named_by_verify()
        self.assert_mended()

    def assert_named_by_verify(self):
        result = self.run_batch("--verify", *self.tiles)
        self.assertEqual(result.code, 1)
        self.assertIn("t005", result.err + result.out)
        self.assertFalse(os.path.exists(os.path.join(self.out, "gradient.vrt")))

    def assert_mended(self):
        """Once the tile is there again, a rerun does it and its neighbours."""
        self.tiles = self.regular(self.z, 4, 4, options=["COMPRESS=DEFLATE"])
        self.batch(*self.tiles)
        self.assert_windows(self.tiles, self.whole(self.tiles))
        self.batch("--verify", *self.tiles)

    def test_vanished(self):
        os.remove(self.bad)
        self.assert_bad_alone()

    def test_no_raster(self):
        with open(self.bad, "w", encoding="ascii") as file:
            file.write("not a raster\n")
        self.assert_bad_alone()

    def test_empty(self):
        os.truncate(self.bad, 0)
        self.assert_bad_alone()

    def test_cut_short(self):
        """Its first rows, which the tiles above it look at, are still there."""
        whole = self.whole(self.tiles)
        os.truncate(self.bad, os.path.getsize(self.bad) * 2 // 3)
        result = self.run_batch("--report", self.path("report.json"), *self.tiles)
        self.assertEqual(result.code, 1)
        self.assertIn("t005.tif", result.err)
        self.count(done=10, failed=1, incomplete=5)
        self.assert_windows(self.tiles[:4], whole)
        self.assert_named_by_verify()
        self.assert_mended()

    def spoil(self, *blocks):
        """Overwrites compressed blocks (column, row) of the bad tile with what no codec reads."""
        dataset = gdal.Open(self.bad)
        band = dataset.GetRasterBand(1)
        places = [[int(band.GetMetadataItem(f"BLOCK_{what}_{col}_{row}", "TIFF"))
                   for what in ("OFFSET", "SIZE")] for col, row in blocks]
        with open(self.bad, "r+b") as file:
            for offset, size in places:
                file.seek(offset)
                file.write(b"\xff" * size)

    def test_unreadable_pixels_inside(self):
        """The damage is where no neighbour looks: they are as if nothing were wrong."""
        whole = self.whole(self.tiles)
        self.regular(self.z, 4, 4, options=SMALL_BLOCKS)
        self.spoil((3, 3))
        result = self.run_batch("--report", self.path("report.json"), *self.tiles)
        self.assertEqual(result.code, 1)
        self.assertIn("t005.tif", result.err)
        self.count(done=15, failed=1)
        self.assert_windows([tile for tile in self.tiles if tile != self.bad], whole)
        self.assert_mended()

    def test_unreadable_pixels_everywhere(self):
        self.regular(self.z, 4, 4, options=SMALL_BLOCKS)
        self.spoil(*((col, row) for col in range(8) for row in range(7)))
        self.assert_bad_alone(incomplete=8)

    def test_incomplete(self):
        """Outputs beside a tile that cannot be read say so until it can be: in the report, a warning, the
        last line, to --verify; also where the tile itself is none of this part's outputs."""
        whole = self.whole(self.tiles)
        with open(self.bad, "rb") as file:
            data = file.read()
        times = os.stat(self.bad)
        self.regular(self.z, 4, 4, options=SMALL_BLOCKS)
        self.spoil(*((col, row) for col in range(8) for row in range(7)))
        beside = [0, 1, 2, 4, 6, 8, 9, 10]
        for options, numbers in (((), beside), ((), beside), (("--part", "0/2"), [0, 2, 4, 6, 8, 10])):
            result = self.demgrad("batch", "--output-dir", self.out, "--report", self.path("report.json"),
                                  *options, *self.tiles)
            self.assertEqual(result.code, 1)
            self.assertIn(f", {len(numbers)} incomplete", result.err.splitlines()[-1])
            report = self.report()
            names = sorted(self.output(self.tiles[i]) for i in numbers)
            self.assertEqual(sorted(tile["output"] for tile in report["tiles"]
                                    if tile["state"] == "incomplete"), names)
            for name in names:
                self.assertTrue(any(name in text and "t005.tif" in text for text in report["warnings"]))
        self.run_batch("--verify", "--report", self.path("report.json"), *self.tiles)
        self.count(kept=7, incomplete=8, missing=1)
        with open(self.bad, "wb") as file:
            file.write(data)
        os.utime(self.bad, ns=(times.st_atime_ns, times.st_mtime_ns))
        self.batch(*self.tiles)
        self.assert_windows(self.tiles, whole)

    def test_incomplete_across_the_antimeridian(self):
        """The tile at the other end of the globe is made without its neighbour, as one beside it is."""
        tiles = self.regular(terrain(40, 360), 4, 1, grid=(-180, 1, 0, 20, 0, -1), srs="EPSG:4326",
                             folder="globe")
        os.truncate(tiles[3], 3000)
        self.run_batch("--report", self.path("report.json"), *tiles)
        states = {os.path.basename(tile["input"]): tile["state"] for tile in self.report()["tiles"]}
        self.assertEqual(states, {"t000.tif": "incomplete", "t001.tif": "done", "t002.tif": "incomplete",
                                  "t003.tif": "failed"})
        self.assert_windows(tiles[:3], self.whole(tiles[:3]))

    def test_unreadable_pixels_of_a_hostile_name(self):
        """Messages have such names cleaned: who is to blame is not taken from them."""
        self.tiles = self.regular(self.z, 4, 4, options=SMALL_BLOCKS, name="t\x1b\n{:03d}.tif")
        self.bad = self.tiles[5]
        self.spoil(*((col, row) for col in range(8) for row in range(7)))
        result = self.run_batch("--report", self.path("report.json"), *self.tiles)
        self.assertEqual(result.code, 1)
        self.count(done=7, failed=1, incomplete=8)
        self.assertEqual([tile["input"] for tile in self.report()["tiles"] if tile["error"]],
                         [self.bad])
        self.assertNotIn("not made, as", result.err)

    def test_no_permission(self):
        if os.geteuid() == 0:
            self.skipTest("root may read everything")
        os.chmod(self.bad, 0)
        self.assert_bad_alone()

    def test_first_tile(self):
        """The one that the grid is taken from, too."""
        self.bad = self.tiles[0]
        os.remove(self.bad)
        self.assertEqual(self.run_batch(*self.tiles).code, 1)
        self.assert_windows(self.tiles[1:], self.whole(self.tiles[1:]))

    def test_refused(self):
        """No folder is left that was made for it, and none is removed that was there."""
        os.mkdir(self.path("there"))
        for folder in ("new", "new/a/b/c", "new/a/../b/", "there/a/b", "there"):
            result = self.run_batch("-f", "AAIGrid", *self.tiles, out=self.path(folder))
            self.assertIn("2 bands", result.err)
            self.assertEqual(sorted(os.listdir(self.folder)), ["in", "out", "there"], folder)
            self.assertEqual(os.listdir(self.path("there")), [], folder)

    def test_all_bad(self):
        for tile in self.tiles:
            os.truncate(tile, 0)
        result = self.run_batch(*self.tiles)
        self.assertEqual(result.code, 1)
        self.assertEqual(len(result.err.splitlines()), 17)
        self.assertEqual(os.listdir(self.out), [])

    def test_one_that_no_driver_can_cut(self):
        """A format that cannot be written is told at once, not once a tile."""
        for options in (["-f", "AAIGrid"], ["-f", "JPEG"], ["--co", "COMPRES=ZSTD"],
                        ["--co", "COMPRESS=ZTSD"], ["--co", "BLOCKXSIZE=17"], ["-f", "NoSuch"],
                        ["-f", "COG", "--co", "TILED=YES"], ["-f", "AIG"]):
            with self.subTest(options):
                self.assert_error(self.run_batch(*options, *self.tiles), 2)
                self.assertEqual(os.listdir(self.out), [])

    def test_full_disk(self):
        """Two outputs are too large for the limit on the size of a file: they alone fail."""
        parts = [(0, 0, 100, 100), (100, 0, 100, 100), (200, 0, 280, 400), (0, 100, 200, 300)]
        tiles = self.cut(self.z, parts, folder="uneven")

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (450000, 450000))
        result = self.run_batch("--report", self.path("report.json"), *tiles, preexec_fn=limit)
        self.assertEqual(result.code, 1, result.err)
        failed = [os.path.basename(tile["output"]) for tile in self.report()["tiles"]
                  if tile["state"] == "failed"]
        self.assertEqual(sorted(failed), ["t002_gradient.tif", "t003_gradient.tif"])
        for name in failed:
            self.assertIn(name, result.err)
        self.assertEqual(sorted(os.listdir(self.out)), ["t000_gradient.tif", "t001_gradient.tif"])
        self.batch(*tiles)
        self.count(done=2, kept=2)
        self.assert_windows(tiles, self.whole(tiles))

    def test_few_files_at_a_time(self):
        """More outputs side by side than may be open: those left over are made one by one."""
        path = self.path("wide.tif")
        write_raster(path, terrain(600, 1000))

        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))
        result = self.run_batch("-j", 1, "--tile", "5x600", path, preexec_fn=limit)
        self.assertEqual((result.code, result.err), (0, ""))
        self.assertEqual(len(os.listdir(self.out)), 200)
        self.assert_tidy(self.out)

    def test_full_file_system(self):
        """A disk that takes some outputs of 16: the rest are named, and none is torn."""
        small = self.path("small")
        os.mkdir(small)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1200k", "none", small],
                          capture_output=True, check=False).returncode != 0:
            self.skipTest("no right to mount a file system")
        self.addCleanup(subprocess.run, ["umount", small], check=False)
        report = self.path("report.json")
        result = self.run_batch("-j", 1, "--report", report, *self.tiles, out=small)
        self.assertEqual(result.code, 1)
        self.assert_tidy(small)
        made = [tile["output"] for tile in self.report()["tiles"] if tile["state"] == "done"]
        failed = [tile["output"] for tile in self.report()["tiles"] if tile["state"] == "failed"]
        self.assertEqual((len(made), len(failed)), (len(os.listdir(small)), 16 - len(made)))
        self.assertGreaterEqual(len(made), 4)
        for path in failed:
            self.assertIn(path, result.err)
        self.batch(*self.tiles)
        for path in made:
            whole = os.path.join(self.out, os.path.basename(path))
            self.assertEqual(pixels(path).tobytes(), pixels(whole).tobytes())

    def put_in_the_way(self, kind, path):
        if kind == "folder":
            os.makedirs(os.path.join(path, "kept"))
        elif kind == "link":
            os.symlink("nowhere/x", path)
        elif kind == "pipe":
            os.mkfifo(path)
        else:
            with socket.socket(socket.AF_UNIX) as server:
                server.bind(os.path.relpath(path))

    def test_what_is_no_file_in_the_way(self):
        """Of the first output or another: its tile fails, and nobody waits for a pipe; nor for one that has
        the name of an older output, or of the mosaic."""
        self.tiles = self.tiles[:6]
        for kind in ("folder", "link", "pipe", "socket"):
            for tile in (self.tiles[0], self.tiles[5]):
                with self.subTest(f"{kind} {tile}"):
                    self.put_in_the_way(kind, self.output(tile))
                    self.put_in_the_way("pipe", os.path.join(self.out, "gone_gradient.tif"))
                    report = self.path("report.json")
                    result = self.run_batch("--report", report, *self.tiles, timeout=60)
                    self.assertEqual(result.code, 1)
                    self.assertIn(self.output(tile), result.err)
                    self.count(done=5, failed=1)
                    result = self.run_batch("--verify", *self.tiles, timeout=60)
                    self.assertEqual((result.code, result.out), (1, self.output(tile) + "\n"))
                    self.assert_tidy(self.out)
                    shutil.rmtree(self.out)
                    os.mkdir(self.out)

    def test_a_name_that_is_too_long(self):
        """Of the output: that of the input is not."""
        long = self.path("in/" + "a" * 250 + ".tif")
        shutil.copy(self.tiles[0], long)
        result = self.run_batch("--report", self.path("report.json"), long, *self.tiles[1:4])
        self.assertEqual(result.code, 1)
        self.assertIn("263 bytes, and 255 are the most", result.err)
        self.count(done=3, failed=1)

    def test_an_input_that_changes_meanwhile(self):
        """The run says so, and the next makes what was read of it anew."""
        large = write_raster(self.path("large.tif"), terrain(1500, 1500))
        arguments = ["--co", "COMPRESS=DEFLATE", "--co", "ZLEVEL=9", "-j", "1", "--tile", "700x700", large]
        process = subprocess.Popen(
            [support.DEMGRAD, "batch", "-q", "--output-dir", self.out, *arguments],
            stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        while process.poll() is None and not os.listdir(self.out):
            pass
        process.send_signal(signal.SIGSTOP)
        os.utime(large)
        process.send_signal(signal.SIGCONT)
        err = process.communicate()[1]
        self.assertEqual(process.returncode, 1, err)
        self.assertIn("large.tif: was changed while it was read", err)
        self.assertEqual(self.run_batch("--verify", *arguments).code, 1)
        self.batch(*arguments)
        self.count(done=9)

    def test_read_only_folder(self):
        """Told of each tile, or once before any work; nothing is left half done."""
        for make_read_only in (self.by_mode, self.by_mount):
            folder = make_read_only()
            if not folder:
                continue
            result = self.run_batch(*self.tiles, out=folder)
            self.assertEqual(result.code, 1)
            self.assertIn(folder, result.err)
            if make_read_only == self.by_mount:
                self.assertIn("Read-only file system", result.err)
            self.assertEqual(os.listdir(folder), [])

    def by_mode(self):
        if os.geteuid() == 0:
            return None
        os.chmod(self.out, 0o555)
        self.addCleanup(os.chmod, self.out, 0o755)
        return self.out

    def by_mount(self):
        folder = self.path("locked")
        os.mkdir(folder)
        command = ["mount", "-t", "tmpfs", "-o", "ro,size=1m", "none", folder]
        if subprocess.run(command, capture_output=True, check=False).returncode != 0:
            return None
        self.addCleanup(subprocess.run, ["umount", folder], check=False)
        return folder


if __name__ == "__main__":
    batch_support.main()
