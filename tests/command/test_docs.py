"""The commands of the documents, run as they stand there."""

import json
import os
import re
import shlex
import shutil
import subprocess

import numpy as np
from osgeo import gdal

import support
from support import EPS32, CommandTest, holes, terrain

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
GRID = (500000, 30, 0, 5000000, 0, -30)

# How close two programs' numbers come, by band; of components, in shares of the largest.
BOUNDS = {"slope-degrees": 1e-4, "slope-percent": 1e-3, "aspect": 1e-4, "hillshade": 1}
OF_COMPONENTS = 4 * EPS32


def read_document(name):
    with open(os.path.join(ROOT, name), encoding="utf-8") as file:
        return file.read()


def code_blocks(text):
    """The indented blocks of a document, each as what to paste. What a command prints is between fences."""
    text = re.sub(r"^```$.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    blocks = re.findall(r"(?:^ {4}.*\n(?:\n(?= {4}))?)+", text, re.MULTILINE)
    return [re.sub("^ {4}", "", block, flags=re.MULTILINE) for block in blocks]


def table_rows(text):
    """The cells of each row of a document's tables."""
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows]


def code_of(cell):
    found = re.match("`(.*?)`", cell)
    return found.group(1) if found else ""


class Docs(CommandTest):
    def paste(self, script):
        """Runs what a user would paste into a shell, where demgrad is on PATH."""
        path = os.path.dirname(support.DEMGRAD) + os.pathsep + os.environ["PATH"]
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=self.folder, text=True,
                              capture_output=True, env={**os.environ, "PATH": path}, timeout=300)
        self.assertEqual(done.returncode, 0, f"{script}\n{done.stdout}{done.stderr}")
        return done.stdout

    def link_samples(self):
        os.symlink(os.path.join(ROOT, "sample_rasters"), self.path("sample_rasters"))

    def commands_of(self, page):
        """Its blocks, but those that build, which is what made the command that is tested."""
        blocks = [block for block in code_blocks(read_document(page))
                  if not re.match("tools/|meson ", block)]
        self.assertGreater(len(blocks), 0, page)
        return "".join(blocks)


class Pages(Docs):
    """Pages from top to bottom, in one go."""

    def setUp(self):
        super().setUp()
        self.link_samples()

    def sample(self, *names):
        for name in names:
            shutil.copy(self.path("sample_rasters/jacksboro.tif"), self.path(name))

    def paste_commands(self, page):
        return self.paste(self.commands_of(page))

    def test_readme(self):
        self.paste_commands("README.md")
        for name in ("gradient.tif", "slope.tif", "terrain.tif", "dem.png", "gradients/gradient.vrt"):
            self.assertTrue(os.path.exists(self.path("build/try/" + name)), name)
        self.paste_commands("README.md")

    def test_preview(self):
        self.paste_commands("docs/preview.md")

    def test_batch(self):
        self.sample("country.vrt")
        os.mkdir(self.path("tiles"))
        self.sample("tiles/one.tif")
        text = read_document("docs/batch.md").split("## On several machines")[0]
        blocks = [block for block in code_blocks(text) if "urls.txt" not in block]
        self.assertGreater(len(blocks), 3)
        self.paste("".join(blocks))
        shutil.rmtree(self.path("gradients"))
        text = read_document("docs/batch.md").split("## On several machines")[1].split("\n## ")[0]
        blocks = code_blocks(text)
        self.assertGreater(len(blocks), 1)
        self.paste("".join(blocks))

    def test_tutorial(self):
        text = read_document("docs/tutorial.md")
        self.paste_commands("docs/tutorial.md")
        slope, spread = support.read_raster(self.path("tutorial/error.tif"))
        steepest = np.nanargmax(slope)
        tangent = np.tan(np.radians(slope.flat[steepest]))
        self.assertIn(f"a slope of {slope.flat[steepest]:.1f} degrees", text)
        self.assertIn(f"{spread.flat[steepest]:.3f} m/m, which is "
                      f"{np.degrees(spread.flat[steepest] / (1 + tangent ** 2)):.1f} degrees there", text)
        self.assertIn("74.8 m wide and 92.5 m high", text)
        self.assertIn("74.848 x 92.4705 m at the centre", self.demgrad("info", "tutorial/dem.tif").out)
        self.assertTrue(os.path.exists(self.path("tutorial/gradients/gradient.vrt")))


class Folders(Docs):
    def test_what_is_left_out(self):
        """The document's endings are the program's."""
        table = read_document("src/files/file_kind.c").split("TABLE[] = {")[1].split("};")[0]
        program = set(" ".join(re.findall('"([^"]*)"', table)).split())
        text = read_document("docs/batch.md").split("| left out |")[1].split("Where the folder")[0]
        told = set(" ".join(re.findall("`([^`]*)`", text)).split())
        self.assertEqual(told, program)


class ForPrograms(Docs):
    def test_json_usage(self):
        """The members that the document names are those that are there."""
        usage = json.loads(self.demgrad("--json-usage").out)
        rows = {code_of(row[0]): row[1] for row in table_rows(read_document("docs/command.md")) if len(row) == 2}
        self.assertLessEqual({"commands", "options", "bands", "ramps"}, set(rows))
        for member in ("commands", "options", "bands", "ramps"):
            there = set().union(*(item.keys() for item in usage[member]))
            told = set(re.findall("`([a-z_]+)`", rows[member])) - {option["kind"] for option in usage["options"]}
            self.assertEqual(told, there, member)
        for kind in {option["kind"] for option in usage["options"]}:
            self.assertIn(f"`{kind}`", rows["options"])


class Gdal(Docs):
    def test_pipeline(self):
        if not shutil.which("gdal") or int(gdal.VersionInfo()) < 3130000:
            self.skipTest("there is no gdal command of GDAL 3.13 or newer")
        self.make(terrain(60, 80), "dem.tif")
        blocks = code_blocks(read_document("docs/gdal.md"))
        self.paste(next(block for block in blocks if "pipeline" in block))
        ours = self.gradient("dem.tif")
        np.testing.assert_array_equal(support.read_raster(self.path("gradient.tif")), ours)


class Compare(Docs):
    def setUp(self):
        super().setUp()
        self.rows = [row for row in table_rows(read_document("docs/compare.md")) if len(row) == 2]

    def rows_of(self, peer):
        rows = [row for row in self.rows if code_of(row[0]).startswith(peer)]
        self.assertGreater(len(rows), 2, peer)
        return rows

    def make_dem(self, valid=True):
        z = np.where(valid, terrain(60, 80, largest=4000).round(), -32768)
        self.make(z, "dem.tif", type=gdal.GDT_Int16, nodata=-32768, geotransform=GRID)
        return z

    def ours(self, line):
        """Runs the line of demgrad and reads what it wrote; and the name of its band."""
        words = shlex.split(line)
        self.paste(line.replace("demgrad gradient", "demgrad gradient -q --overwrite"))
        return support.read_raster(self.path(words[-1]))[0], words[words.index("--bands") + 1]

    def assert_same(self, ours, peer, band, line):
        """Where both have a number; a turn of 360 degrees is none."""
        both = np.isfinite(ours) & np.isfinite(peer)
        self.assertGreater(both.sum(), 3000, line)
        difference = np.abs(ours[both] - peer[both])
        if band == "aspect":
            difference = np.minimum(difference, 360 - difference)
        bound = BOUNDS.get(band) or OF_COMPONENTS * np.abs(peer[both]).max()
        self.assertLessEqual(difference.max(), bound, line)

    def test_gdaldem(self):
        self.make_dem(holes(60, 80))
        for there, here in self.rows_of("gdaldem"):
            theirs = shlex.split(code_of(there))
            subprocess.run([*theirs[:-1], "peer.tif", "-q"], cwd=self.folder, check=True)
            ours, band = self.ours(code_of(here))
            peer = support.read_raster(self.path("peer.tif"))[0]
            self.assert_same(ours, peer, band, there)
            if "ZevenbergenThorne" not in there:
                missing = np.isnan(peer)
                flat = np.isnan(ours) & ~missing
                self.assertEqual((flat.sum(), (missing & ~np.isnan(ours)).sum()), (0, 0), there)

    def test_numpy(self):
        z = self.make_dem().astype(float)
        for there, here in self.rows_of("np.gradient"):
            ours, band = self.ours(code_of(here))
            self.assert_same(ours, eval(code_of(there), {"np": np, "z": z}), band, there)

    def test_grass(self):
        if not shutil.which("grass"):
            self.skipTest("there is no grass")
        self.make_dem(holes(60, 80))
        for there, here in self.rows_of("r.slope.aspect"):
            ours, band = self.ours(code_of(here))
            script = (f"r.in.gdal -o input=dem.tif output=dem && g.region raster=dem && {code_of(there)}"
                      " && r.out.gdal input=result output=peer.tif type=Float64 --overwrite")
            done = subprocess.run(["grass", "--tmp-location", "EPSG:32632", "--exec", "bash", "-c", script],
                                  cwd=self.folder, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            peer = support.read_raster(self.path("peer.tif"))[0]
            self.assert_same(ours, -peer if "other sign" in there else peer, band, there)

    def test_all_others_run(self):
        self.make_dem(holes(60, 80))
        lines = [code_of(here) for there, here in self.rows if code_of(here) and not code_of(there)]
        self.assertGreater(len(lines), 3)
        for line in lines:
            self.ours(line)
        for block in code_blocks(read_document("docs/compare.md")):
            self.paste(block)

    def test_the_plane_with_holes(self):
        """What the document says of edges."""
        plane = os.path.join(ROOT, "sample_rasters", "plane_hole.tif")
        slope = np.degrees(np.arctan(np.hypot(0.25, 0.125)))
        counts = {}
        for edges in ("one-sided", "propagate"):
            ours = self.gradient("--metric", "map", "--method", "horn", "--nodata-edges", edges, "--bands",
                                 "slope-degrees", plane)[0]
            counts[edges] = np.isfinite(ours).sum()
            self.assertLess(np.nanmax(np.abs(ours - slope)), 1e-5)
        for extra in ((), ("-compute_edges",)):
            subprocess.run(["gdaldem", "slope", plane, self.path("peer.tif"), "-q", *extra], check=True)
            peer = support.read_raster(self.path("peer.tif"))[0]
            counts[extra] = np.isfinite(peer).sum()
        self.assertEqual(np.nanmin(peer), 0)
        self.assertEqual(counts, {"one-sided": 7747, "propagate": 7247, (): 7247, ("-compute_edges",): 7748})
        self.assertEqual(f"{slope:.3f}", "15.616")


if __name__ == "__main__":
    support.main()
