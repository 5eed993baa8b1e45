"""Inputs that are not what they were taken for: what is said, and that it is the way out."""

import functools
import gzip
import http.server
import os
import re
import tarfile
import zipfile

import numpy as np
from osgeo import gdal

import support
from support import CommandTest, NORTH_UP, terrain


class Names(CommandTest):
    def setUp(self):
        super().setUp()
        self.make(terrain(30, 40))

    def follow(self, name, *words):
        """The error tells what to type; typing it works, and gives the same as the file itself."""
        result = self.demgrad("gradient", name, "out.tif")
        self.assert_error(result, 1, name, *words)
        typed = re.search(r"type (\S+?)(,? which .*| for the first)?$", result.err.strip()).group(1)
        got = self.gradient(typed.rstrip(","))
        self.assertTrue(np.array_equal(got, self.gradient("in.tif"), equal_nan=True), typed)
        os.remove(self.path("out.tif"))

    def test_archives(self):
        with zipfile.ZipFile(self.path("a.zip"), "w") as archive:
            archive.write(self.path("in.tif"), "deep/in.tif")
            archive.writestr("readme.txt", "text")
        for name, mode in (("a.tar", "w"), ("a.tar.gz", "w:gz"), ("a.TGZ", "w:gz")):
            with tarfile.open(self.path(name), mode) as archive:
                archive.add(self.path("in.tif"), "in.tif")
                archive.add(self.path("in.tif"), "in2.tif")
        with open(self.path("in.tif"), "rb") as file, gzip.open(self.path("b.tif.gz"), "wb") as packed:
            packed.write(file.read())
        self.follow("a.zip", "archive", "/vsizip/a.zip/deep/in.tif")
        self.follow(self.path("a.zip"), "/vsizip/" + self.path("a.zip"))
        self.follow("a.tar", "/vsitar/a.tar/in.tif", "2 files")
        self.follow("a.tar.gz", "/vsitar/a.tar.gz/in.tif")
        self.follow("b.tif.gz", "/vsigzip/b.tif.gz")

    def test_archives_without_a_raster_and_broken_ones(self):
        with zipfile.ZipFile(self.path("a.zip"), "w") as archive:
            archive.writestr("readme.txt", "text")
        with open(self.path("b.zip"), "wb") as file:
            file.write(b"no archive")
        for name in ("a.zip", "b.zip"):
            self.assert_error(self.demgrad("gradient", name, "out.tif"), 1, name, "cannot be opened")

    def test_folders_and_lists_are_for_batches(self):
        os.mkdir(self.path("tiles"))
        for command in ("gradient", "slope"):
            self.assert_error(self.demgrad(command, "tiles", "out.tif"), 1, "tiles", "demgrad batch")
            self.assert_error(self.demgrad(command, "@tiles", "out.tif"), 2, "@tiles", "demgrad batch")
        self.assertEqual(self.files(), ["in.tif", "tiles"])


class WholeFiles(http.server.SimpleHTTPRequestHandler):
    """Knows no ranges."""

    def log_message(self, *_):
        pass


class NoHead(WholeFiles):
    def do_HEAD(self):
        self.send_error(int(self.path.split(".")[-2][-3:]))


class Quiet(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        pass  # the client may go at any time


class Servers(CommandTest):
    follow = Names.follow

    def serve_with(self, handler):
        server = self.serve(Quiet(("127.0.0.1", 0), functools.partial(handler, directory=self.folder)))
        return f"http://127.0.0.1:{server.server_port}/"

    def test_a_server_that_sends_no_parts(self):
        if not gdal.GetDriverByName("HTTP"):
            self.skipTest("GDAL is built without HTTP")
        self.make(terrain(1200, 1300), options=["TILED=YES"])
        url = self.serve_with(WholeFiles) + "in.tif"
        self.follow("/vsicurl/" + url, "parts", "type " + url)

    def test_a_server_that_answers_no_head_requests(self):
        """The code that it answers with is in the file's name."""
        if not gdal.GetDriverByName("HTTP"):
            self.skipTest("GDAL is built without HTTP")
        url = self.serve_with(NoHead)
        self.make(terrain(30, 40))
        for code in (403, 501):
            self.make(terrain(30, 40), name=f"in{code}.tif")
            self.follow(f"/vsicurl/{url}in{code}.tif", "HEAD")


class Mosaics(CommandTest):
    def test_growth_is_told(self):
        z = terrain(20, 30)
        self.make(z, "a.tif")
        far = (NORTH_UP[0] + 100 * 30, 30, 0, NORTH_UP[3] - 200 * 20, 0, -20)
        near = (NORTH_UP[0] + 50 * 30, 30, 0, NORTH_UP[3], 0, -20)
        self.make(z, "far.tif", geotransform=far)
        self.make(z, "near.tif", geotransform=near)
        result = self.demgrad("gradient", "--progress", "none", "a.tif", "far.tif", "out.tif")
        self.assertEqual(result.code, 0)
        first = result.err.splitlines()[0]
        for word in ("warning", "130 x 220 pixels", f"{130 * 220 / 1200:.3g} times", "demgrad batch"):
            self.assertIn(word, first)
        self.assertNotIn("times those", self.demgrad("gradient", "a.tif", "near.tif", "n.tif").err)
        self.assertIn("times those", self.demgrad("info", "a.tif", "far.tif").err)


class Pictures(CommandTest):
    def warns(self, bands, *options, interpretation=("Red", "Green", "Blue", "Alpha"), **how):
        values = np.random.default_rng(1).integers(1, 255, (bands, 20, 30))
        self.make(values, type=how.pop("type", gdal.GDT_Byte), options=["PHOTOMETRIC=MINISBLACK"], **how)
        dataset = gdal.Open(self.path("in.tif"), gdal.GA_Update)
        for i, name in zip(range(bands), interpretation):
            dataset.GetRasterBand(i + 1).SetColorInterpretation(getattr(gdal, f"GCI_{name}Band", 0))
        del dataset
        result = self.demgrad("gradient", "--progress", "none", "--overwrite", *options, "in.tif", "out.tif")
        self.assertEqual(result.code, 0, result.err)
        return "--decode" in result.err

    def test_pictures_are_no_elevations(self):
        self.assertTrue(self.warns(3))
        self.assertTrue(self.warns(4))
        self.assertTrue(self.warns(4, "-b", 3))
        self.assertFalse(self.warns(3, "--decode", "terrarium"))
        self.assertFalse(self.warns(3, "-q"))
        self.assertFalse(self.warns(1))
        self.assertFalse(self.warns(2))
        self.assertFalse(self.warns(3, type=gdal.GDT_Int16))
        self.assertFalse(self.warns(3, interpretation=("Gray", "Undefined", "Undefined")))


if __name__ == "__main__":
    support.main()
