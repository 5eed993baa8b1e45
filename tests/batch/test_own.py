"""What a batch may replace: what a batch made. Never a file that an input is made of, nor a list or an index
of inputs; nor a report, but an older one."""

import json
import os
import shutil
import subprocess
import unittest
import zipfile

from osgeo import gdal

import batch_support
from batch_support import BatchTest, support, terrain, write_raster


class Own(BatchTest):
    def setUp(self):
        super().setUp()
        self.tiles = self.regular(terrain(40, 60), 3, 2)

    def text(self, path, text="mine"):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def state(self):
        state = {}
        for folder, _, names in os.walk(self.folder):
            for name in names:
                path = os.path.join(folder, name)
                state[path] = os.readlink(path) if os.path.islink(path) else support.sha256(path)
        return state

    def assert_refused(self, *arguments, words=()):
        """Before any work, in one line, and everything is as it was."""
        before = self.state()
        self.assert_error(self.run_batch(*arguments), 1, *words)
        self.assertEqual(self.state(), before, arguments)

    # Foreign files under an output's name

    def check_foreign(self, tile, *options):
        """One output fails, which is named with the way out; the file stays, the others are made."""
        path = self.output(tile)
        before = support.sha256(path)
        result = self.run_batch("--report", self.path("report.json"), *options, *self.tiles)
        self.assertEqual(result.code, 1)
        self.assertIn(os.path.basename(path), result.err)
        self.assertIn("--overwrite", result.err)
        self.assertEqual(support.sha256(path), before)
        self.count(done=5, failed=1)
        self.assert_tidy(self.out)
        self.assertEqual(self.run_batch("--overwrite", *options, *self.tiles).code, 0)
        self.assert_windows(self.tiles, self.whole(self.tiles))
        for name in os.listdir(self.out):
            os.remove(os.path.join(self.out, name))

    def test_a_text(self):
        for text in ("mine", "DEMGRAD_FINGERPRINT=0123", "II*\0 but no TIFF of demgrad's",
                     json.dumps({"program": "demgrad"})):
            self.text(self.output(self.tiles[2]), text)
            self.check_foreign(self.tiles[2])

    def test_a_raster(self):
        write_raster(self.output(self.tiles[2]), terrain(9, 9))
        self.check_foreign(self.tiles[2])

    def test_a_gradient_of_the_other_command(self):
        result = self.demgrad("gradient", "-q", self.tiles[2], self.output(self.tiles[2]))
        self.assertEqual(result.code, 0, result.err)
        self.check_foreign(self.tiles[2])

    def test_a_damaged_raster_of_another(self):
        path = write_raster(self.output(self.tiles[2]), terrain(50, 50))
        os.truncate(path, 700)
        self.check_foreign(self.tiles[2])

    def test_side_files(self):
        """Those that GDAL would take for a part of the output, and those of its format."""
        for suffix in (".aux.xml", ".ovr", ".msk"):
            self.text(self.output(self.tiles[2]) + suffix)
            result = self.run_batch(*self.tiles)
            self.assertEqual(result.code, 1)
            self.assertIn(suffix, result.err)
            self.assertFalse(os.path.exists(self.output(self.tiles[2])))
            os.remove(self.output(self.tiles[2]) + suffix)
        header = self.text(os.path.join(self.out, "t003_gradient.hdr"))
        result = self.run_batch("-f", "ENVI", *self.tiles)
        self.assertEqual(result.code, 1)
        self.assertIn("t003_gradient.hdr", result.err)
        self.assertEqual(os.path.getsize(header), 4)

    def test_what_a_batch_made_is_replaced(self):
        """Also of several files, also damaged, and what GDAL put beside it goes with it."""
        for options in ((), ("-f", "ENVI"), ("--co", "TFW=YES")):
            made = self.batch(*options, *self.tiles)["tiles"]
            output = [tile["output"] for tile in made if tile["input"] == self.tiles[2]][0]
            os.utime(self.tiles[2])
            self.text(output + ".ovr")
            self.batch(*options, *self.tiles)
            self.assertFalse(os.path.exists(output + ".ovr"))

    def test_what_appears_meanwhile(self):
        if not shutil.which("strace"):
            self.skipTest("needs strace")
        log = self.path("log")
        trace = ["strace", "-f", "-qq", "-o", log, "-e", "trace=renameat2", "-e",
                 "inject=renameat2:delay_enter=500000"]
        probe = subprocess.run([*trace, "true"], capture_output=True, check=False)
        if probe.returncode:
            self.skipTest("strace may not trace here")
        process = subprocess.Popen(
            [*trace, support.DEMGRAD, "batch", "-q", "-j", "1", "--output-dir", self.out, self.tiles[0]],
            stderr=subprocess.PIPE, text=True)
        while process.poll() is None and not (os.path.exists(log) and os.path.getsize(log)):
            pass
        self.text(self.output(self.tiles[0]))
        err = process.communicate()[1]
        self.assertEqual(process.returncode, 1, err)
        self.assertIn("t000_gradient.tif", err)
        self.assertEqual(os.listdir(self.out), ["t000_gradient.tif"])
        self.assertEqual(os.path.getsize(self.output(self.tiles[0])), 4)

    # Inputs

    def test_an_output_that_is_an_input(self):
        """By a link of either kind; itself, as the file of another tile, of a VRT, damaged."""
        output = self.output(self.tiles[2])
        vrt = self.path("in/v.vrt")
        gdal.BuildVRT(vrt, [self.tiles[2]]).FlushCache()
        for link in (os.link, os.symlink):
            link(self.tiles[2], output)
            for options in ((), ("--overwrite",), ("--overwrite", "--part", "2/6"), ("--verify",)):
                self.assert_refused(*options, *self.tiles, words=("t002_gradient.tif", "belongs to"))
            self.assert_refused("--overwrite", vrt, self.path("in/t002.tif"),
                                words=("t002_gradient.tif", "belongs to"))
            os.remove(output)
        os.symlink(self.tiles[3], output)
        self.assert_refused("--overwrite", *self.tiles, words=("t002_gradient.tif", "t003.tif"))
        os.remove(output)
        os.truncate(self.tiles[2], 300)
        os.link(self.tiles[2], output)
        self.assert_refused("--overwrite", *self.tiles, words=("t002_gradient.tif", "belongs to"))

    def test_the_source_of_a_vrt(self):
        os.rename(self.tiles[2], self.path("in/v_gradient.tif"))
        vrt = self.path("in/v.vrt")
        gdal.BuildVRT(vrt, [self.path("in/v_gradient.tif")]).FlushCache()
        before = self.state()
        for options in ((), ("--overwrite",)):
            self.assert_error(self.run_batch(*options, vrt, out=self.path("in")), 1, "v_gradient.tif",
                              "belongs to")
        self.assertEqual(self.state(), before)

    def test_lists_and_indexes(self):
        listing = self.text(self.output(self.tiles[2]), "\n".join(self.tiles))
        for options in ((), ("--overwrite",)):
            self.assert_refused(*options, "@" + listing, words=("t002_gradient.tif", "belongs to"))
        os.remove(listing)
        subprocess.run(["gdaltindex", "-f", "GPKG", self.path("i.gpkg"), *self.tiles], check=True,
                       stdout=subprocess.DEVNULL)
        os.symlink(self.path("i.gpkg"), self.output(self.tiles[2]))
        for options in ((), ("--overwrite",)):
            self.assert_refused(*options, self.path("i.gpkg"), words=("t002_gradient.tif", "belongs to"))

    # Outputs of other inputs

    def twins(self):
        """Two rasters of one name in folders of their own."""
        for name, folder in (("dem.tif", "A"), ("dem.tif", "B")):
            write_raster(self.make_folder(folder) + "/" + name, terrain(20, 30, seed=ord(folder)))
        return self.path("A/dem.tif"), self.path("B/dem.tif")

    def make_folder(self, name):
        os.makedirs(self.path(name), exist_ok=True)
        return self.path(name)

    def test_an_output_of_another_input(self):
        """It stays, whatever the options, and in a verification; --overwrite replaces it."""
        one, other = self.twins()
        self.batch(one)
        for options in ((), ("--edge-order", "2"), ("--tile", "50x50", "--verify")):
            before = self.outputs()
            if "--tile" in options:
                self.batch("--tile", "50x50", one)
                before = self.outputs()
            result = self.run_batch(*options, other)
            self.assertEqual(result.code, 1)
            for word in (one, other, "--output-dir", "--overwrite"):
                self.assertIn(word, result.err)
            self.assertEqual(self.outputs(), before)
            self.assert_tidy(self.out)
        self.batch(one)
        self.batch("--overwrite", other)
        self.assert_windows([other], self.whole([other]))

    def test_an_input_that_has_moved(self):
        """It is no other, whether a link, another name of it, or what was there before leads elsewhere."""
        one, other = self.twins()
        self.batch(one)
        moved = os.path.join(self.make_folder("C"), "dem.tif")
        os.rename(one, moved)
        self.batch(moved)
        os.link(moved, one)
        self.batch(one)
        os.remove(one)
        os.remove(moved)
        self.batch(other)
        self.assert_windows([other], self.whole([other]))

    def test_an_output_of_an_archive_in_place_of_a_file(self):
        one, other = self.twins()
        self.batch(one)
        with zipfile.ZipFile(self.path("b.zip"), "w") as file:
            file.write(other, "dem.tif")
        before = self.outputs()
        result = self.run_batch(f"/vsizip/{self.path('b.zip')}/dem.tif")
        self.assertEqual(result.code, 1)
        self.assertIn(one, result.err)
        self.assertEqual(self.outputs(), before)

    # The mosaic

    def test_gradient_vrt(self):
        vrt = os.path.join(self.out, "gradient.vrt")
        self.batch(*self.tiles)
        self.batch("--verify", *self.tiles)
        self.batch("--verify", *self.tiles)
        gdal.BuildVRT(vrt, [self.output(tile) for tile in self.tiles]).FlushCache()
        for text in (None, "mine"):
            if text:
                self.text(vrt, text)
            before = support.sha256(vrt)
            self.assert_error(self.run_batch("--verify", *self.tiles), 1, "gradient.vrt", "--overwrite")
            self.assertEqual(support.sha256(vrt), before)
        self.assertEqual(self.run_batch("--verify", "--overwrite", *self.tiles).code, 0)
        self.assertEqual(gdal.Open(vrt).RasterCount, 2)
        self.batch("--verify", *self.tiles)

    def test_gradient_vrt_that_is_an_input(self):
        """A mosaic of the inputs, in the folder of the outputs."""
        vrt = os.path.join(self.out, "gradient.vrt")
        gdal.BuildVRT(vrt, self.tiles).FlushCache()
        self.assertEqual(self.run_batch("--tile", "20x20", vrt).code, 0)
        before = support.sha256(vrt)
        self.assert_error(self.run_batch("--tile", "20x20", "--verify", "--overwrite", vrt), 1,
                          "gradient.vrt", "belongs to")
        self.assertEqual(support.sha256(vrt), before)

    # Reports

    def test_reports(self):
        folder = self.path("in")
        os.symlink(self.out, self.path("o"))
        os.symlink(folder, self.path("i"))
        listing = self.text(self.path("list"), "\n".join(self.tiles))
        gdal.BuildVRT(self.path("v.vrt"), self.tiles).FlushCache()
        taken = [(self.tiles[2], folder), (self.path("i/t002.tif"), folder), (listing, "@" + listing),
                 (self.path("o/t002_gradient.tif"), folder),
                 (os.path.join(self.out, ".", "t002_gradient.tif"), folder),
                 (self.tiles[2], self.path("v.vrt")), (self.path("v.vrt"), self.path("v.vrt"))]
        for report, source in taken:
            for options in ((), ("--overwrite",)):
                self.assert_refused(*options, "--report", report, source, words=(os.path.basename(report),))
        self.text(self.path("r.json"))
        self.assert_refused("--report", self.path("r.json"), folder, words=("r.json", "--overwrite"))
        self.assertEqual(self.run_batch("--overwrite", "--report", self.path("r.json"), folder).code, 0)
        self.assertEqual(self.run_batch("--report", self.path("r.json"), folder).code, 0)
        with open(self.path("r.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file)["kept"], 6)

    def test_reports_to_stdout(self):
        result = self.demgrad("batch", "--output-dir", self.out, "--report", "-", *self.tiles)
        self.assertEqual(result.code, 0, result.err)
        self.assertRegex(result.err, r"^6 outputs: 6 made, .*\n$")
        self.assertEqual(json.loads(result.out)["done"], 6)
        os.remove(self.output(self.tiles[2]))
        result = self.demgrad("batch", "--verify", "--output-dir", self.out, "--report", "-", *self.tiles)
        self.assertEqual(result.code, 1)
        report = json.loads(result.out)
        self.assertEqual([tile["output"] for tile in report["tiles"] if tile["state"] == "missing"],
                         [self.output(self.tiles[2])])


if __name__ == "__main__":
    unittest.TestCase.maxDiff = None
    batch_support.main()
