"""Rows of blocks that do not fit in the memory, so that columns are worked on in panels."""

import os
import sys

import numpy as np
from osgeo import gdal

import support
from support import CommandTest, EPS64, NORTH_UP, map_gradient

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "batch"))
from batch_support import peak_memory


class Wide(CommandTest):
    def check(self, z, *arguments, **how):
        self.make(z, **how)
        results = set()
        for size, threads in (("1GB", 1), ("128MB", 1), ("128MB", 3)):
            self.gradient("--memory", size, "-j", threads, "--co", "BLOCKYSIZE=32", *arguments,
                          "in.tif")
            results.add(gdal.Open(self.path("out.tif")).ReadAsArray().tobytes())
        self.assertEqual(len(results), 1, arguments)

    def wide(self, width=300000, height=20):
        columns = np.arange(width)
        z = 500 * np.sin(columns / 97) + np.arange(height)[:, np.newaxis] * (columns % 13)
        z[7, ::11] = np.nan
        z[:, 150000] = np.nan
        return z

    def test_wide_raster(self):
        for options in (["TILED=YES"], []):
            self.check(self.wide(), "--edge-order", 2, options=options,
                       geotransform=(200000, 2, 0, 5000000, 0, -2))

    def test_wide_raster_in_double(self):
        z = self.wide()
        self.check(z, "--ot", "Float64", "--metric", "map", type=gdal.GDT_Float64)
        got = support.read_raster(self.path("out.tif"))
        self.assert_close(got[0, :, 149000:151000],
                          map_gradient(z[:, 148999:151001], NORTH_UP)[0, :, 1:-1],
                          64 * EPS64 * 1000)

    def test_wide_raster_that_wraps(self):
        step = 360 / 300000
        self.check(self.wide(), srs="EPSG:4326", geotransform=(-180, step, 0, 50, 0, -step))


class LargeBlocks(CommandTest):
    """Blocks of the user's choice, several of which are in memory at a time."""

    def setUp(self):
        super().setUp()
        self.make(np.tile(support.terrain(500, 500).astype(np.float32), (8, 24)))

    def blocks(self, size):
        return ["--co", "COMPRESS=ZSTD", "--co", f"BLOCKXSIZE={size}", "--co", f"BLOCKYSIZE={size}"]

    def test_codec_within_the_memory(self):
        for threads in (1, 2, 4):
            peak = peak_memory("gradient", "-q", "--overwrite", "-j", threads, *self.blocks(1024),
                               self.path("in.tif"), self.path("out.tif"))
            print(f"blocks of 1024 x 1024, {threads} threads: {peak:.0f} MB")
            self.assertLess(peak, 256)

    def test_beyond_the_memory_there_is_a_warning(self):
        result = self.demgrad("gradient", *self.blocks(4096), "in.tif", "out.tif")
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("warning: out.tif: its blocks of 4096 x 4096 pixels", result.err)


if __name__ == "__main__":
    support.main()
