"""Memory stays within the limit, and time per tile flat, whatever the number of tiles."""

import time

import numpy as np
from osgeo import gdal

import batch_support
from batch_support import BatchTest, peak_memory, terrain


class Memory(BatchTest):
    """The default limit is 256 MB."""

    def peak(self, *arguments):
        return peak_memory("batch", "-q", "--output-dir", self.out, *arguments)

    def test_2000_small_tiles(self):
        self.regular(terrain(640, 800).astype(np.int16), 50, 40, name="t{:04d}.tif",
                     type=gdal.GDT_Int16)
        peaks = [self.peak("--report", self.path("report.json"), self.path("in")),
                 self.peak("--verify", self.path("in"))]
        self.count(done=2000)
        print("2000 small tiles:", " and ".join(f"{peak:.0f} MB" for peak in peaks))
        self.assertLess(max(peaks), 256)

    def test_few_large_tiles(self):
        z = np.tile(terrain(500, 500).astype(np.float32), (8, 8))
        tiles = self.regular(z, 2, 2, options=["TILED=YES", "COMPRESS=DEFLATE"])
        for options in ([], ["-j", 8], ["--tile", "512x512"], ["--ot", "Float64", "-j", 4]):
            peak = self.peak("--overwrite", *options, *tiles)
            print("four tiles of 2000 x 2000", *options, f"{peak:.0f} MB")
            self.assertLess(peak, 256, options)

    def test_one_large_raster_cut(self):
        """In strips of one row, which are the hardest to cut into tiles."""
        path = self.make(np.tile(terrain(500, 500).astype(np.float32), (8, 16)))
        peak = self.peak("--tile", "256x256", path)
        print(f"8000 x 4000 in tiles of 256 x 256: {peak:.0f} MB")
        self.assertLess(peak, 256)

    def test_time_per_tile(self):
        """Ten times the tiles take less than twenty times as long."""
        z = terrain(320, 640).astype(np.int16)
        seconds = []
        for cols, rows in ((20, 10), (40, 50)):
            folder = f"n{cols * rows}"
            self.regular(z, cols, rows, folder=folder, name="t{:04d}.tif", type=gdal.GDT_Int16)
            started = time.monotonic()
            self.batch("--overwrite", self.path(folder), timeout=250)
            seconds.append(time.monotonic() - started)
        print("200 and 2000 tiles:", ", ".join(f"{s:.2f} s" for s in seconds))
        self.assertLess(seconds[1], 20 * seconds[0])


if __name__ == "__main__":
    batch_support.main()
