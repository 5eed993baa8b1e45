"""The provider in a real QGIS, without a window: every algorithm through qgis_process."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import unittest

import numpy as np
from osgeo import gdal

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "command"))

import support  # noqa: E402

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
# Debian 12's qgis_process is a script that does not work.
PROGRAM = shutil.which("qgis_process.bin") or shutil.which("qgis_process")

NAMES = ["aspect", "batch", "gradient", "hillshade", "info", "preview", "slope", "terrain"]


def finish_without_qgis():
    if PROGRAM is None:
        print("there is no qgis_process (tools/install-deps --all): skipped")
        sys.exit(77)


class QgisTest(support.CommandTest):
    """Runs QGIS with a profile of its own, in which the plugin is enabled."""

    profile = None

    def environment(self, path=None):
        kept = {k: v for k, v in os.environ.items() if not k.startswith("QGIS")}
        return {
            **kept,
            "QT_QPA_PLATFORM": "offscreen",
            "QGIS_PLUGINPATH": os.path.join(ROOT, "qgis"),
            "QGIS_CUSTOM_CONFIG_PATH": self.path("profile"),
            "XDG_RUNTIME_DIR": self.folder,
            "PATH": path or os.path.dirname(support.DEMGRAD) + os.pathsep + os.environ["PATH"],
        }

    def qgis(self, *arguments, path=None, timeout=120):
        done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True,
                              cwd=self.folder, env=self.environment(path), timeout=timeout,
                              stdin=subprocess.DEVNULL)
        return support.Result(done.returncode, done.stdout, done.stderr)

    def setUp(self):
        super().setUp()
        enabled = self.qgis("plugins", "enable", "demgrad_provider")
        self.assertEqual(enabled.code, 0, enabled)

    def run_algorithm(self, name, path=None, **parameters):
        words = []
        for key, value in parameters.items():
            for item in value if isinstance(value, list) else [value]:
                words.append(f"--{key}={item}")
        return self.qgis("run", "demgrad:" + name, *words, path=path)

    def succeed(self, name, **parameters):
        result = self.run_algorithm(name, **parameters)
        self.assertEqual(result.code, 0, result.out + result.err)
        return result

    def ground(self, name="dem.tif", size=60):
        return self.make(support.terrain(size, size + 7), name)

    def expect(self, *arguments):
        return self.gradient(*arguments, out="expected.tif")


class Listed(QgisTest):
    def test_every_algorithm_is_listed(self):
        # A plugin that is broken leaves the exit status at 0: its algorithms are missing.
        listed = self.qgis("list")
        found = sorted(line.split()[0].split(":")[1] for line in listed.out.splitlines()
                       if line.strip().startswith("demgrad:"))
        self.assertEqual(found, NAMES, listed.err)

    def test_each_field_has_a_help_text(self):
        for name in NAMES:
            answer = self.qgis("--json", "help", "demgrad:" + name)
            self.assertEqual(answer.code, 0, answer.err)
            text = json.loads(answer.out[answer.out.index("{"):])
            self.assertTrue(text["algorithm_details"]["short_description"], name)
            for key, parameter in text["parameters"].items():
                self.assertTrue(parameter["description"], (name, key))

    def test_they_are_listed_and_say_what_to_do_where_the_command_is_missing(self):
        self.assertIn("demgrad:slope", self.qgis("list", path="/usr/bin:/bin").out)
        result = self.run_algorithm("slope", path="/usr/bin:/bin", INPUT=self.ground(),
                                    OUTPUT=self.path("out.tif"))
        self.assertNotEqual(result.code, 0)
        self.assertIn("was not found", result.out + result.err)
        self.assertFalse(os.path.exists(self.path("out.tif")))


class Values(QgisTest):
    def check(self, name, words, **parameters):
        dem = self.ground()
        self.succeed(name, INPUT=dem, OUTPUT=self.path("out.tif"), **parameters)
        np.testing.assert_array_equal(support.read_raster(self.path("out.tif")), self.expect(*words, dem))

    def test_gradient_is_the_commands(self):
        self.check("gradient", [])

    def test_options_arrive(self):
        self.check("gradient", ["--frame", "true", "--method", "horn", "--edge-order", "2", "--bands",
                                "dzdy,slope", "--z-unit", "ft", "--metric", "map"],
                   FRAME="true", METHOD="horn", EDGE_ORDER="2", BANDS=["dzdy", "slope"],
                   Z_UNIT="ft", METRIC="map")

    def test_single_bands_are_the_commands(self):
        self.check("slope", ["--bands", "slope-degrees"])
        self.check("slope", ["--bands", "slope-percent"], BANDS="slope-percent")
        self.check("aspect", ["--bands", "aspect"])
        self.check("hillshade", ["--bands", "hillshade", "--azimuth", "200"], AZIMUTH=200)
        self.check("terrain", ["--bands", "slope-degrees,aspect,hillshade"])

    def test_creation_options_arrive(self):
        self.succeed("slope", INPUT=self.ground(), OUTPUT=self.path("out.tif"),
                     CO="COMPRESS=DEFLATE|PREDICTOR=3")
        structure = gdal.Open(self.path("out.tif")).GetMetadata("IMAGE_STRUCTURE")
        self.assertEqual(structure["COMPRESSION"], "DEFLATE")

    def test_a_mosaic_of_layers(self):
        z = support.terrain(40, 80)
        left = self.make(z[:, :40], "left.tif")
        right = self.make(z[:, 40:], "right.tif", geotransform=(501200, 30, 0, 5000000, 0, -20))
        self.succeed("gradient", INPUT=left, MORE=right, OUTPUT=self.path("out.tif"))
        np.testing.assert_array_equal(support.read_raster(self.path("out.tif")),
                                      self.expect(left, right))

    def test_names_with_spaces_accents_and_quotes(self):
        folder = self.path("Höhen 'x' \"y\" & z")
        os.mkdir(folder)
        dem = self.ground(os.path.join(folder, "ä b 'c'.tif"))
        self.succeed("gradient", INPUT=dem, OUTPUT=os.path.join(folder, "out ü.tif"))
        np.testing.assert_array_equal(support.read_raster(os.path.join(folder, "out ü.tif")),
                                      self.expect(dem))

    def test_another_band_and_a_vrt(self):
        z = np.stack([support.terrain(30, 30, seed) for seed in (1, 2)])
        dem = self.make(z, "two.tif")
        gdal.BuildVRT(self.path("two.vrt"), [dem])
        self.succeed("gradient", INPUT=self.path("two.vrt"), BAND=2, OUTPUT=self.path("out.tif"))
        np.testing.assert_array_equal(support.read_raster(self.path("out.tif")),
                                      self.expect("--band", "2", dem))

    def test_a_batch_and_its_mosaic(self):
        z = support.terrain(40, 80)
        tiles = [self.make(z[:, :40], "left.tif"),
                 self.make(z[:, 40:], "right.tif", geotransform=(501200, 30, 0, 5000000, 0, -20))]
        self.succeed("batch", LAYERS=tiles, OUTPUT_DIR=self.path("out"))
        np.testing.assert_array_equal(support.read_raster(self.path("out/gradient.vrt")),
                                      self.expect(*tiles))
        os.mkdir(self.path("tiles"))
        for tile in tiles:
            shutil.move(tile, self.path("tiles"))
        self.succeed("batch", FOLDER=self.path("tiles"), OUTPUT_DIR=self.path("out2"))
        np.testing.assert_array_equal(support.read_raster(self.path("out2/gradient.vrt")),
                                      support.read_raster(self.path("out/gradient.vrt")))

    def test_info_is_a_page_and_preview_a_picture(self):
        dem = self.ground()
        self.succeed("info", INPUT=dem, OUTPUT=self.path("info.html"))
        with open(self.path("info.html"), encoding="utf-8") as file:
            self.assertIn("WGS 84 / UTM zone 32N", file.read())
        self.succeed("preview", INPUT=dem, STYLE="slope", OUTPUT=self.path("out.png"))
        self.assertIsNotNone(gdal.Open(self.path("out.png")))


    def test_info_without_a_file_is_in_the_log(self):
        result = self.succeed("info", INPUT=self.ground())
        self.assertIn("WGS 84 / UTM zone 32N", result.out + result.err)
        self.assertNotIn("Traceback", result.out + result.err)

    def test_a_batch_prunes(self):
        z = support.terrain(40, 80)
        os.mkdir(self.path("tiles"))
        tiles = [self.make(z[:, :40], self.path("tiles/left.tif")),
                 self.make(z[:, 40:], self.path("tiles/right.tif"), geotransform=(501200, 30, 0, 5000000, 0, -20))]
        self.succeed("batch", FOLDER=self.path("tiles"), OUTPUT_DIR=self.path("out"))
        os.remove(tiles[1])
        result = self.succeed("batch", FOLDER=self.path("tiles"), OUTPUT_DIR=self.path("out"), PRUNE="true")
        self.assertNotIn("changes nothing", result.out + result.err)
        self.assertTrue(os.path.exists(self.path("out/left_gradient.tif")))
        self.assertFalse(os.path.exists(self.path("out/right_gradient.tif")))


class Examples(QgisTest):
    def test_the_model_finds_steep_ground(self):
        dem = self.make(support.plane(30, 40, 30.0, 0.0))  # 45 degrees towards the west
        result = self.qgis("run", os.path.join(ROOT, "examples", "qgis", "steep_ground.model3"),
                           f"--elevation={dem}", "--steepness=40", "--steep:Steep ground=" +
                           self.path("steep.tif"))
        self.assertEqual(result.code, 0, result.out + result.err)
        self.assertTrue((gdal.Open(self.path("steep.tif")).ReadAsArray() == 1).all())

    def test_the_script_makes_classes(self):
        scripts = self.path("profile/profiles/default/processing/scripts")
        os.makedirs(scripts, exist_ok=True)
        shutil.copy(os.path.join(ROOT, "examples", "qgis", "slope_classes.py"), scripts)
        dem = self.make(support.plane(30, 40, 30.0, 0.0))
        result = self.qgis("run", "script:slope_classes", f"--INPUT={dem}",
                           "--OUTPUT=" + self.path("classes.tif"))
        self.assertEqual(result.code, 0, result.out + result.err)
        self.assertTrue((gdal.Open(self.path("classes.tif")).ReadAsArray() == 4).all())


class Failures(QgisTest):
    def test_a_failure_is_the_commands_line(self):
        dem = self.ground()
        os.mkdir(self.path("locked.tif"))
        result = self.run_algorithm("gradient", INPUT=dem, OUTPUT=self.path("locked.tif"))
        self.assertNotEqual(result.code, 0)
        self.assertIn("locked.tif", result.out + result.err)
        wrong = self.run_algorithm("gradient", INPUT=dem, Z_UNIT="parsec", OUTPUT=self.path("out.tif"))
        self.assertNotEqual(wrong.code, 0)
        self.assertIn("unit of length", wrong.out + wrong.err)
        self.assertFalse(os.path.exists(self.path("out.tif")))

    def test_places_that_cannot_be_written(self):
        """A line each, and no traceback."""
        dem = self.ground()
        with open(self.path("file"), "w", encoding="ascii"):
            pass
        for name, parameters in (("info", {"INPUT": dem, "OUTPUT": self.path("file/info.html")}),
                                 ("batch", {"LAYERS": dem, "OUTPUT_DIR": self.path("file/out")}),
                                 ("preview", {"INPUT": dem, "OUTPUT": self.path("file/out.png")})):
            with self.subTest(name):
                result = self.run_algorithm(name, **parameters)
                self.assertNotEqual(result.code, 0)
                self.assertIn("file/", result.out + result.err)
                self.assertNotIn("Traceback", result.out + result.err)

    def test_a_tile_that_cannot_be_read_is_named(self):
        """Whatever a caller says of the form of errors."""
        z = support.terrain(40, 80)
        bad = self.make(z[:, :40], "bad.tif")
        good = self.make(z[:, 40:], "good.tif", geotransform=(501200, 30, 0, 5000000, 0, -20))
        os.truncate(bad, os.path.getsize(bad) // 2)
        result = self.run_algorithm("batch", LAYERS=[bad, good], OUTPUT_DIR=self.path("out"), ERRORS="json")
        self.assertNotEqual(result.code, 0)
        self.assertNotIn("ended with status", result.out + result.err)
        self.assertIn("bad.tif", result.out + result.err)

    def test_warnings_are_shown(self):
        dem = self.make(support.terrain(30, 30), srs=None)
        result = self.succeed("gradient", INPUT=dem, OUTPUT=self.path("out.tif"))
        self.assertIn("no CRS", result.out + result.err)

    def test_a_cancel_leaves_nothing(self):
        dem = self.path("large.tif")
        source = self.make(support.terrain(100, 100))
        gdal.Translate(dem, source, width=6000, height=6000, resampleAlg="bilinear")
        process = subprocess.Popen(
            [PROGRAM, "run", "demgrad:gradient", f"--INPUT={dem}", f"--OUTPUT={self.path('out.tif')}",
             "--METHOD=evans", "--WINDOW_SIZE=99", "--CO=COMPRESS=DEFLATE|ZLEVEL=9"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder,
            env=self.environment())
        children = self.wait_for_child(process)
        os.kill(children, signal.SIGTERM)
        self.assertNotEqual(process.wait(60), 0)
        self.assertFalse(os.path.exists(self.path("out.tif")))
        self.assert_no_leftovers()

    def wait_for_child(self, process):
        """The command that QGIS runs."""
        for _ in range(600):
            for name in os.listdir("/proc"):
                if not name.isdigit():
                    continue
                try:
                    with open(f"/proc/{name}/stat") as file:
                        parent = int(file.read().rsplit(")", 1)[1].split()[1])
                    with open(f"/proc/{name}/cmdline") as file:
                        words = file.read().split("\0")
                except OSError:
                    continue
                if parent == process.pid and words[0].endswith("demgrad"):
                    time.sleep(0.5)
                    return int(name)
            time.sleep(0.1)
        self.fail("QGIS ran no demgrad")


if __name__ == "__main__":
    finish_without_qgis()
    support.main()
