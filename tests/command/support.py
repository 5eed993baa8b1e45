"""What the tests of the command share: running it, making and reading rasters, and the slow reference."""

import collections
import functools
import glob
import hashlib
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

import numpy as np
from osgeo import gdal, osr


def write_masks(inside):
    gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES" if inside else "NO")


gdal.UseExceptions()
write_masks(inside=False)  # beside the file, as before GDAL 3.9

DEMGRAD = ""  # the executable; main() sets it

EPS32 = float(np.finfo(np.float32).eps)
EPS64 = float(np.finfo(np.float64).eps)

UTM = "EPSG:32632"
NORTH_UP = (500000, 30, 0, 5000000, 0, -20)

Result = collections.namedtuple("Result", "code out err")


LAST_LINE = r"^.*: \d+ x \d+ pixels; .*; [\d.:]+ (s|min|h)$"


def said(result):
    """The lines on stderr, but for the one that a run ends with."""
    return [line for line in result.err.splitlines() if not re.match(LAST_LINE, line)]


def main():
    global DEMGRAD
    DEMGRAD = os.path.abspath(sys.argv.pop(1) if len(sys.argv) > 1 else os.environ["DEMGRAD"])
    unittest.main(module="__main__", argv=sys.argv)


def can_write(driver):
    """Newer GDALs have some drivers for reading alone, or not at all."""
    found = gdal.GetDriverByName(driver)
    return bool(found and (found.GetMetadataItem("DCAP_CREATE") or found.GetMetadataItem("DCAP_CREATECOPY")))


@functools.lru_cache
def crs(text):
    reference = osr.SpatialReference()
    reference.SetFromUserInput(text)
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return reference


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def write_raster(path, values, type=gdal.GDT_Float32, geotransform=NORTH_UP, srs=UTM, nodata=None,
                 unit=None, scale=None, offset=None, driver="GTiff", options=(), metadata=None,
                 mask=None, alpha=None):
    """Writes bands of `values`, (rows, columns) or (bands, rows, columns); `mask` (True: valid)
    becomes a mask of the dataset, `alpha` a last band of that interpretation."""
    bands = np.asarray(values)
    bands = bands[np.newaxis] if bands.ndim == 2 else bands
    if alpha is not None:
        bands = np.concatenate([bands, np.asarray(alpha, bands.dtype)[np.newaxis]])
    count, height, width = bands.shape
    with gdal_dataset(driver, path, width, height, count, type, options) as dataset:
        if geotransform:
            dataset.SetGeoTransform(geotransform)
        if srs:
            dataset.SetSpatialRef(crs(srs))
        for name, value in (metadata or {}).items():
            dataset.SetMetadataItem(name, value)
        for i in range(count):
            describe_band(dataset.GetRasterBand(i + 1), nodata, unit, scale, offset)
        if alpha is not None:
            dataset.GetRasterBand(count).SetColorInterpretation(gdal.GCI_AlphaBand)
        for i in range(count):
            dataset.GetRasterBand(i + 1).WriteArray(bands[i])
        if mask is not None:
            dataset.CreateMaskBand(gdal.GMF_PER_DATASET)
            dataset.GetRasterBand(1).GetMaskBand().WriteArray(np.where(mask, 255, 0).astype(np.uint8))
    return path


def signed_bytes(values):
    """What write_raster takes to write them: a type of its own from GDAL 3.7 on, an option before."""
    values = np.asarray(values).astype(np.int8)
    if hasattr(gdal, "GDT_Int8"):
        return {"values": values, "type": gdal.GDT_Int8}
    return {"values": values.view(np.uint8), "type": gdal.GDT_Byte,
            "options": ["PIXELTYPE=SIGNEDBYTE"]}


class gdal_dataset:
    """A dataset that is made, and closed at the end of the `with`."""

    def __init__(self, driver, *arguments):
        *rest, options = arguments
        self.dataset = gdal.GetDriverByName(driver).Create(*rest, options=list(options))

    def __enter__(self):
        return self.dataset

    def __exit__(self, *_):
        self.dataset.FlushCache()
        self.dataset = None


def describe_band(band, nodata, unit, scale, offset):
    if nodata is not None:
        band.SetNoDataValue(nodata)
    if unit:
        band.SetUnitType(unit)
    if scale is not None:
        band.SetScale(scale)
    if offset is not None:
        band.SetOffset(offset)


def read_raster(path):
    """All bands in double, the nodata value as NaN."""
    dataset = gdal.Open(path)
    bands = []
    for i in range(dataset.RasterCount):
        band = dataset.GetRasterBand(i + 1)
        values = band.ReadAsArray()
        nodata = band.GetNoDataValue()
        if nodata is not None and not np.isnan(nodata):
            missing = values == np.array(nodata, values.dtype)
            bands.append(np.where(missing, np.nan, values.astype(np.float64)))
        else:
            bands.append(values.astype(np.float64))
    return np.stack(bands)


# STATISTICS_* of a band.
FIGURES = ("MINIMUM", "MAXIMUM", "MEAN", "STDDEV", "VALID_PERCENT")


def figures(band):
    """Those that a band tells, by name."""
    prefix = "STATISTICS_"
    return {name[len(prefix):]: float(value) for name, value in band.GetMetadata().items()
            if name.startswith(prefix)}


def count_figures(band):
    """The same of its values, by numpy, whose sums of doubles round."""
    z = band.ReadAsArray().astype(np.float64)
    valid = z[np.isfinite(z) & (z != band.GetNoDataValue())]
    ends = (valid.min(), valid.max(), valid.mean(), valid.std()) if valid.size else ()
    share = 100 * valid.size / z.size
    return dict(zip(FIGURES, (*ends, share))) if ends else {"VALID_PERCENT": share}


def line_difference(z, places, edge_order, propagate):
    """numpy.gradient over each unbroken run of data of a line, and nothing across holes."""
    result = np.full(len(z), np.nan)
    valid = np.isfinite(z).astype(int)
    ends = np.flatnonzero(np.diff(np.concatenate([[0], valid, [0]])))
    for start, end in ends.reshape(-1, 2):
        length = end - start
        if length < 2:
            continue
        order = min(edge_order, length - 1)
        result[start:end] = np.gradient(z[start:end], places[start:end], edge_order=order)
        if propagate:
            result[[start, end - 1]] = np.nan
    return result


def differences(z, axis, places=None, edge_order=1, propagate=False):
    places = np.arange(z.shape[axis], dtype=float) if places is None else np.asarray(places, float)
    return np.apply_along_axis(line_difference, axis, z, places, edge_order, propagate)


def combine(along, across, factors):
    """Sum of the two differences with their factors; a factor of 0 leaves its difference out."""
    total = np.zeros_like(along)
    for difference, factor in zip((along, across), factors):
        if factor != 0:
            total = total + factor * difference
    return total


def map_gradient(z, geotransform, metres=1.0, rise=1.0, **how):
    """dz/dx, dz/dy in the map's plane: chain rule through the geotransform; `metres` per map unit,
    `rise` metres per unit of z. NaN where a difference that is needed does not exist."""
    _, a, b, _, d, e = geotransform
    determinant = (a * e - b * d) * metres
    along, across = differences(z, 1, **how), differences(z, 0, **how)
    result = [combine(along, across, (rise * e / determinant, -rise * d / determinant)),
              combine(along, across, (-rise * b / determinant, rise * a / determinant))]
    return np.stack([np.where(np.isfinite(z), component, np.nan) for component in result])


def plane(height, width, per_column, per_row, base=0):
    rows, columns = np.mgrid[0:height, 0:width]
    return base + per_column * columns + per_row * rows


def holes(height=19, width=23):
    """Valid pixels of a raster with every kind of hole; True is valid. At least 19 x 23."""
    valid = np.ones((height, width), bool)
    valid[4:9, 5:12] = False
    valid[6, 8] = True        # an island of one pixel
    valid[1, 15] = False      # a hole of one pixel
    valid[0:2, 0:3] = False   # a corner
    valid[11:16, 3:20] = False
    valid[13, 4:19] = True    # a slit one row high
    valid[13, 10] = False
    valid[2:9, 17:23] = False
    valid[3:8, 20] = True     # an island one column wide
    valid[5, 20] = False      # leaving runs of two
    valid[18, 0:2] = False
    return valid


def terrain(height, width, seed=1, largest=1000.0):
    """Smooth random ground with some roughness, in doubles."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:height, 0:width]
    z = np.zeros((height, width))
    for _ in range(6):
        fx, fy, phase = random.uniform(0.02, 0.4), random.uniform(0.02, 0.4), random.uniform(0, 6)
        z += random.uniform(0.1, 1) * np.sin(fx * columns + fy * rows + phase)
    return largest * (z / 6 + 0.02 * random.standard_normal(z.shape))


class CommandTest(unittest.TestCase):
    """A test in an empty folder of its own, self.folder."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="demgrad-test-")
        self.addCleanup(shutil.rmtree, self.folder, True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def make(self, values, name="in.tif", **how):
        return write_raster(self.path(name), values, **how)

    def demgrad(self, *arguments, env=None, timeout=60, **how):
        how.setdefault("stdin", subprocess.DEVNULL)
        done = subprocess.run([DEMGRAD, *map(str, arguments)], capture_output=True, text=True,
                              cwd=self.folder, timeout=timeout,
                              env={**os.environ, **(env or {})}, **how)
        return Result(done.returncode, done.stdout, done.stderr)

    def gradient(self, *arguments, out="out.tif", env=None, quiet=True):
        """Runs `demgrad gradient`, which must succeed without a word, and reads the output."""
        result = self.demgrad("gradient", *(["-q"] if quiet else []), "--overwrite", *arguments,
                              self.path(out), env=env)
        self.assertEqual((result.code, result.err), (0, ""), arguments)
        self.assert_no_leftovers()
        return read_raster(self.path(out))

    def open_terminal(self):
        """Both ends of one: what is written to the second is read from the first."""
        try:
            return pty.openpty()
        except OSError as error:
            self.skipTest(f"no terminals here: {error}")

    def serve(self, server):
        """Lets an http.server answer until the test ends."""
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server

    def need_pictures(self):
        if "cairo" in self.demgrad("preview", "--terminal", "blocks", "none.tif").err:
            self.skipTest("demgrad is built without pictures")

    def assert_no_leftovers(self):
        names = [name for name in os.listdir(self.folder) if "demgrad-" in name]
        self.assertEqual(names, [], "temporary files are left")

    def assert_close(self, got, expected, bound, text=""):
        """NaN in the same places, and elsewhere |got - expected| <= bound (number or array)."""
        got, expected = np.broadcast_arrays(got, expected)
        differing = np.argwhere(np.isnan(got) != np.isnan(expected))
        self.assertEqual(len(differing), 0,
                         f"{text}: validity differs at {differing[:5].tolist()}")
        excess = np.nan_to_num(np.abs(got - expected) - bound, nan=-1.0)
        worst = np.unravel_index(np.argmax(excess), excess.shape)
        self.assertLessEqual(excess[worst], 0, f"{text}: {got[worst]!r} is not {expected[worst]!r} "
                                               f"at {worst}")

    def assert_figures(self, dataset, text=""):
        """What the bands tell of their values is so; 14 digits are written."""
        for i in range(1, dataset.RasterCount + 1):
            band = dataset.GetRasterBand(i)
            found, expected = figures(band), count_figures(band)
            self.assertEqual(set(found), set(expected), text)
            largest = max(abs(expected.get(name, 0)) for name in ("MINIMUM", "MAXIMUM"))
            for name, value in expected.items():
                bound = 0.005 if name == "VALID_PERCENT" else 2e-13 * largest
                self.assertLessEqual(abs(found[name] - value), bound, f"{text}, band {i}: {name}")

    def assert_error(self, result, code, *words):
        """One line on stderr that begins as it must and has each of `words`."""
        self.assertEqual(result.code, code, result.err)
        lines = result.err.splitlines()
        self.assertEqual(len(lines), 1, result.err)
        self.assertTrue(lines[0].startswith("demgrad: error: "), lines[0])
        for word in words:
            self.assertIn(str(word), lines[0])

    def files(self):
        return sorted(os.path.basename(name) for name in
                      glob.glob(self.path("*")) + glob.glob(self.path(".*")))
