"""Strips too large for GDAL to decode: a whole image in one, compressed."""

import ctypes.util
import os
import sys
import unittest

import numpy as np
from osgeo import gdal

import support
from support import CommandTest, EPS32, map_gradient, terrain

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "batch"))
from batch_support import peak_memory

LARGEST = 64 << 20  # bytes that GDAL may decode at a time


@unittest.skipUnless(ctypes.util.find_library("tiff"), "needs libtiff")
class Strips(CommandTest):
    def large(self, rows, columns):
        z = np.tile(terrain(500, 450).astype(np.float32), (rows // 500 + 1, columns // 450 + 1))
        return z[:rows, :columns]

    def one_strip(self, z, name="strip.tif", codec="ZSTD", **how):
        predictor = 2 if z.dtype == np.int16 else 3
        quick = {"ZSTD": ["ZSTD_LEVEL=1"], "DEFLATE": ["ZLEVEL=1"]}
        return self.make(z, name=name, options=["TILED=NO", f"BLOCKYSIZE={z.shape[0]}",
                                                f"COMPRESS={codec}", f"PREDICTOR={predictor}",
                                                *quick.get(codec, [])], **how)

    def read(self, name):
        """As they are: in doubles so many values take longer than all the rest."""
        return gdal.Open(self.path(name)).ReadAsArray()

    def bands(self, *arguments):
        result = self.demgrad("gradient", "-q", "--overwrite", *arguments, self.path("out.tif"))
        self.assertEqual((result.code, result.err), (0, ""), arguments)
        self.assert_no_leftovers()
        return self.read("out.tif")

    def assert_same(self, got, expected):
        self.assertTrue(np.array_equal(got.view(np.uint32), expected.view(np.uint32)))

    def check(self, z, *arguments, codec="ZSTD", **how):
        """The gradient is that of a raster of tiles."""
        self.assertGreater(z.nbytes, LARGEST)
        self.one_strip(z, codec=codec, **how)
        expected = self.bands(*arguments, self.make(z, options=["TILED=YES"], **how))
        got = self.bands(*arguments, self.path("strip.tif"))
        self.assert_same(got, expected)
        return got

    def test_floats_with_nodata(self):
        z = self.large(4300, 4000)
        z[100:110, 7:900] = z[-1, -3:] = -9999
        got = self.check(z, "--metric", "map", "-j", 3, nodata=-9999)
        corner = z[200:300, :200].astype(float)
        self.assert_close(got[:, 201:299, :199],
                          map_gradient(corner, support.NORTH_UP)[:, 1:99, :199],
                          8 * EPS32 * np.abs(corner).max())

    def test_integers(self):
        self.check((10 * self.large(8500, 4200)).astype(np.int16), type=gdal.GDT_Int16,
                   codec="LZW")

    def test_turn_round_the_globe(self):
        self.check(self.large(3000, 6000), srs="EPSG:4326", codec="DEFLATE",
                   geotransform=(-180, 0.06, 0, 90, 0, -0.06))

    def test_panels(self):
        """So wide that columns are worked on in ranges: each begins at the strip's top."""
        self.check(self.large(90, 200000), "--memory", "128MB", "--co", "BLOCKYSIZE=32", codec="LZW",
                   geotransform=(200000, 1, 0, 5e6, 0, -1))

    def test_neighbours(self):
        z = self.large(4300, 8200)
        left = self.one_strip(z[:, :4100], "left.tif")
        west, step = support.NORTH_UP[:2]
        right = self.one_strip(z[:, 4100:], "right.tif",
                               geotransform=(west + 4100 * step, *support.NORTH_UP[1:]))
        expected = self.bands(self.make(z))
        self.assert_same(self.bands(left, right), expected)
        os.mkdir(self.path("out"))
        done = self.demgrad("batch", "-q", "--output-dir", self.path("out"), left, right)
        self.assertEqual((done.code, done.err), (0, ""))
        self.assert_same(self.read("out/right_gradient.tif"),
                         np.ascontiguousarray(expected[:, :, 4100:]))

    def test_memory(self):
        path = self.one_strip(self.large(20000, 5000))
        peak = peak_memory("gradient", "-q", path, self.path("out.tif"))
        print(f"one strip of 400 MB: {peak:.0f} MB")
        self.assertLess(peak, 256)

    def test_cut_short(self):
        path = self.one_strip(self.large(4300, 4000), codec="DEFLATE")
        os.truncate(path, os.path.getsize(path) - 1000)
        result = self.demgrad("gradient", "-q", path, self.path("out.tif"))
        self.assert_error(result, 1, "strip.tif")
        self.assertEqual(self.files(), ["strip.tif"])


if __name__ == "__main__":
    support.main()
