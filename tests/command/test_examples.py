"""Every option has an example in docs/command.md; all run in their order, as pasted, in one go."""

import json
import os
import re
import shlex
import shutil

import numpy as np
from osgeo import gdal

import support
from support import terrain
from test_docs import Docs, code_blocks, read_document

DOCUMENT = "docs/command.md"


def lines_of(document):
    """Those that call demgrad."""
    lines = [line for block in code_blocks(read_document(document)) for line in block.splitlines()]
    return [line for line in lines if line.startswith("demgrad ")]


def options_of(line):
    """The long names and letters that a line of the shell gives."""
    words = shlex.split(line, comments=True)
    return {word.split("=")[0] for word in words if re.match("--[a-z]|-[a-z]$", word)}


class Examples(Docs):
    def setUp(self):
        super().setUp()
        self.usage = json.loads(self.demgrad("--json-usage").out)

    def make_inputs(self):
        z = terrain(500, 600)
        grid = (500000, 20, 0, 5000000, 0, -20)
        self.make(z, "dem.tif", type=gdal.GDT_Int16, geotransform=grid)
        os.makedirs(self.path("tiles/deep"))
        for name, col in (("a", 0), ("deep/b", 50), ("old_a", 0)):
            self.make(z[:60, col:col + 50], f"tiles/{name}.tif", geotransform=(grid[0] + 20 * col, *grid[1:]))

    def read(self, name):
        return gdal.Open(self.path("build/try/" + name)).ReadAsArray()

    def test_all_run_as_pasted(self):
        """After the README's, as the page has it."""
        self.need_pictures()
        if not shutil.which("gdal_calc.py"):
            self.skipTest("there is no gdal_calc.py")
        self.link_samples()
        self.paste(self.commands_of("README.md") + self.commands_of(DOCUMENT))
        np.testing.assert_array_equal(self.read("feet_slope.tif"), self.read("feet_slope2.tif"))
        self.assertEqual(self.read("part.tif").shape, (2, 150, 200))
        self.paste("cd build/try && demgrad hillshade dem.tif shade_of_dem.tif")
        np.testing.assert_array_equal(self.read("encoded_shade.tif"), self.read("shade_of_dem.tif"))
        self.assertIn(self.paste("cd build/try && demgrad info dem.tif"), read_document(DOCUMENT))

    def test_every_option_has_one(self):
        given = {}
        for line in lines_of(DOCUMENT):
            command = line.split()[1]
            given.setdefault(command, set()).update(options_of(line))
        everywhere = set().union(*given.values())
        for option in self.usage["options"]:
            names = {"--" + option["name"], f"-{option['letter']}"}
            self.assertTrue(names & everywhere, option["name"])

    def test_examples_give_no_option_that_is_none(self):
        known = {"--" + o["name"] for o in self.usage["options"]}
        known |= {f"-{o['letter']}" for o in self.usage["options"]}
        for line in lines_of(DOCUMENT):
            self.assertLessEqual(options_of(line), known | {"--of", "--json-usage"}, line)

    def test_every_command_s_own_examples_run(self):
        """Those of its help."""
        self.need_pictures()
        self.make_inputs()
        for command in self.usage["commands"]:
            shutil.rmtree(self.path("here"), ignore_errors=True)
            os.mkdir(self.path("here"))
            shutil.copy(self.path("dem.tif"), self.path("here/dem.tif"))
            shutil.copytree(self.path("tiles"), self.path("here/tiles"))
            os.rename(self.path("here/tiles/a.tif"), self.path("here/tiles/a_dem.tif"))
            self.paste("cd here\n" + "\n".join(command["examples"]))


if __name__ == "__main__":
    support.main()
