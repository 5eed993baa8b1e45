"""What the bands say of their values: STATISTICS_* metadata, against numpy and gdalinfo -stats."""

import os
import subprocess

import numpy as np
from osgeo import gdal

import support
from support import FIGURES, CommandTest, figures, sha256, terrain


class Statistics(CommandTest):
    def test_a_stream_has_none(self):
        """GDAL 3.10 lays its blocks a byte off where its metadata have an odd length: that is kept right, or
        refused before the work, with what to leave out."""
        self.make(terrain(20, 30))
        expected = self.gradient("in.tif", out="expected.tif")
        result = self.demgrad("gradient", "-q", "--co", "STREAMABLE_OUTPUT=YES", "in.tif", "out.tif")
        if int(gdal.VersionInfo()) >= 3070000 and result.code != 0:
            self.assert_error(result, 1, "out.tif", "leave out STREAMABLE_OUTPUT=YES")
            self.assertFalse(os.path.exists(self.path("out.tif")))
            return
        self.assertEqual((result.code, result.err), (0, ""))
        dataset = gdal.Open(self.path("out.tif"))
        self.assertTrue(np.array_equal(dataset.ReadAsArray(), expected, equal_nan=True))
        self.assertEqual(figures(dataset.GetRasterBand(1)), {})

    def setUp(self):
        super().setUp()
        z = terrain(211, 307, seed=5)
        z[40:80, 100:190] = np.nan
        self.make(z)

    def told(self, band=1):
        dataset = gdal.Open(self.path("out.tif"))  # must outlive its band
        return figures(dataset.GetRasterBand(band))

    def check(self, *arguments):
        self.gradient(*arguments, "in.tif")
        self.assert_figures(gdal.Open(self.path("out.tif")), arguments)

    def test_they_are_those_of_numpy(self):
        self.check()
        self.check("--bands", "aspect,hillshade,slope-degrees,quality,dzdy")
        self.check("--ot", "Float64")
        self.check("--nodata", -9999)
        self.check("--nodata", 0, "--bands", "slope,dzdx")
        self.check("-f", "COG")
        self.check("--co", "COMPRESS=DEFLATE", "--co", "PREDICTOR=3", "-j", 3)
        self.check("--co", "TILED=NO")

    def test_elevations_in_doubles_for_an_output_of_floats(self):
        z = terrain(50, 60, seed=6).astype(np.float64) + 1e6
        self.make(z, type=gdal.GDT_Float64)
        self.check()

    def test_slopes_of_very_different_sizes(self):
        """Smaller ones than a millionth of the largest go another way to the sums."""
        random = np.random.default_rng(7)
        z = np.cumsum(10.0 ** random.uniform(-12, 3, (70, 90)), axis=1)
        self.make(z, type=gdal.GDT_Float64)
        self.check("--ot", "Float64")
        self.check()

    def test_a_plane_deviates_by_nothing(self):
        self.make(np.add.outer(3.0 * np.arange(60), 7.0 * np.arange(80)), type=gdal.GDT_Float64)
        self.gradient("--metric", "map", "in.tif")
        for i in (1, 2):
            found = self.told(i)
            self.assertEqual(found["MINIMUM"], found["MAXIMUM"])
            self.assertEqual(found["STDDEV"], 0)
            self.assertEqual(found["VALID_PERCENT"], 100)

    def test_gdalinfo_finds_the_same_and_has_nothing_to_write(self):
        self.gradient("in.tif")
        kept = [self.told(i) for i in (1, 2)]
        subprocess.run(["gdalinfo", "-stats", self.path("out.tif")], check=True,
                       stdout=subprocess.DEVNULL)
        self.assertFalse(os.path.exists(self.path("out.tif.aux.xml")))
        self.gradient("--no-statistics", "in.tif")
        self.assertEqual(self.told(1), {})
        subprocess.run(["gdalinfo", "-stats", self.path("out.tif")], check=True,
                       stdout=subprocess.DEVNULL)
        dataset = gdal.Open(self.path("out.tif"))
        for i in (1, 2):
            theirs = figures(dataset.GetRasterBand(i))
            for name in FIGURES:
                self.assertAlmostEqual(kept[i - 1][name], theirs[name],
                                       delta=1e-9 * abs(theirs[name]))

    def test_a_band_without_a_value_tells_no_more_than_that(self):
        self.make(np.full((20, 30), np.nan))
        self.gradient("in.tif")
        self.assertEqual(self.told(1),
                         {"VALID_PERCENT": 0})

    def test_huge_values_have_ends_only(self):
        z = np.zeros((20, 30))
        z[10, 10] = 1e200
        self.make(z, type=gdal.GDT_Float64)
        self.gradient("--ot", "Float64", "in.tif")
        self.assertEqual(set(self.told(1)),
                         {"MINIMUM", "MAXIMUM", "VALID_PERCENT"})

    def test_no_file_is_made_for_them(self):
        if not gdal.GetDriverByName("netCDF"):
            self.skipTest("GDAL has no netCDF here")
        self.gradient("-f", "netCDF", "--bands", "dzdx", "in.tif")
        self.assertEqual(self.files(), ["in.tif", "out.tif"])

    def test_a_side_file_that_there_is_anyway_has_them(self):
        self.check("-f", "ENVI")

    def test_figures_do_not_depend_on_blocks(self):
        def texts(*arguments):
            self.gradient(*arguments, "in.tif")
            dataset = gdal.Open(self.path("out.tif"))
            return [sorted(dataset.GetRasterBand(i).GetMetadata().items()) for i in (1, 2)]

        expected = texts()
        for arguments in (("--co", "BLOCKXSIZE=16", "--co", "BLOCKYSIZE=32"), ("--co", "TILED=NO"),
                          ("--co", "TILED=NO", "--co", "BLOCKYSIZE=7", "-j", 4)):
            self.assertEqual(texts(*arguments), expected, arguments)

    def test_without_them_only_they_are_missing(self):
        self.gradient("in.tif")
        with_them = gdal.Open(self.path("out.tif"))
        items, pixels = with_them.GetMetadata(), with_them.ReadAsArray()
        del with_them
        self.gradient("--no-statistics", "in.tif")
        without = gdal.Open(self.path("out.tif"))
        self.assertEqual(without.GetMetadata(), items)
        np.testing.assert_array_equal(without.ReadAsArray(), pixels)
        digest = sha256(self.path("out.tif"))
        self.gradient("--no-statistics", "-j", 1, "in.tif")
        self.assertEqual(sha256(self.path("out.tif")), digest)


if __name__ == "__main__":
    support.main()
