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

    def test_large_blocks_codecs_and_threads(self):
        """As many workers, codec threads and open files as there is room for, whatever is asked for: these
        took 287 to 450 MB (issue 15). Values that no codec packs, so that its buffers are full."""
        large = ["BLOCKXSIZE=1024", "BLOCKYSIZE=1024"]
        z = np.random.default_rng(0).normal(1000, 100, (3072, 3072)).astype(np.float32)
        tiles = {"usual": self.regular(z, 3, 3, folder="usual", options=["TILED=YES"]),
                 "large": self.regular(z, 3, 3, folder="large", options=[
                     "TILED=YES", "COMPRESS=DEFLATE", "ZLEVEL=1", *large])}
        four = ["--bands", "dzdx,dzdy,slope,aspect"]
        for of, codec, options in (
                ("large", ["COMPRESS=ZSTD"], []),
                ("usual", ["COMPRESS=DEFLATE", "ZLEVEL=1", "INTERLEAVE=PIXEL", "NUM_THREADS=ALL_CPUS"], four),
                ("large", ["COMPRESS=ZSTD", "ZSTD_LEVEL=1", "INTERLEAVE=PIXEL", "NUM_THREADS=8"],
                 [*four, "--ot", "Float64"])):
            creation = [word for option in large + codec for word in ("--co", option)]
            peak = self.peak("--overwrite", "-j", 8, *creation, *options, *tiles[of])
            print(f"blocks of 1,024 of {of} ones, {' '.join(codec + options)}: {peak:.0f} MB")
            self.assertLess(peak, 256, (of, codec, options))

    def test_blocks_that_no_memory_holds(self):
        """One warning says so, and the batch is made by one worker."""
        tiles = self.regular(terrain(300, 600), 2, 1)
        result = self.demgrad("batch", "--output-dir", self.out, "--memory", "128MB",
                              "--co", "BLOCKXSIZE=4096", "--co",
                              "BLOCKYSIZE=4096", *tiles)
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(result.err.count("may take more memory than --memory allows"), 1, result.err)

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
