"""What makes an output out of date, and what is told of it: any file that an input is made of, not the way
its path is written; other options; inputs that are gone."""

import os
import shutil
import unittest
import zipfile

import numpy as np
from osgeo import gdal

import batch_support
from batch_support import BatchTest, terrain, write_raster

ZARR = gdal.GetDriverByName("Zarr")


class Changes(BatchTest):
    def setUp(self):
        super().setUp()
        self.tiles = self.regular(terrain(20, 60), 3, 1)

    def done(self, *arguments, out=None):
        """Runs; the inputs whose outputs are made."""
        report = self.batch(*arguments, out=out)
        return [os.path.basename(tile["input"]) for tile in report["tiles"] if tile["state"] == "done"]

    def states(self, *arguments, code=0):
        """Runs; the states of outputs by their names."""
        result = self.run_batch("--report", self.path("report.json"), *arguments)
        self.assertEqual(result.code, code, result.err)
        return {os.path.basename(tile["output"]): tile["state"] for tile in self.report()["tiles"]}

    # Files

    def mask_of(self, path):
        """What a mask beside the raster would have, by which all is valid."""
        dataset = gdal.Open(path)
        dataset.CreateMaskBand(gdal.GMF_PER_DATASET)
        dataset.GetRasterBand(1).GetMaskBand().Fill(255)
        dataset = None
        with open(path + ".msk", "rb") as file:
            content = file.read()
        os.remove(path + ".msk")
        return content

    def test_files_beside_an_input(self):
        """Each that is there by its name, whoever reads it: added, changed, removed."""
        self.batch(*self.tiles)
        path = self.tiles[0]
        mask = self.mask_of(path)
        for name in (path + ".aux.xml", path + ".ovr", path + ".msk", path[:-4] + ".prj",
                     path[:-4] + ".tfw", path[:-4] + ".TFW", path[:-4] + ".wld"):
            with self.subTest(name):
                content = {"xml": b"<PAMDataset/>", "msk": mask}.get(name[-3:], b"1\n0\n0\n-1\n0\n0\n")
                for change in (b" ", b"  "):
                    with open(name, "wb") as file:
                        file.write(content + change)
                    self.assertEqual(self.states("--verify", *self.tiles, code=1),
                                     {"t000_gradient.tif": "out-of-date", "t001_gradient.tif": "out-of-date",
                                      "t002_gradient.tif": "kept"})
                    self.run_batch(*self.tiles)
                    self.assertEqual(self.run_batch("--verify", *self.tiles).code, 0)
                os.remove(name)
                self.assertEqual(self.done(*self.tiles), ["t000.tif", "t001.tif"])

    def test_a_mask_that_is_added(self):
        """Its pixels are out of the gradient."""
        self.batch(*self.tiles)
        mask = np.full((20, 20), 255, np.uint8)
        mask[5, 5] = 0
        dataset = gdal.Open(self.tiles[0])
        dataset.CreateMaskBand(gdal.GMF_PER_DATASET)
        dataset.GetRasterBand(1).GetMaskBand().WriteArray(mask)
        dataset = None
        self.assertTrue(os.path.exists(self.tiles[0] + ".msk"))
        self.assertEqual(self.done(*self.tiles), ["t000.tif", "t001.tif"])
        self.assertTrue(np.isnan(batch_support.pixels(self.output(self.tiles[0]))[0, 5, 5]))

    def test_files_that_are_no_part_of_it(self):
        self.batch(*self.tiles)
        for name in ("t000.txt", "t000.tif.md5", "t000b.prj", "t000_2.tfw", "t00.prj"):
            with open(self.path("in/" + name), "w", encoding="ascii") as file:
                file.write("x")
        self.assertEqual(self.done(*self.tiles), [])

    def test_sources_of_vrts(self):
        """However deep, also one that two inputs share."""
        inner = self.path("inner.vrt")
        gdal.BuildVRT(inner, self.tiles[:2]).FlushCache()
        west, east = self.path("west.vrt"), self.path("east.vrt")
        gdal.Translate(west, inner, format="VRT", srcWin=[0, 0, 20, 20])
        gdal.Translate(east, inner, format="VRT", srcWin=[20, 0, 20, 20])
        self.batch(west, east)
        for touched in (self.tiles[1], inner):
            os.utime(touched)
            self.assertEqual(self.done(west, east), ["west.vrt", "east.vrt"])
        with open(self.tiles[0] + ".aux.xml", "w", encoding="ascii") as file:
            file.write("<PAMDataset/>")
        self.assertEqual(self.done(west, east), ["west.vrt", "east.vrt"])
        os.utime(self.tiles[2])
        self.assertEqual(self.done(west, east), [])

    def test_archives(self):
        archive = self.path("tiles.zip")
        with zipfile.ZipFile(archive, "w") as file:
            for tile in self.tiles:
                file.write(tile, os.path.basename(tile))
        inputs = [f"/vsizip/{archive}/{os.path.basename(tile)}" for tile in self.tiles]
        self.batch(*inputs)
        self.assertEqual(self.done(*inputs), [])
        os.utime(archive)
        self.assertEqual(self.done(*inputs), ["t000.tif", "t001.tif", "t002.tif"])

    def test_values_beside_a_header(self):
        paths = []
        for tile in self.tiles:
            paths.append(tile[:-4] + ".bil")
            gdal.Translate(paths[-1], tile, format="EHdr")
        self.batch(*paths)
        os.utime(paths[0][:-4] + ".hdr")
        self.assertEqual(self.done(*paths), ["t000.bil", "t001.bil"])

    @unittest.skipUnless(ZARR, "GDAL has no Zarr")
    def test_a_folder_that_is_a_raster(self):
        """A piece of it that is changed in place changes no folder's time."""
        path = self.path("z.zarr")
        gdal.Translate(path, self.tiles[0], format="Zarr")
        self.batch(path)
        self.assertEqual(self.done(path), [])
        files = [os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names]
        chunk = [file for file in files if os.path.basename(file)[0].isdigit()][0]
        os.utime(chunk)
        self.assertEqual(self.done(path), ["z.zarr"])

    def test_how_a_path_is_written(self):
        os.symlink(self.path("in"), self.path("link"))
        os.makedirs(self.path("links"))
        self.batch(self.path("in"))
        folder = os.path.relpath(self.path("in"))
        self.assertEqual(self.done(self.path("link")), [])
        self.assertEqual(self.done(folder), [])
        self.assertEqual(self.done(*[os.path.join(folder, ".", os.path.basename(t)) for t in self.tiles]), [])
        for tile in self.tiles:
            os.symlink(tile, self.path("links/" + os.path.basename(tile)))
        self.assertEqual(self.done(self.path("links")), [])

    # Options

    def test_other_options(self):
        self.batch(*self.tiles)
        result = self.demgrad("batch", "--verify", "--output-dir", self.out, "--edge-order", 2, *self.tiles)
        self.assertEqual(result.code, 1)
        self.assertIn("3 made with other options", result.err)
        self.assertEqual(sorted(result.out.split()), [self.output(tile) for tile in self.tiles])
        os.remove(self.output(self.tiles[2]))
        os.utime(self.tiles[0])
        self.assertEqual(self.states("--verify", *self.tiles, code=1),
                         {"t000_gradient.tif": "out-of-date", "t001_gradient.tif": "out-of-date",
                          "t002_gradient.tif": "missing"})
        self.count(missing=1, out_of_date=2)
        self.states("--verify", "--edge-order", 2, *self.tiles, code=1)
        self.count(missing=1, other_options=2)
        result = self.demgrad("batch", "--output-dir", self.out, "--edge-order", 2, *self.tiles)
        self.assertIn("2 outputs were made with other options", result.err)
        self.assertEqual(self.run_batch("--verify", "--edge-order", 2, *self.tiles).code, 0)

    # Inputs that are gone

    def test_orphans_are_named(self):
        """By a run and by --verify; they are no failure, and stay."""
        self.batch(*self.tiles)
        os.remove(self.tiles[1])
        for options in ((), ("--verify",)):
            result = self.demgrad("batch", *options, "--output-dir", self.out, "--report",
                                  self.path("report.json"), self.path("in"))
            self.assertEqual(result.code, 0, result.err)
            self.assertIn("t001_gradient.tif", result.err)
            self.assertIn("--prune", result.err)
            self.assertEqual(self.report()["orphans"],
                             [{"output": self.output(self.tiles[1]), "state": "orphan"}])
        self.assertTrue(os.path.exists(self.output(self.tiles[1])))

    def test_outputs_of_another_batch(self):
        """Of inputs that are there, but none of this batch's: not named, not removed."""
        self.batch(*self.tiles)
        result = self.demgrad("batch", "--prune", "--progress", "none", "--output-dir", self.out,
                              *self.tiles[1:])
        self.assertRegex(result.err, r"\A2 outputs: 1 made, 1 kept, .*\n\Z")
        self.assertEqual(len(self.outputs()), 3)

    def test_outputs_in_another_format(self):
        """Of an input that is there: not named, not removed."""
        self.batch(*self.tiles)
        result = self.demgrad("batch", "--prune", "--progress", "none", "-f", "ENVI", "--output-dir", self.out,
                              *self.tiles)
        self.assertRegex(result.err, r"\A3 outputs: .*\n\Z")
        for tile in self.tiles:
            self.assertTrue(os.path.exists(self.output(tile)))

    def test_names_of_any_bytes(self):
        """That an input is gone is told by its name."""
        for name in ("a%41 b\x1b\n;=.tif", "\u00e9\udcff.tif"):
            path = self.make(terrain(9, 9), name="plain.tif")
            odd = os.path.join(self.folder, name)
            os.rename(path, odd)
            self.run_batch(odd, self.tiles[0])
            self.batch("--prune", self.tiles[0])
            self.assertEqual(len(self.outputs()), 2)
            os.remove(odd)
            self.batch("--prune", self.tiles[0])
            self.assertEqual(list(self.outputs()), ["t000_gradient.tif"])

    def test_prune(self):
        """What a batch made, with the files beside it; not what others made, nor a user's copy."""
        for options in (("--co", "TFW=YES"), ("-f", "ENVI")):
            with self.subTest(options):
                made = self.batch(*options, *self.tiles)["tiles"]
                output = [tile["output"] for tile in made if tile["input"] == self.tiles[1]][0]
                dataset = gdal.Open(output)
                dataset.GetRasterBand(1).ComputeStatistics(False)
                dataset = None
                self.assertTrue(os.path.exists(output + ".aux.xml"))
                gone = {name for name in os.listdir(self.out) if name.startswith("t001_gradient")}
                self.assertGreater(len(gone), 2)
                write_raster(os.path.join(self.out, "x_gradient.tif"), terrain(9, 9))
                shutil.copy(self.output(self.tiles[0]) if options[0] == "--co" else output,
                            os.path.join(self.out, "mine_gradient.tif"))
                outside = self.path("outside.tif")
                shutil.copy(output, outside)
                os.symlink(outside, os.path.join(self.out, "t009_gradient.tif"))
                for name in ("t001_gradient.txt", "t001_gradient2.tif", "t001_gradient.qml"):
                    with open(os.path.join(self.out, name), "w", encoding="ascii") as file:
                        file.write("mine")
                before = set(os.listdir(self.out))
                os.rename(self.tiles[1], self.path("away.tif"))
                self.batch("--prune", *options, self.tiles[0], self.tiles[2])
                os.rename(self.path("away.tif"), self.tiles[1])
                self.assertEqual(before - set(os.listdir(self.out)), gone)
                self.assertEqual(self.report()["orphans"], [{"output": output, "state": "removed"}])
                self.assertTrue(os.path.exists(outside))
                shutil.rmtree(self.out)
                os.mkdir(self.out)

    def test_prune_of_several_inputs(self):
        """All of each, not only of the first one that is asked for."""
        self.batch(*self.tiles)
        before = set(self.outputs())
        result = self.demgrad("batch", "--output-dir", self.out, "--tile", "10x20", *self.tiles)
        self.assertEqual(result.code, 0)
        for name in before:
            self.assertIn(name, result.err)
        self.batch("--tile", "10x20", "--prune", *self.tiles)
        self.assertEqual(len(self.outputs()), 6)
        self.assertFalse(before & set(self.outputs()))

    def test_a_verification_does_not_prune(self):
        """It says of the line of a run, with --prune too, what became of it."""
        self.batch(*self.tiles)
        os.remove(self.tiles[1])
        result = self.demgrad("batch", "--verify", "--prune", "--edge-order", 2, "--output-dir", self.out,
                              self.path("in"))
        self.assertRegex(result.err, "^demgrad: warning: --prune: changes nothing, as --verify removes nothing")
        self.assertEqual(result.code, 1)
        self.assertEqual(len(self.outputs()), 3)
        self.batch("--prune", "--edge-order", 2, self.path("in"))
        self.batch("--prune", "--edge-order", 2, "--verify", self.path("in"))
        self.count(kept=2)
        self.assertEqual(len(self.outputs()), 2)

    def test_a_part_prunes_once(self):
        self.batch(*self.tiles)
        os.remove(self.tiles[1])
        self.batch("--prune", "--part", "1/2", self.tiles[0], self.tiles[2])
        self.assertTrue(os.path.exists(self.output(self.tiles[1])))
        self.batch("--prune", "--part", "0/2", self.tiles[0], self.tiles[2])
        self.assertFalse(os.path.exists(self.output(self.tiles[1])))

    def test_prune_of_cut_inputs(self):
        """Larger tiles are fewer; those of an input that cannot be opened stay."""
        big = self.make(terrain(40, 40), name="big.tif")
        self.batch("--tile", "10x10", big)
        with open(big, "rb") as file:
            data = file.read()
        os.truncate(big, 0)
        self.run_batch("--tile", "10x10", "--prune", big)
        self.assertEqual(len(self.outputs()), 16)
        with open(big, "wb") as file:
            file.write(data)
        self.batch("--tile", "20x20", "--prune", big)
        self.assertEqual(len(self.outputs()), 4)

    def test_prune_spares_inputs(self):
        """An output that is an input of the batch now."""
        self.batch(self.tiles[1])
        os.remove(self.tiles[1])
        self.batch("--prune", "-b", 2, "--metric", "map", self.output(self.tiles[1]))
        self.assertTrue(os.path.exists(self.output(self.tiles[1])))


if __name__ == "__main__":
    batch_support.main()
