"""A stencil and a band that add_rows.py added to the kernel's tables, through all of the command."""

import json
import os
import sys

import numpy as np
from osgeo import gdal

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "command"))

import support
from support import CommandTest, EPS64

DZDX, DZDY = 0.25, -0.5


class Tables(CommandTest):
    def setUp(self):
        super().setUp()
        rows, columns = np.mgrid[0:40, 0:50]
        z = 100 + DZDX * 30 * columns - DZDY * 20 * rows  # pixels of 30 x 20 metres, north up
        z[7, 9] = z[20, 30] = np.nan
        self.z = z
        self.make(z, type=gdal.GDT_Float64)

    def run_ok(self, *arguments):
        result = self.demgrad(*arguments)
        self.assertEqual(result.code, 0, result.err)
        return result.out

    def test_values_and_metadata(self):
        self.run_ok("gradient", "--metric", "map", "--ot", "Float64", "--method", "sobel-5", "--bands",
                    "dzdx,tilt", "--report", self.path("r.json"), self.path("in.tif"),
                    self.path("out.tif"))
        dataset = gdal.Open(self.path("out.tif"))
        got = dataset.ReadAsArray()
        np.testing.assert_array_equal(np.isnan(got), np.isnan([self.z, self.z]))
        self.assertLess(np.nanmax(np.abs(got[0] - DZDX)), 1000 * EPS64)
        self.assertLess(np.nanmax(np.abs(got[1] - (DZDX + 2 * DZDY))), 1000 * EPS64)
        band = dataset.GetRasterBand(2)
        self.assertEqual((band.GetDescription(), band.GetUnitType()), ("a tilt", "m/m"))
        self.assertEqual(dataset.GetMetadataItem("DEMGRAD_METHOD"), "sobel-5")
        self.assertIn("STATISTICS_MEAN", band.GetMetadata())
        with open(self.path("r.json"), encoding="utf-8") as file:
            report = json.load(file)
        self.assertEqual((report["method"], report["bands"]), ("sobel-5", "dzdx,tilt"))
        self.assertEqual(report["output"]["bands"][1]["name"], "a tilt")

    def test_batch_takes_its_halo(self):
        """So that a tile's edge comes out as in the whole."""
        options = ("--metric", "map", "--method", "sobel-5", "--bands", "tilt")
        self.run_ok("gradient", *options, self.path("in.tif"), self.path("whole.tif"))
        self.run_ok("batch", *options, "--tile", "20x20", "--output-dir", self.path("tiles"),
                    self.path("in.tif"))
        whole = gdal.Open(self.path("whole.tif")).ReadAsArray()
        tile = gdal.Open(self.path("tiles/in_r1_c1_gradient.tif")).ReadAsArray()
        np.testing.assert_array_equal(tile, whole[20:40, 20:40])

    def test_an_option_that_it_needs_is_not_idle(self):
        def told(*options):
            result = self.demgrad("gradient", "--overwrite", "--metric", "map", *options, self.path("in.tif"),
                                  self.path("out.tif"))
            self.assertEqual(result.code, 0, result.err)
            return result.err

        self.assertNotIn("nothing", told("--bands", "tilt", "--z-exaggeration", "3"))
        mean = gdal.Open(self.path("out.tif")).ReadAsArray()
        self.assertLess(np.nanmax(np.abs(mean - (DZDX + 6 * DZDY))), 1e-6)
        self.assertIn("changes nothing", told("--bands", "slope", "--z-exaggeration", "3"))

    def test_what_describes_the_command(self):
        usage = json.loads(self.run_ok("--json-usage"))
        self.assertIn("sobel-5", json.dumps(usage))
        self.assertIn({"name": "tilt", "description": "a tilt"},
                      [{key: band[key] for key in ("name", "description")} for band in usage["bands"]])
        whole_help = self.run_ok("help", "gradient", "all")
        self.assertIn("sobel-5: Sobel's 5 x 5\n", whole_help)
        self.assertIn({"name": "sobel-5", "help": "Sobel's 5 x 5", "has_window": False}, usage["methods"])
        self.assertIn("tilt", whole_help)
        self.assertIn("sobel-5", self.run_ok("__complete", "gradient", "--method", "sob"))


if __name__ == "__main__":
    support.main()
