"""A batch that is run again keeps what is finished and redoes what has changed."""

import os
import shutil

import numpy as np

import batch_support
from batch_support import BatchTest, shifted, NORTH_UP, terrain, write_raster


class Rerun(BatchTest):
    """A grid of 5 x 4 tiles, done once."""

    def setUp(self):
        super().setUp()
        self.z = terrain(80, 100)
        self.tiles = self.regular(self.z, 5, 4)
        self.batch(*self.tiles)
        self.count(done=20)

    def redone(self, *arguments, inputs=None):
        """Runs again; the numbers of the tiles whose outputs were written anew."""
        before = self.stamps()
        report = self.batch(*arguments, *(inputs or self.tiles))
        after = self.stamps()
        changed = sorted(name for name in after if after[name] != before.get(name))
        done = sorted(os.path.basename(tile["output"]) for tile in report["tiles"]
                      if tile["state"] == "done")
        self.assertEqual(changed, done)
        return [int(name[1:4]) for name in changed]

    def around(self, tile):
        """The tile and those that touch it, corners included."""
        row, col = divmod(tile, 5)
        return sorted(5 * r + c for r in range(row - 1, row + 2) for c in range(col - 1, col + 2)
                      if 0 <= r < 4 and 0 <= c < 5)

    def test_nothing_changed(self):
        self.assertEqual(self.redone(), [])
        self.count(kept=20)
        self.assertEqual(self.redone("-j", 1, "--memory", "1GB", "--progress", "none"), [])
        self.assertEqual(self.redone("--part", "1/3"), [])
        self.count(kept=7)
        self.assertEqual(self.redone("--strict", "--sync"), [])

    def test_an_input_that_was_touched(self):
        for tile in (0, 7, 19):
            os.utime(self.tiles[tile])
            self.assertEqual(self.redone(), self.around(tile))
            self.assertEqual(self.redone(), [])

    def test_an_input_of_another_size_with_the_old_time(self):
        path = self.tiles[12]
        times = os.stat(path)
        with open(path, "ab") as file:
            file.write(b"\0" * 16)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        self.assertEqual(self.redone(), self.around(12))

    def test_new_values(self):
        col, row = 40, 20
        self.z[row:row + 20, col:col + 20] += 5
        write_raster(self.tiles[7], self.z[row:row + 20, col:col + 20],
                     geotransform=shifted(NORTH_UP, col, row))
        self.assertEqual(self.redone(), self.around(7))
        self.assert_windows(self.tiles, self.whole(self.tiles))

    def test_options(self):
        everything = list(range(20))
        for options in (["--edge-order", 2], ["--frame", "true"], ["--metric", "map"],
                        ["--nodata-edges", "propagate"], ["--z-factor", 2], ["--z-unit", "ft"],
                        ["--ot", "Float64"], ["--bands", "dzdx"], ["--nodata", "-9999"],
                        ["--co", "COMPRESS=DEFLATE"], ["--spacing", "7"], ["--crs", "EPSG:32633"]):
            self.assertEqual(self.redone(*options), everything, options)
            self.assertEqual(self.redone(*options), [], options)

    def test_overwrite(self):
        self.assertEqual(self.redone("--overwrite"), list(range(20)))

    def test_an_output_that_was_removed(self):
        os.remove(self.output(self.tiles[3]))
        self.assertEqual(self.redone(), [3])

    def test_outputs_that_were_damaged(self):
        """Cut short, emptied, or no raster at all: not whole, whoever did it."""
        size = os.path.getsize(self.output(self.tiles[1]))
        for tile, length in ((1, size - 100), (2, size // 2), (3, 8), (4, 0)):
            os.truncate(self.output(self.tiles[tile]), length)
        result = self.run_batch("--verify", *self.tiles)
        self.assertEqual(result.code, 1)
        self.assertEqual(sorted(result.out.split()),
                         [self.output(self.tiles[tile]) for tile in (1, 2, 3, 4)])
        self.assertEqual(self.redone(), [1, 2, 3, 4])
        self.assert_windows(self.tiles, self.whole(self.tiles))

    def test_a_new_neighbour(self):
        """One that fills a gap redoes those around it alone."""
        gone = self.tiles.pop(7)
        os.remove(self.output(gone))
        around = [tile for tile in self.around(7) if tile != 7]
        self.assertEqual(self.redone(), around)
        self.assert_windows(self.tiles, self.whole(self.tiles))
        self.tiles.insert(7, gone)
        self.assertEqual(self.redone(), self.around(7))
        self.assert_windows(self.tiles, self.whole(self.tiles))

    def test_a_neighbour_outside_of_the_grid_so_far(self):
        east = self.cut(np.pad(self.z, ((0, 0), (0, 20)), "edge"), [(100, 20, 20, 20)],
                        name="t020.tif")
        redone = self.redone(inputs=self.tiles + east)
        self.assertLessEqual({4, 9, 14, 20}, set(redone))
        self.assert_windows(self.tiles + east, self.whole(self.tiles + east))

    def test_another_folder_of_the_same_inputs(self):
        """Outputs were made from those paths, not from these."""
        moved = self.path("moved")
        shutil.copytree(self.path("in"), moved)
        tiles = [os.path.join(moved, os.path.basename(tile)) for tile in self.tiles]
        self.assertEqual(self.redone(inputs=tiles), list(range(20)))

    def test_foreign_files_stay(self):
        """What no killed batch of this machine left is not for a rerun to remove."""
        names = (".demgrad-notes", "t000.tif.tmp", ".hidden", "t000_gradient.tif.tmp",
                 f".demgrad-{os.getpid()}-1-{os.uname().nodename}-t000_gradient.tif")
        for name in names:
            open(os.path.join(self.out, name), "w", encoding="ascii").close()
        self.assertEqual(self.run_batch(*self.tiles).code, 0)
        self.assertLessEqual(set(names), set(os.listdir(self.out)))

    def test_verify_needs_the_same_options(self):
        for options in ([], ["--edge-order", 2]):
            result = self.run_batch("--verify", *options, *self.tiles)
            self.assertEqual(result.code, len(options) // 2, options)
        os.utime(self.tiles[0])
        result = self.run_batch("--verify", *self.tiles)
        self.assertEqual(result.code, 1)
        self.assertEqual(sorted(result.out.split()),
                         [self.output(self.tiles[tile]) for tile in self.around(0)])


if __name__ == "__main__":
    batch_support.main()
