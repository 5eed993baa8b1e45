"""`gdal raster gradient`, by the plugin of GDAL: the command's bytes, options and care of files."""

import json
import os
import re
import shutil
import subprocess
import sys

import support
from support import Result, terrain
from test_docs import Docs, code_blocks, read_document

PLUGIN = os.environ.get("DEMGRAD_GDAL_PLUGIN")


class Plugin(Docs):
    def setUp(self):
        super().setUp()
        self.make(terrain(70, 90))

    def gdal(self, *arguments):
        env = {**os.environ, "GDAL_DRIVER_PATH": os.path.dirname(PLUGIN)}
        done = subprocess.run(["gdal", "raster", *map(str, arguments)], capture_output=True, text=True,
                              cwd=self.folder, env=env, stdin=subprocess.DEVNULL, timeout=60)
        return Result(done.returncode, done.stdout, done.stderr)

    def refuse(self, *arguments, words=()):
        result = self.gdal("gradient", *arguments)
        self.assertEqual(result.code, 1, (arguments, result.err))
        for word in words:
            self.assertIn(word, result.err, arguments)

    def test_bytes_are_the_commands(self):
        self.make(terrain(70, 90, seed=2), "b.tif")
        cases = ((), ("--bands", "slope,aspect,hillshade", "--azimuth", "20"), ("--method", "evans", "--window", "7"),
                 ("--window", "3,4,50,60"), ("--spacing", "2,3"), ("--metric", "map", "--nodata-edges", "propagate"),
                 ("-f", "COG", "--co", "LEVEL=3", "--co", "COMPRESS=DEFLATE"), ("--of", "GTiff", "--nodata", "-9"),
                 ("--input-nodata", "1,2,3", "--ot", "Float64", "-j", "2", "b.tif"))
        for options in cases:
            ours = self.demgrad("gradient", "-q", "--overwrite", *options, "in.tif", "ours.tif")
            theirs = self.gdal("gradient", "-q", "--overwrite", *options, "in.tif", "theirs.tif")
            self.assertEqual((ours.code, ours.err, theirs.code, theirs.err), (0, "", 0, ""), options)
            self.assertEqual(support.sha256(self.path("ours.tif")), support.sha256(self.path("theirs.tif")), options)
        self.assert_no_leftovers()

    def test_every_option_of_a_raster_is_an_argument(self):
        told = re.findall(r"--[\w-]+", self.gdal("gradient", "--help").out)
        own = {"input", "output", "report", "preview", "progress", "errors", "quiet", "config", "help"}
        for option in json.loads(self.demgrad("--json-usage").out)["options"]:
            if "gradient" in option["commands"] and option["name"] not in own:
                self.assertIn("--" + option["name"], told)

    def test_help(self):
        self.assertIn("gradient", self.gdal("--help").out)
        result = self.gdal("gradient", "--help")
        self.assertEqual((result.code, result.err), (0, ""))
        for word in ("--creation-option", "--method", "florinsky", "default: central", "slope-percent"):
            self.assertIn(word, result.out)

    def test_mistakes_are_met(self):
        self.refuse(words=["input"])
        self.refuse("none.tif", "out.tif", words=["none.tif", "cannot be opened"])
        self.refuse("--spacing", "x", "in.tif", "out.tif", words=["--spacing x", "DX,DY"])
        self.refuse("--bands", "slop", "in.tif", "out.tif", words=["--bands slop", "mean slope?"])
        self.refuse("--metric", "grond", "in.tif", "out.tif", words=["grond", "ground"])
        self.refuse("--spacing", "1", "--metric", "map", "in.tif", "out.tif",
                    words=["--spacing", "--metric", "leave one out"])
        self.refuse("--co", "x", "in.tif", "out.tif", words=["--co x", "KEY=VALUE"])
        self.assertEqual(self.files(), ["in.tif"])

    def test_an_output_is_replaced_when_the_new_one_is_whole(self):
        self.assertEqual(self.gdal("gradient", "-q", "in.tif", "out.tif").code, 0)
        before = {name: support.sha256(self.path(name)) for name in self.files()}
        self.refuse("in.tif", "out.tif", words=["out.tif", "--overwrite"])
        self.refuse("--overwrite", "none.tif", "out.tif", words=["none.tif"])
        self.refuse("--overwrite", "in.tif", "in.tif", words=["in.tif", "not replaced"])
        self.assertEqual({name: support.sha256(self.path(name)) for name in self.files()}, before)

    def test_warnings_and_quiet(self):
        self.make(terrain(9, 9), srs=None)
        told, quiet = (self.gdal("gradient", *words, "--overwrite", "in.tif", "out.tif") for words in ((), ("-q",)))
        self.assertIn("--crs", told.err)
        self.assertIn("100", told.out)
        self.assertEqual((quiet.code, quiet.out, quiet.err), (0, "", ""))

    def test_the_document(self):
        shutil.copy(self.path("in.tif"), self.path("dem.tif"))
        self.paste(f"export GDAL_DRIVER_PATH={os.path.dirname(PLUGIN)}\n{code_blocks(read_document('docs/gdal.md'))[0]}")
        self.assertEqual(self.files(), ["dem.tif", "gradient.tif", "in.tif", "terrain.tif"])

    def test_from_python(self):
        program = """if True:
            from osgeo import gdal
            gdal.UseExceptions()
            gdal.Run("raster", "gradient", input="in.tif", output="python.tif", bands="dzdx,slope")
            try:
                gdal.Run("raster", "gradient", input="in.tif", output="stopped.tif", progress=lambda *_: 0)
            except RuntimeError as error:
                print(error)
            """
        env = {**os.environ, "GDAL_DRIVER_PATH": os.path.dirname(PLUGIN)}
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=self.folder,
                              env=env)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("cancelled", done.stdout)
        self.assertEqual(self.files(), ["in.tif", "python.tif"])
        self.demgrad("gradient", "-q", "--bands", "dzdx,slope", "in.tif", "ours.tif")
        self.assertEqual(support.sha256(self.path("ours.tif")), support.sha256(self.path("python.tif")))


if __name__ == "__main__":
    if not PLUGIN or not shutil.which("gdal"):
        print("demgrad is built without the plugin for GDAL >= 3.12, or there is no gdal: skipped")
        sys.exit(77)
    support.main()
