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
from test_decode import TO_CODE, to_bytes
from test_docs import Docs, code_blocks, read_document

DOCUMENT = "docs/command.md"


def lines_of(document):
    return [line for block in code_blocks(read_document(document)) for line in block.splitlines() if line]


def options_of(line):
    """The long names and letters that a line of the shell gives."""
    words = shlex.split(line)
    return {word.split("=")[0] for word in words if re.match("--[a-z]|-[a-z]$", word)}


class Examples(Docs):
    def setUp(self):
        super().setUp()
        self.usage = json.loads(self.demgrad("--json-usage").out)

    def make_inputs(self):
        z = terrain(500, 600)
        grid = (500000, 20, 0, 5000000, 0, -20)
        self.make(z, "dem.tif", type=gdal.GDT_Int16, geotransform=grid)
        self.make(z, "feet.tif", geotransform=grid)
        self.make(z[:60, :80], "no_crs.tif", srs=None)
        self.make(z[:60, :72], "globe.tif", srs="EPSG:4326", geotransform=(-180, 5, 0, 75, 0, -2))
        self.make(to_bytes(TO_CODE["terrain-rgb"](z[:100, :100])), "terrain.tif", type=gdal.GDT_Byte)
        os.makedirs(self.path("tiles/deep"))
        for name, col in (("a", 0), ("deep/b", 50), ("old_a", 0)):
            self.make(z[:60, col:col + 50], f"tiles/{name}.tif", geotransform=(grid[0] + 20 * col, *grid[1:]))
        for axis, count in (("x", 80), ("y", 60)):
            np.savetxt(self.path(axis + ".txt"), np.cumsum(np.linspace(1, 2, count)))

    def test_all_run_as_pasted(self):
        self.need_pictures()
        self.make_inputs()
        script = "\n".join(lines_of(DOCUMENT))
        self.paste(script)
        feet, factor = (gdal.Open(self.path(n)).ReadAsArray() for n in ("feet_slope.tif", "feet_slope2.tif"))
        self.assertTrue(np.array_equal(feet, factor))
        self.assertEqual(gdal.Open(self.path("part.tif")).RasterXSize, 400)

    def test_every_option_has_one(self):
        given = {}
        for line in lines_of(DOCUMENT):
            command = shlex.split(line)[1]
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
