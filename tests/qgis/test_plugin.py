"""Parts of the plugin, in QGIS' Python: styles, cancelling, what is no file, the shipped description."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest

try:
    from qgis.core import QgsApplication, QgsProcessingFeedback, QgsRasterLayer
except ImportError:
    print("there is no Python module qgis (tools/install-deps --all): skipped")
    sys.exit(77)

import numpy as np
from osgeo import gdal

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
DEMGRAD = os.path.abspath(sys.argv.pop(1))
os.environ["PATH"] = os.path.dirname(DEMGRAD) + os.pathsep + os.environ["PATH"]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, os.path.join(ROOT, "qgis"))
sys.path.insert(0, os.path.join(ROOT, "tests", "command"))

import support  # noqa: E402
from demgrad_provider import algorithms, command, parameters, styles  # noqa: E402

gdal.UseExceptions()


class Feedback(QgsProcessingFeedback):
    """Keeps what is said, and is cancelled at a time of its own."""

    def __init__(self, cancel_after=None):
        super().__init__()
        self.said = []
        self.started = time.monotonic()
        self.cancel_after = cancel_after

    def pushCommandInfo(self, text):
        self.said.append(("command", text))

    def pushWarning(self, text):
        self.said.append(("warning", text))

    def isCanceled(self):
        return (self.cancel_after is not None
                and time.monotonic() - self.started > self.cancel_after)


class Plugin(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="demgrad-qgis-")
        self.addCleanup(shutil.rmtree, self.folder, True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def test_the_shipped_description_is_the_commands(self):
        answer = subprocess.run([DEMGRAD, "--json-usage"], capture_output=True, text=True, check=True)
        self.assertEqual(json.loads(answer.stdout), command.usage(),
                         "run tools/make-qgis-zip --usage, which writes usage.json anew")

    def test_dialogs_have_no_options_of_command_lines(self):
        """They have what an option says of inputs, numbers and outputs; not what is told how, nor where to."""
        for algorithm in algorithms.make_algorithms():
            algorithm.initAlgorithm()
            shown = {option["name"] for option in algorithm.options()}
            how = {option["name"] for option in algorithm.options() if option["group"] == "run"}
            self.assertEqual(how - {"num-threads", "memory"}, set(), algorithm.name())
            self.assertEqual(shown & {"report", "preview", "json", "part", "verify", "terminal", "input", "output",
                                      "output-dir", "output-format", "overwrite"}, set(), algorithm.name())
            self.assertNotIn("ERRORS", [p.name() for p in algorithm.parameterDefinitions()])
            self.assertGreater(len(shown), 10, algorithm.name())

    def test_values_become_words(self):
        def words(kind, value, name="x", **more):
            return parameters.to_arguments(dict(name=name, kind=kind, **more), value)

        self.assertEqual(words("number", "2.5"), ["--x=2.5"])
        self.assertEqual(words("number", "2.5", default="2.5"), [])
        self.assertEqual(words("flag", True), ["--x"])
        self.assertEqual(words("flag", False), [])
        self.assertEqual(words("text", None), [])
        self.assertEqual(words("text", "-3"), ["--x=-3"])
        self.assertEqual(words("setting", "A=1|B=2", "co"), ["--co", "A=1", "--co", "B=2"])

    def write(self, name, bands):
        """A raster with bands by description."""
        dataset = gdal.GetDriverByName("GTiff").Create(self.path(name), 20, 10, len(bands),
                                                       gdal.GDT_Float32)
        for i, (description, values) in enumerate(bands):
            band = dataset.GetRasterBand(i + 1)
            band.SetDescription(description)
            band.WriteArray(values)
        dataset = None
        return self.path(name)

    def test_each_kind_of_band_has_its_look(self):
        values = np.linspace(-0.3, 0.2, 200).reshape(10, 20)
        for description, low, high, blend in (("dz/dx", -0.3, 0.3, 0), ("aspect", 0, 360, 0),
                                              ("hillshade", 1, 255, 6), ("slope", 0, 0.2, 0),
                                              ("quality", 0, 2, 0)):
            path = self.write(description.replace("/", "") + ".tif", [(description, values)])
            layer = QgsRasterLayer(path, "x")
            styles.apply(layer, path)
            self.assertEqual(layer.renderer().type(), "singlebandpseudocolor", description)
            self.assertAlmostEqual(layer.renderer().classificationMin(), low, places=5)
            self.assertAlmostEqual(layer.renderer().classificationMax(), high, places=5)
            shader = layer.renderer().shader().rasterShaderFunction()
            self.assertGreater(len(shader.colorRampItemList()), 8)
            self.assertEqual(int(layer.blendMode()) != 0, blend != 0, description)

    def test_layers_that_are_no_files_are_refused(self):
        with self.assertRaises(Exception) as raised:
            algorithms.layer_path(QgsRasterLayer("url=https://a.invalid&layers=x&format=image/png&styles=&crs=EPSG:4326", "web map", "wms"))
        self.assertIn("not a file", str(raised.exception))

    def large(self):
        small = self.write("small.tif", [("z", np.random.default_rng(1).normal(size=(10, 20)))])
        gdal.Translate(self.path("large.tif"), small, width=8000, height=8000, resampleAlg="bilinear")
        return self.path("large.tif")

    def test_a_cancel_ends_within_a_second_and_leaves_nothing(self):
        feedback = Feedback(cancel_after=1.0)
        run = command.Run(["gradient", "--overwrite", "--progress=json", "--method=evans", "--window=99",
                           "--co", "COMPRESS=DEFLATE", "--co", "ZLEVEL=9", self.large(),
                           self.path("out.tif")], feedback)
        with self.assertRaises(command.CommandError) as raised:
            run()
        self.assertIn("cancelled", str(raised.exception))
        self.assertLess(time.monotonic() - feedback.started, 1.0 + 1.0 + 1.0)  # of a busy machine
        self.assertEqual(sorted(os.listdir(self.folder)), ["large.tif", "small.tif"])

    def test_what_a_killed_command_leaves_is_removed(self):
        """A command that does not end by itself, with a temporary folder as demgrad's are; another run's stays."""
        script = self.path("stubborn")
        with open(script, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\ntrap '' TERM\nmkdir .demgrad-0123456789abcdef\n"
                       "printf 'demgrad 1\\npid %s\\nboot x\\n' $$ >.demgrad-0123456789abcdef/lock\n"
                       "while :; do sleep 0.1; done\n")
        os.chmod(script, 0o755)
        other = self.path(".demgrad-fedcba9876543210")
        os.mkdir(other)
        with open(os.path.join(other, "lock"), "w", encoding="utf-8") as file:
            file.write("demgrad 1\npid 1\nboot x\n")
        self.addCleanup(setattr, command, "find", command.find)
        self.addCleanup(os.chdir, os.getcwd())
        command.find = lambda: script
        os.chdir(self.folder)
        with self.assertRaises(command.CommandError):
            command.Run([], Feedback(cancel_after=1.0), self.folder)()
        self.assertEqual(sorted(os.listdir(self.folder)), [".demgrad-fedcba9876543210", "stubborn"])

    def test_the_command_line_is_shown_as_a_shell_takes_it(self):
        feedback = Feedback()
        small = self.write("a 'b'.tif", [("z", np.zeros((10, 20)))])
        command.Run(["gradient", "-q", small, self.path("out.tif")], feedback)()
        line = next(text for kind, text in feedback.said if kind == "command")
        os.remove(self.path("out.tif"))
        subprocess.run(["sh", "-c", line], check=True)
        self.assertTrue(os.path.exists(self.path("out.tif")))


if __name__ == "__main__":
    application = QgsApplication([], False)
    application.initQgis()
    unittest.main()
