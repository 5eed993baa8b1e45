"""What a batch may replace: what a batch made. Never a file that an input is made of, nor a list or an index
of inputs; nor a report, but an older one."""

import glob
import gzip
import json
import os
import shutil
import signal
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

    def test_what_another_batch_makes_meanwhile(self):
        """Of another input, under the same name: it stays, and the one that comes later fails."""
        for folder in ("a", "b"):
            os.mkdir(self.path(folder))
        large = write_raster(self.path("a/dem.tif"), terrain(2000, 2000))
        small = write_raster(self.path("b/dem.tif"), terrain(20, 20))
        process = subprocess.Popen(
            [support.DEMGRAD, "batch", "-q", "-j", "1", "--co", "COMPRESS=DEFLATE", "--co", "ZLEVEL=9",
             "--output-dir", self.out, large], stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        while process.poll() is None and not glob.glob(self.out + "/.demgrad-*/new/*"):
            pass
        process.send_signal(signal.SIGSTOP)
        result = self.run_batch(small)
        self.assertEqual(result.code, 0, result.err)
        before = support.sha256(self.output(small))
        process.send_signal(signal.SIGCONT)
        err = process.communicate()[1]
        self.assertEqual(process.returncode, 1, err)
        self.assertIn(f"is the output of {small}, not of {large}", err)
        self.assertEqual(support.sha256(self.output(small)), before)
        self.assert_tidy(self.out)

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

    def zipped(self, folder, *members, seed=1):
        """Names of rasters in an archive in a folder of its own."""
        archive = os.path.join(self.make_folder(folder), "a.zip")
        write_raster(self.path("member.tif"), terrain(20, 30, seed=seed))
        with zipfile.ZipFile(archive, "w") as file:
            for member in members:
                file.write(self.path("member.tif"), member)
        return [f"/vsizip/{archive}/{member}" for member in members]

    def gzipped(self, folder, seed):
        write_raster(self.path("member.tif"), terrain(20, 30, seed=seed))
        path = os.path.join(self.make_folder(folder), "dem.tif.gz")
        with open(self.path("member.tif"), "rb") as plain, gzip.open(path, "wb") as file:
            shutil.copyfileobj(plain, file)
        return f"/vsigzip/{path}"

    def copied(self, driver, folder, name, form, seed, options=()):
        """The name of a subdataset in a file of another format in a folder of its own."""
        if gdal.GetDriverByName(driver) is None:
            self.skipTest(f"this GDAL has no {driver}")
        write_raster(self.path("member.tif"), terrain(20, 30, seed=seed))
        path = os.path.join(self.make_folder(folder), name)
        gdal.Translate(path, self.path("member.tif"), format=driver, creationOptions=list(options))
        return form.format(path)

    def check_others(self, one, other):
        """An output of one is not replaced by that of the other, before or after it moves; it is by its own."""
        self.batch("--overwrite", one)
        before = self.outputs()
        result = self.run_batch(other)
        self.assertEqual(result.code, 1, other)
        for word in ("is the output of", "--output-dir", "--overwrite"):
            self.assertIn(word, result.err)
        self.assertEqual(self.outputs(), before)
        self.batch("--edge-order", 2, one)
        self.assertNotEqual(self.outputs(), before)
        self.batch("--overwrite", other)

    def test_outputs_of_members(self):
        one, second = self.zipped("A", "a/dem.tif", "b/dem.tif")
        other, = self.zipped("B", "a/dem.tif", seed=2)
        self.check_others(one, second)
        self.check_others(one, other)

    def test_outputs_of_packed_files(self):
        self.check_others(self.gzipped("A", 1), self.gzipped("B", 2))

    def test_outputs_of_subdatasets(self):
        for driver, name, form, options in (("netCDF", "d.nc", 'NETCDF:"{}":Band1', ()),
                                            ("GPKG", "d.gpkg", "GPKG:{}:d", ("RASTER_TABLE=d",))):
            with self.subTest(driver):
                self.check_others(*(self.copied(driver, folder, name, form, seed, options)
                                    for folder, seed in (("A", 1), ("B", 2))))

    def test_an_archive_that_is_named_otherwise_or_moved(self):
        one, = self.zipped("A", "dem.tif")
        self.batch(one)
        before = self.outputs()
        os.symlink(self.path("A"), self.path("link"))
        for name in (f"/vsizip/{self.path('link')}/a.zip/dem.tif", "/vsizip/A/a.zip/dem.tif"):
            result = self.demgrad("batch", "--progress", "none", "--output-dir", self.out, name)
            self.assertEqual(result.code, 0, result.err)
        self.assertEqual(self.outputs(), before)
        os.rename(self.path("A"), self.path("C"))
        os.remove(self.path("link"))
        self.batch(one.replace("/A/", "/C/"))

    def test_outputs_of_archives_are_no_orphans(self):
        """Nobody knows whether what is in them is gone."""
        one, = self.zipped("A", "one.tif")
        other, = self.zipped("B", "other.tif")
        self.batch(one)
        os.remove(self.path("A/a.zip"))
        self.batch("--prune", other)
        self.assertEqual(len(self.outputs()), 2)

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

    def test_gradient_vrt_that_is_a_link(self):
        """To another folder, from which the outputs have other names."""
        self.batch(*self.tiles)
        os.makedirs(self.path("far/off"))
        there = self.path("far/off/mine.vrt")
        self.text(there, "mine")
        os.symlink(there, os.path.join(self.out, "gradient.vrt"))
        for options in ([], ["--overwrite"]):
            self.assert_error(self.run_batch("--verify", *options, *self.tiles), 1, "gradient.vrt", "link")
        with open(there, encoding="ascii") as file:
            self.assertEqual(file.read(), "mine")

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
