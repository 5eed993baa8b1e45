"""What the tests of `demgrad batch` share: cutting a raster into tiles, running, comparing bytes."""

import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "command"))

import numpy as np
from osgeo import gdal

import support
from support import CommandTest, NORTH_UP, terrain, write_raster  # noqa: F401, for the tests

SAMPLES = os.path.join(HERE, "..", "..", "sample_rasters")

# Real rasters that are not part of the project; tests that want them are skipped without.
DEMS = os.environ.get("DEMGRAD_DEMS", os.path.join(HERE, "..", "..", "..", "shared", "dem"))

JACKSBORO = [os.path.join(SAMPLES, f"jacksboro_r{row}c{col}.tif")
             for row in (0, 1) for col in (0, 1)]

main = support.main


def shifted(grid, col, row):
    """The geotransform whose origin is that pixel of `grid`."""
    return (grid[0] + col * grid[1] + row * grid[2], *grid[1:3],
            grid[3] + col * grid[4] + row * grid[5], *grid[4:])


def stem(path):
    """The name of a raster without its folders and extension."""
    return os.path.splitext(os.path.basename(path))[0]


def pixels(path):
    """The bands of a raster as they are stored, NaN and all."""
    return gdal.Open(path).ReadAsArray()


def guillotine(random, width, height, count):
    """Splits a rectangle into `count` of unequal sizes; (col, row, width, height) of each."""
    parts = [(0, 0, width, height)]
    while len(parts) < count:
        i = max(range(len(parts)), key=lambda k: parts[k][2] * parts[k][3] * random.uniform(0.2, 1))
        col, row, w, h = parts.pop(i)
        share = random.uniform(0.25, 0.75) if random.random() < 0.9 else 0.01  # or a sliver
        if w * random.uniform(0.7, 1.4) >= h:
            cut = max(1, int(w * share))
            parts += [(col, row, cut, h), (col + cut, row, w - cut, h)]
        else:
            cut = max(1, int(h * share))
            parts += [(col, row, w, cut), (col, row + cut, w, h - cut)]
    return parts


def grown(random, part, width, height, most):
    """The part with up to `most` pixels more on each side, within the rectangle."""
    col, row, w, h = part
    left, top, right, bottom = (int(n) for n in random.integers(0, most + 1, 4))
    left, top = min(left, col), min(top, row)
    right, bottom = min(right, width - col - w), min(bottom, height - row - h)
    return col - left, row - top, w + left + right, h + top + bottom


# A process's peak counts from its fork, so that a small one has to start the command.
MEASURE = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak_memory(*arguments):
    """Runs demgrad, which must succeed; the most memory it had resident, in MB. Without what Meson has the C
    library do, which is to write over memory that nobody uses."""
    usual = {name: value for name, value in os.environ.items() if name != "MALLOC_PERTURB_"}
    command = [sys.executable, "-S", "-c", MEASURE, support.DEMGRAD, *map(str, arguments)]
    code, kilobytes = map(int, subprocess.check_output(command, env=usual).split())
    if code != 0:
        raise AssertionError(f"demgrad ended with {code}")
    return kilobytes / 1024


class BatchTest(CommandTest):
    """A test in an empty folder with a folder "out" in it."""

    def setUp(self):
        super().setUp()
        self.out = self.path("out")
        os.mkdir(self.out)

    def cut(self, z, parts, grid=NORTH_UP, folder="in", name="t{:03d}.tif", **how):
        """Writes the parts (col, row, width, height) of the array as rasters; their paths."""
        os.makedirs(self.path(folder), exist_ok=True)
        paths = []
        for i, (col, row, width, height) in enumerate(parts):
            path = self.path(os.path.join(folder, name.format(i)))
            paths.append(write_raster(path, z[row:row + height, col:col + width],
                                      geotransform=shifted(grid, col, row), **how))
        return paths

    def regular(self, z, cols, rows, **how):
        """The same, `cols` by `rows` tiles of one size, as nearly as it goes."""
        height, width = z.shape
        x = [width * i // cols for i in range(cols + 1)]
        y = [height * i // rows for i in range(rows + 1)]
        parts = [(x[i], y[j], x[i + 1] - x[i], y[j + 1] - y[j])
                 for j in range(rows) for i in range(cols)]
        return self.cut(z, parts, **how)

    def run_batch(self, *arguments, out=None, **how):
        """`demgrad batch --output-dir OUT ARGUMENT...`, quiet, however it ends."""
        return self.demgrad("batch", "-q", "--output-dir", out or self.out, *arguments, **how)

    def batch(self, *arguments, out=None, **how):
        """The same, which must succeed without a word and leave nothing behind; its report."""
        report = self.path("report.json")
        result = self.run_batch("--report", report, *arguments, out=out, **how)
        self.assertEqual((result.code, result.err), (0, ""), arguments[:8])
        self.assert_tidy(out or self.out)
        return self.report()

    def report(self):
        with open(self.path("report.json"), encoding="utf-8") as file:
            return json.load(file)

    def assert_tidy(self, folder):
        names = [name for name in os.listdir(folder) if name.startswith(".demgrad-")]
        self.assertEqual(names, [], "temporary files are left")

    def output(self, tile, out=None):
        return os.path.join(out or self.out, stem(tile) + "_gradient.tif")

    def outputs(self, out=None):
        """Bytes of every file in the folder of the outputs but the mosaic, by name; temporary
        folders are not looked into."""
        folder = out or self.out
        files = {}
        for name in sorted(os.listdir(folder)):
            if name != "gradient.vrt" and not name.startswith(".demgrad-"):
                with open(os.path.join(folder, name), "rb") as file:
                    files[name] = file.read()
        return files

    def stamps(self, out=None):
        """Time of change of every output, by name."""
        folder = out or self.out
        return {name: os.stat(os.path.join(folder, name)).st_mtime_ns
                for name in os.listdir(folder) if name.endswith("_gradient.tif")}

    def count(self, **counts):
        """The report's counts of outputs are these, and the others 0."""
        report = self.report()
        expected = {"done": 0, "kept": 0, "failed": 0, "missing": 0, "out_of_date": 0, "other_options": 0,
                    "incomplete": 0, **counts}
        self.assertEqual({key: report[key] for key in expected}, expected)

    def whole(self, inputs, *options):
        """The gradient of all inputs as one raster, its pixels and its geotransform."""
        path = self.path("whole.tif")
        result = self.demgrad("gradient", "-q", "--overwrite", *options, *inputs, path)
        self.assertEqual((result.code, result.err), (0, ""))
        return pixels(path), gdal.Open(path).GetGeoTransform()

    def assert_windows(self, inputs, whole, out=None):
        """Every output is, bit for bit, its window of the whole's gradient, on its input's grid."""
        values, grid = whole
        values = values.reshape(-1, *values.shape[-2:])
        for tile in inputs:
            source, made = gdal.Open(tile), gdal.Open(self.output(tile, out))
            own = source.GetGeoTransform()
            self.assertEqual(made.GetGeoTransform(), own, tile)
            self.assertEqual(made.GetProjection(), source.GetProjection(), tile)
            self.assertEqual((made.RasterXSize, made.RasterYSize),
                             (source.RasterXSize, source.RasterYSize), tile)
            self.assert_window(made.ReadAsArray(), values, own, grid, tile)
            self.assert_figures(made, tile)

    def assert_window(self, got, values, own, grid, name):
        inverse = gdal.InvGeoTransform(grid)
        col, row = (round(n) for n in gdal.ApplyGeoTransform(inverse, own[0], own[3]))
        got = got.reshape(-1, *got.shape[-2:])
        expected = values[:, row:row + got.shape[1], col:col + got.shape[2]]
        self.assertEqual((got.shape, got.dtype), (expected.shape, expected.dtype), name)
        bits = np.dtype(f"u{got.itemsize}")
        differs = got.view(bits) != np.ascontiguousarray(expected).view(bits)
        if differs.any():
            self.fail(f"{name}: {np.argwhere(differs)[:5].tolist()}")

    def check(self, inputs, *options, batch=()):
        """A batch of the inputs equals the gradient of all of them."""
        self.batch(*options, *batch, "--overwrite", *inputs)
        self.assert_windows(inputs, self.whole(inputs, *options))
