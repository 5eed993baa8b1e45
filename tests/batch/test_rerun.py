"""A batch that is run again keeps what is finished and redoes what has changed."""

import os
import time
import shutil
import struct

import numpy as np
from osgeo import gdal

import batch_support
from batch_support import BatchTest, shifted, support, NORTH_UP, terrain, write_raster


def change_tag(path, tag, change):
    """Changes the whole numbers of a tag of a small little-endian TIFF, in place."""
    with open(path, "r+b") as file:
        data = bytearray(file.read())
        start, = struct.unpack_from("<I", data, 4)
        for i in range(*struct.unpack_from("<H", data, start)):
            entry = start + 2 + 12 * i
            found, type, count = struct.unpack_from("<HHI", data, entry)
            form = f"<{count}{'H' if type == 3 else 'I'}"
            if found == tag:
                place = entry + 8
                if struct.calcsize(form) > 4:
                    place, = struct.unpack_from("<I", data, place)
                values = change(list(struct.unpack_from(form, data, place)))
                struct.pack_into(form, data, place, *values)
        file.seek(0)
        file.write(data)


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

    def test_an_input_that_changes_within_a_tick_of_its_times(self):
        """Where the file system keeps whole seconds, as ext3, HFS+ and FAT do, a change in the second in which
        an input was read does not show. So the run lets that second pass first; also where one is read
        again while it changes."""
        path = self.tiles[7]

        def change():
            with open(path, "r+b") as file:
                file.seek(-4, os.SEEK_END)
                file.write(np.float32(time.time() % 1000).tobytes())
            os.utime(path, (int(time.time()), int(time.time())))
        for _ in range(2):
            change()
            began = int(os.stat(path).st_mtime)
            self.assertEqual(self.redone(), self.around(7))
            self.assertGreaterEqual(time.time(), began + 2)
        os.utime(path, (began + 3600, began + 3600)) # of a clock that is wrong
        began = time.time()
        self.assertEqual(self.redone(), self.around(7))
        self.assertEqual(self.redone(), [])
        self.assertLess(time.time(), began + 1800)

    def test_new_values(self):
        col, row = 40, 20
        self.z[row:row + 20, col:col + 20] += 5
        write_raster(self.tiles[7], self.z[row:row + 20, col:col + 20],
                     geotransform=shifted(NORTH_UP, col, row))
        self.assertEqual(self.redone(), self.around(7))
        self.assert_windows(self.tiles, self.whole(self.tiles))

    def test_options(self):
        """Each alone, over what another one made: told by --verify and by the run, which makes all anew, and
        once."""
        two = self.tiles[:2]
        for options in (["--edge-order", 2], ["--frame", "true"], ["--metric", "map"], ["--method", "horn"],
                        ["--method", "evans", "--window-size", 5], ["--wrap", "no"],
                        ["--nodata-edges", "propagate"], ["--z-factor", 2], ["--z-factor", 2.0000000000000004],
                        ["--z-unit", "ft"], ["--oo", "NUM_THREADS=1"], ["--if", "GTiff"], ["--input-nodata", "1,2"],
                        ["--ot", "Float64"], ["--bands", "dzdx"],
                        ["--bands", "dzdy,dzdx"], ["--bands", "slope"], ["--nodata", "-9999"], ["--nodata", "0"],
                        ["--bands", "aspect"], ["--bands", "aspect", "--aspect-flat", "-1"],
                        ["--bands", "hillshade"], ["--bands", "hillshade", "--azimuth", "9"],
                        ["--bands", "hillshade", "--altitude", "9"],
                        ["--bands", "hillshade", "--hillshade", "combined"],
                        ["--bands", "hillshade", "--z-exaggeration", "2"],
                        ["--bands", "error-slope,slope", "--z-error", "1"],
                        ["--bands", "error-slope,slope", "--z-error", "2"],
                        ["--co", "COMPRESS=DEFLATE"], ["--co", "SPARSE_OK=YES"], ["-f", "COG"],
                        ["--no-statistics"], ["--spacing", "7"], ["--spacing", "7,8"], ["--crs", "EPSG:32633"]):
            with self.subTest(options):
                self.run_batch("--verify", "--report", self.path("report.json"), *options, *two)
                self.count(other_options=2)
                self.assertEqual(self.redone(*options, inputs=two), [0, 1])
                self.assertIn("2 outputs were made with other options", "".join(self.report()["warnings"]))
                self.assertEqual(self.redone(*options, inputs=two), [])
                self.assertEqual(self.report()["warnings"], [])

    def test_how_inputs_are_cut(self):
        """Larger tiles and wider overlaps make other outputs of the same names."""
        inputs = [self.make(self.z, name="large.tif"), self.make(terrain(8, 8), name="small.tif")]
        self.batch("--tile", "40x40", *inputs)
        for options in (("--tile", "50x40"), ("--tile", "50x40", "--overlap", 1), ("--tile", "50x40")):
            with self.subTest(options):
                self.run_batch("--verify", "--report", self.path("report.json"), *options, *inputs)
                self.count(other_options=4, kept=1)
                report = self.batch(*options, *inputs)
                self.count(done=4, kept=1)
                self.assertIn("4 outputs were made with other options", "".join(report["warnings"]))

    def test_an_input_of_another_size(self):
        """It has changed: what was made of it is not missing."""
        tile = self.make(terrain(20, 30), name="alone.tif")
        self.batch(tile)
        self.make(terrain(21, 30), name="alone.tif")
        self.run_batch("--verify", "--report", self.path("report.json"), tile)
        self.count(out_of_date=1)
        self.assertEqual(self.batch(tile)["warnings"], [])
        self.count(done=1)

    def test_options_that_no_run_could_take(self):
        """Wrong usage, which no further run mends, whatever is there."""
        self.assert_error(self.run_batch("--verify", "--co", "COMPRESS=NONESUCH", *self.tiles), 2)

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

    def test_outputs_that_were_changed_since(self):
        """Their place, CRS, nodata value, scale or bands, by themselves or by a file beside them."""
        def put_elsewhere(path):
            dataset = gdal.Open(path, gdal.GA_Update)
            dataset.SetGeoTransform((0, 1, 0, 0, 0, -1))
            dataset = None

        def set_nodata(path):
            dataset = gdal.Open(path, gdal.GA_Update)
            gdal.PushErrorHandler("CPLQuietErrorHandler")
            dataset.GetRasterBand(1).SetNoDataValue(0)
            gdal.PopErrorHandler()
            dataset = None

        def lay_nodata_beside(path):
            with open(path + ".aux.xml", "w", encoding="utf-8") as file:
                file.write('<PAMDataset><PAMRasterBand band="1"><NoDataValue>0</NoDataValue>'
                           '</PAMRasterBand></PAMDataset>')

        def drop_band(path):
            gdal.Translate(path + ".new", path, format="GTiff", bandList=[1]).FlushCache()
            os.replace(path + ".new", path)

        def change_crs(path):
            dataset = gdal.Open(path, gdal.GA_Update)
            dataset.SetSpatialRef(support.crs("EPSG:32633"))
            dataset = None

        def drop_crs(path):
            dataset = gdal.Open(path, gdal.GA_Update)
            dataset.SetSpatialRef(None)
            dataset = None

        def scale(path):
            dataset = gdal.Open(path, gdal.GA_Update)
            dataset.GetRasterBand(2).SetScale(2)
            dataset = None

        for change in (put_elsewhere, set_nodata, lay_nodata_beside, drop_band, change_crs, drop_crs,
                       scale):
            with self.subTest(change.__name__):
                change(self.output(self.tiles[7]))
                self.assertEqual(self.run_batch("--verify", *self.tiles).code, 1)
                self.assertEqual(self.redone(), [7])
                self.assertEqual(self.redone(), [])

    def test_a_crs_that_the_format_keeps_otherwise(self):
        """What it makes of it is no change."""
        for crs in ("+proj=longlat +datum=WGS84 +lon_wrap=180", "+proj=laea +lat_0=9 +R=6371000",
                    "EPSG:32632+5773", "EPSG:2056"):
            for options in ((), ("-f", "COG"), ("-f", "ENVI")):
                out = self.path("crs")
                inputs = ["--crs", crs, *options, *self.tiles[:4]]
                result = self.run_batch(*inputs, out=out)
                self.assertEqual(result.code, 0, result.err)
                before = {name: os.stat(os.path.join(out, name)).st_mtime_ns for name in os.listdir(out)}
                for verify in ((), ("--verify",)):
                    result = self.run_batch(*verify, *inputs, out=out)
                    self.assertEqual((result.code, result.out), (0, ""), f"{crs} {options}")
                for name, time in before.items():
                    self.assertEqual(os.stat(os.path.join(out, name)).st_mtime_ns, time)
                shutil.rmtree(out)

    def test_outputs_whose_last_write_was_lost(self):
        """The header is there and has the fingerprint, but a block has no place, no length, another's
        place, or one beyond the file. Read, the first two are all nodata."""
        offsets, lengths = 324, 325  # tags of TIFF
        for tile, tag, change in ((1, lengths, lambda v: [0] * len(v)),
                                  (2, offsets, lambda v: [0] * len(v)),
                                  (3, lengths, lambda v: [*v[:-1], 0]),
                                  (4, offsets, lambda v: [*v[:-1], v[0]]),
                                  (5, offsets, lambda v: [v[0] + 2 ** 20, *v[1:]])):
            change_tag(self.output(self.tiles[tile]), tag, change)
        damaged = [1, 2, 3, 4, 5]
        result = self.run_batch("--verify", *self.tiles)
        self.assertEqual(result.code, 1)
        self.assertEqual(sorted(result.out.split()),
                         [self.output(self.tiles[tile]) for tile in damaged])
        self.assertEqual(self.redone(), damaged)
        self.assert_windows(self.tiles, self.whole(self.tiles))

    def test_sparse_outputs(self):
        """Blocks of nodata that the user wants left out are no loss."""
        options = ("--co", "SPARSE_OK=YES", "--co", "BLOCKXSIZE=16", "--co", "BLOCKYSIZE=16")
        z = terrain(60, 60)
        z[:, :48] = np.nan
        path = self.make(z, name="sparse.tif")
        self.batch(*options, path)
        size = os.path.getsize(self.output(path))
        self.batch(*options, path)
        self.count(kept=1)
        self.batch(*options, "--verify", path)
        self.batch(*options[2:], "--overwrite", path)
        self.assertLess(size, 0.75 * os.path.getsize(self.output(path)))

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
        self.assertEqual(self.redone(inputs=self.tiles + east), [4, 9, 14, 20])
        self.assert_windows(self.tiles + east, self.whole(self.tiles + east))

    def test_the_grid_grows(self):
        """To the west and north, by a tile that comes first: just its neighbours are made anew, and all is as
        in the whole. On grids whose pixels' sizes and origins have no end in binary, and on a turned one."""
        degrees = 1 / 3600
        for name, crs, grid in (
                ("utm", "EPSG:32632", (399999.7, 29.99999, 0, 5100003.3, 0, -29.99999)),
                ("arc seconds", "EPSG:4326", (7 - degrees / 2, degrees, 0, 47 + degrees / 2, 0, -degrees)),
                ("skewed", "EPSG:3035", (4321000.1, 24.3, 7.1, 3210000.7, 7.1, -24.3))):
            with self.subTest(name):
                self.out = self.path("out " + name)
                how = {"grid": grid, "srs": crs, "folder": name}
                z = terrain(80, 100)
                tiles = self.cut(z, [(20 * i, 20 * j, 20, 20) for j in range(1, 4) for i in range(1, 5)],
                                 name="u{:03d}.tif", **how)
                self.batch(*tiles)
                for part, number, around in (((0, 20, 20, 20), 100, [0, 4]), ((40, 0, 20, 20), 101, [0, 1, 2])):
                    new = self.cut(z, [part], name=f"n{number}.tif", **how)
                    self.assertEqual(sorted(self.redone(inputs=new + tiles)), sorted([number] + around))
                    tiles = new + tiles
                    self.assert_windows(tiles, self.whole(tiles))
                    self.assert_windows(tiles, self.whole(tiles[::-1]))

    def test_tiles_that_differ_in_their_last_digits(self):
        """As tools that compute each tile's geotransform write them."""
        out, tiles = self.path("out digits"), []
        grid = (399999.7, 29.99999, 0, 5100003.3, 0, -29.99999)
        for i, tile in enumerate(self.regular(self.z, 5, 4, grid=grid, folder="digits")):
            dataset = gdal.Open(tile, gdal.GA_Update)
            g = list(dataset.GetGeoTransform())
            g[1] *= 1 + (i % 3 - 1) * 2 ** -52
            g[0] *= 1 + (i % 2) * 2 ** -52
            dataset.SetGeoTransform(g)
            dataset = None
            tiles.append(tile)
        self.batch(*tiles[5:], out=out)
        self.batch(*tiles, out=out)
        kept = [t["input"] for t in self.report()["tiles"] if t["state"] == "kept"]
        self.assertEqual(sorted(kept), tiles[10:])
        self.assert_windows(tiles, self.whole(tiles), out=out)

    def test_another_folder_of_the_same_inputs(self):
        """Outputs were made from those paths, not from these, and are theirs while they are there."""
        moved = self.path("moved")
        shutil.copytree(self.path("in"), moved)
        tiles = [os.path.join(moved, os.path.basename(tile)) for tile in self.tiles]
        before = self.stamps()
        self.assertEqual(self.run_batch("--report", self.path("report.json"), *tiles).code, 1)
        self.count(failed=20)
        self.assertEqual(self.stamps(), before)
        shutil.rmtree(self.path("in"))
        self.assertEqual(self.redone(inputs=tiles), list(range(20)))

    def test_the_order_of_the_inputs(self):
        """It counts where inputs overlap: which is on top. Else it does not."""
        self.assertEqual(self.redone(inputs=self.tiles[::-1]), [])
        out = self.path("over")
        parts = [(0, 0, 40, 40), (30, 0, 40, 40), (35, 10, 40, 40), (60, 60, 30, 20)]
        tiles = self.cut(self.z, parts, folder="over-in")
        self.batch(*tiles, out=out)
        for order, done in (((3, 0, 1, 2), []), ((0, 2, 1, 3), [0]), ((2, 3, 1, 0), [1, 2]), ((2, 0, 3, 1), [2])):
            self.batch(*[tiles[i] for i in order], out=out)
            made = [t["input"] for t in self.report()["tiles"] if t["state"] == "done"]
            self.assertEqual(made, [tiles[i] for i in done], order)

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
