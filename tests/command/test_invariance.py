"""The same bytes, whatever the threads, memory, CPU tier and blocks."""

import contextlib

import numpy as np
from osgeo import gdal

import support
from support import CommandTest, EPS32, NORTH_UP, map_gradient, sha256, terrain

TIERS = ("baseline", "x86-64-v3", "x86-64-v4")
WIDE_ERRORS = ("--method", "evans", "--window", 19, "--bands", "error-dzdx,error-slope", "--z-error", 1)


def riddled(height, width, seed=3):
    """Ground with holes of all sizes."""
    z = terrain(height, width, seed)
    random = np.random.default_rng(seed)
    z[random.random(z.shape) < 0.05] = np.nan
    for _ in range(12):
        row, column = random.integers(0, height), random.integers(0, width)
        z[row:row + 40, column:column + 70] = np.nan
    return z


@contextlib.contextmanager
def gdal_vrt(path, width, height):
    """The band of a new VRT in UTM, to give sources to."""
    dataset = gdal.GetDriverByName("VRT").Create(path, width, height, 1, gdal.GDT_Float32)
    dataset.SetGeoTransform(NORTH_UP)
    dataset.SetSpatialRef(support.crs(support.UTM))
    yield dataset.GetRasterBand(1)
    dataset.FlushCache()


class Invariance(CommandTest):
    def pixels(self, *arguments, name="in.tif", env=None):
        self.gradient(*arguments, name, env=env)
        return gdal.Open(self.path("out.tif")).ReadAsArray()

    def file(self, *arguments, env=None):
        self.gradient(*arguments, "in.tif", env=env)
        return sha256(self.path("out.tif"))

    def test_files_do_not_depend_on_how_they_are_made(self):
        self.make(riddled(600, 700), options=["TILED=YES"])
        variants = [(("-j", threads), {}) for threads in (1, 2, 3, 8)]
        variants += [(("--memory", size), {}) for size in ("128MB", "1GB")]
        variants += [((), {"DEMGRAD_CPU": tier}) for tier in TIERS]
        variants += [(("-j", 3, "--memory", "128MB"), {"DEMGRAD_CPU": "baseline"})]
        for fixed in ((), ("--co", "COMPRESS=DEFLATE", "--co", "PREDICTOR=3"), WIDE_ERRORS):
            expected = self.file(*fixed)
            for arguments, env in variants:
                with self.subTest(f"{fixed} {arguments} {env}"):
                    self.assertEqual(self.file(*fixed, *arguments, env=env), expected)

    def test_large_files_do_not_either(self):
        self.make(riddled(2100, 2120), options=["TILED=YES"])
        variants = [("-j", threads, "--memory", memory)
                    for threads in (1, 2, 5) for memory in ("128MB", "256MB", "1GB")]
        self.assertEqual(len({self.file(*arguments) for arguments in variants}), 1)

    def test_tiers_agree_in_every_arithmetic(self):
        z = riddled(70, 611)
        for type in (gdal.GDT_Float32, gdal.GDT_Int16, gdal.GDT_Float64):
            self.make(np.nan_to_num(z, nan=-9999), type=type, nodata=-9999,
                      geotransform=(500000, 8, 6, 5000000, 6, -8))
            for fixed in ((), ("--edge-order", 2), ("--nodata-edges", "propagate"),
                          ("--ot", "Float64", "--edge-order", 2), WIDE_ERRORS):
                results = {self.file(*fixed, env={"DEMGRAD_CPU": tier}) for tier in TIERS}
                self.assertEqual(len(results), 1, fixed)

    def test_an_unknown_tier(self):
        self.make(terrain(5, 6))
        result = self.demgrad("gradient", "in.tif", "out.tif", env={"DEMGRAD_CPU": "z80"})
        self.assertIn(result.code, (1, 2))
        self.assert_error(result, result.code, "z80")

    def test_source_blocks(self):
        """Striped, tiled, one strip for all, compressed: the pixels are the same."""
        z = riddled(600, 700)
        layouts = [["BLOCKYSIZE=1"], ["BLOCKYSIZE=7"], ["BLOCKYSIZE=600"],
                   ["BLOCKYSIZE=600", "COMPRESS=DEFLATE"], ["COMPRESS=LZW"]]
        layouts += [["TILED=YES", f"BLOCKXSIZE={size}", f"BLOCKYSIZE={size}"]
                    for size in (16, 64, 256, 512)]
        layouts += [["TILED=YES", "BLOCKXSIZE=1024", "BLOCKYSIZE=16", "COMPRESS=DEFLATE"]]
        expected = None
        for layout in layouts:
            self.make(z, options=layout)
            for threads in (1, 3):
                got = self.pixels("-j", threads)
                expected = got if expected is None else expected
                self.assertEqual(got.tobytes(), expected.tobytes(), f"{layout} -j {threads}")
        bound = 8 * EPS32 * np.nanmax(np.abs(map_gradient(z, NORTH_UP)))
        got = support.read_raster(self.path("out.tif"))
        self.gradient("--metric", "map", "in.tif")
        z = z.astype(np.float32).astype(float)
        self.assert_close(support.read_raster(self.path("out.tif")), map_gradient(z, NORTH_UP),
                          bound)
        self.assertEqual(got.shape, (2, 600, 700))

    def test_resampling_in_a_vrt(self):
        """GDAL averages otherwise for another window, and rounds otherwise: the windows are always the same."""
        self.make(terrain(1300, 1400), name="fine.tif")
        source = ("<SimpleSource resampling='{}'><SourceFilename relativeToVRT='1'>fine.tif</SourceFilename>"
                  "<SourceBand>1</SourceBand><SrcRect xOff='3.3' yOff='5.7' xSize='1380.2' ySize='1280.1'/>"
                  "<DstRect xOff='1.5' yOff='2.5' xSize='1993.3' ySize='2294.8'/></SimpleSource>").replace("'", '"')
        for how in ("average", "bilinear", "cubic", "nearest"):
            with gdal_vrt(self.path("in.vrt"), 2000, 2300) as band:
                band.SetMetadataItem("source_0", source.format(how), "new_vrt_sources")
            results = [self.pixels(*options, name="in.vrt") for options in (
                (), ("-j", 1), ("--memory", "128MB"), ("--co", "BLOCKXSIZE=64", "--co", "BLOCKYSIZE=16"))]
            for other in results[1:]:
                np.testing.assert_array_equal(other, results[0])

    def test_output_blocks(self):
        self.make(riddled(300, 500))
        expected = self.pixels().tobytes()
        for options in (["TILED=NO"], ["BLOCKXSIZE=16", "BLOCKYSIZE=16"], ["TILED=NO", "BLOCKYSIZE=300"],
                        ["BLOCKXSIZE=512", "BLOCKYSIZE=64"], ["INTERLEAVE=PIXEL"],
                        ["TILED=NO", "BLOCKYSIZE=7", "COMPRESS=DEFLATE"],
                        ["TILED=NO", "BLOCKYSIZE=0"], ["BLOCKXSIZE=0", "BLOCKYSIZE=0"],  # GDAL's own
                        ["COMPRESS=DEFLATE", "NUM_THREADS=ALL_CPUS"], ["COMPRESS=DEFLATE", "NUM_THREADS=7"]):
            arguments = [word for option in options for word in ("--co", option)]
            for threads in (1, 3):
                self.assertEqual(self.pixels("-j", threads, *arguments).tobytes(), expected, options)

    def test_small_cache(self):
        """Even where GDAL may cache next to nothing."""
        self.make(riddled(600, 700), options=["TILED=YES"])
        expected = self.pixels().tobytes()
        for size in ("1", "8"):
            self.assertEqual(self.pixels("--config", f"GDAL_CACHEMAX={size}").tobytes(), expected)


if __name__ == "__main__":
    support.main()
