"""What the command says while it works and afterwards: progress, warnings, --report, info."""

import json
import math
import os
import re
import subprocess

import numpy as np
from osgeo import gdal

import support
from support import CommandTest, NORTH_UP, holes, read_raster, terrain, write_raster

A, F = 6378137.0, 1 / 298.257223563  # WGS 84
E2 = F * (2 - F)


def radii(latitude_deg):
    """Prime vertical and meridional radius of curvature of WGS 84, metres."""
    w = math.sqrt(1 - E2 * math.sin(math.radians(latitude_deg)) ** 2)
    return A / w, A * (1 - E2) / w ** 3


class Progress(CommandTest):
    def run_with(self, *arguments):
        self.make(terrain(300, 400))
        result = self.demgrad("gradient", "--overwrite", *arguments, "in.tif", "out.tif")
        self.assertEqual(result.code, 0, result.err)
        return result

    def test_as_gdal_tools_do(self):
        for arguments in ((), ("--progress", "gdal"), ("-q", "--progress", "gdal")):
            result = self.run_with(*arguments)
            self.assertEqual(result.out, "0...10...20...30...40...50...60...70...80...90...100"
                                         " - done.\n", arguments)
            self.assertEqual(support.said(result), [])

    def test_none(self):
        for arguments in (("-q",), ("--quiet",), ("--progress", "none")):
            result = self.run_with(*arguments)
            self.assertEqual((result.out, support.said(result)), ("", []), arguments)

    def test_the_last_line(self):
        """What was written, its size, the range of each band, seconds."""
        self.make(np.where(np.arange(400) < 9, np.nan, terrain(300, 400)))
        for bands, what in ((), r"dz/dx \S+ to \S+ m/m, dz/dy \S+ to \S+ m/m"), (
                ("--bands", "slope-percent,aspect,hillshade"),
                r"slope-percent \S+ to \S+ %, aspect \S+ to \S+ degrees, hillshade \S+ to \S+"):
            result = self.demgrad("gradient", "--overwrite", *bands, "in.tif", "out.tif")
            self.assertRegex(result.err, rf"^out\.tif: 400 x 300 pixels; {what}; \d+\.\d\d s\n$")
            ranges = re.findall(r"(\S+) to ([^\s;]+)", result.err)
            for (low, high), values in zip(ranges, read_raster(self.path("out.tif")), strict=True):
                self.assertEqual((low, high), (f"{np.nanmin(values):.4g}", f"{np.nanmax(values):.4g}"))
        result = self.demgrad("slope", "--overwrite", "--window", "0,0,5,7", "in.tif", "out.tif")
        self.assertRegex(result.err, r"^out\.tif: 5 x 7 pixels; slope has no valid pixel; \d+\.\d\d s\n$")
        for silent in (("-q",), ("--progress", "json")):
            result = self.demgrad("gradient", "--overwrite", *silent, "in.tif", "out.tif")
            self.assertNotIn("pixels", result.err)

    def test_json_lines(self):
        result = self.run_with("--progress", "json")
        self.assertEqual(result.out, "")
        told = [json.loads(line) for line in result.err.splitlines()]
        done = [line["done"] for line in told]
        self.assertEqual(done, sorted(done))
        self.assertEqual(done[-1], 1)
        self.assertTrue(all(0 <= share <= 1 for share in done))
        self.assertEqual(told[-1]["remaining_s"], 0)

    def test_bar(self):
        result = self.run_with("--progress", "bar")
        self.assertEqual(result.out, "")
        self.assertIn("100 %", result.err)
        self.assertTrue(result.err.endswith("\n"))

    def test_a_terminal_gets_a_bar(self):
        self.make(terrain(300, 400))
        master, terminal = self.open_terminal()
        process = subprocess.Popen([support.DEMGRAD, "gradient", "in.tif", "out.tif"],
                                   cwd=self.folder, stdout=subprocess.PIPE, stderr=terminal)
        os.close(terminal)
        out = process.communicate(timeout=60)[0]
        said = os.read(master, 100000).decode()
        os.close(master)
        self.assertEqual((process.returncode, out), (0, b""))
        self.assertRegex(said, r"100 % \[=+\] +[\d.]+ Mpx/s")
        self.assertRegex(said, r"left +\r\nout\.tif: 400 x 300 pixels; ")

    def test_an_error_ends_the_line_of_a_bar(self):
        whole = self.make(terrain(900, 900), options=["COMPRESS=DEFLATE", "TILED=YES"])
        os.truncate(whole, os.path.getsize(whole) * 2 // 3)
        result = self.demgrad("gradient", "--progress", "bar", "in.tif", "out.tif")
        self.assertEqual(result.code, 1)
        self.assertRegex(result.err.splitlines()[-1], "^demgrad: error: ")

    def test_gdal_is_silent(self):
        """What GDAL prints of this file comes as warnings of demgrad's, and not as it is."""
        self.make(terrain(20, 30))
        with open(self.path("in.tif.aux.xml"), "w", encoding="ascii") as file:
            file.write('<PAMDataset><SRS>GEOGCRS["broken</SRS></PAMDataset>')
        result = self.demgrad("gradient", "in.tif", "out.tif")
        self.assertEqual(result.code, 0, result.err)
        lines = support.said(result)
        self.assertGreater(len(lines), 0)
        for line in lines:
            self.assertTrue(line.startswith("demgrad: warning: in.tif: "), line)

    def test_warnings(self):
        self.make(terrain(20, 30), srs=None)
        result = self.demgrad("gradient", "--progress", "none", "in.tif", "out.tif")
        self.assertEqual((result.code, len(support.said(result))), (0, 1))
        self.assertRegex(result.err, "^demgrad: warning: in.tif: .*CRS")
        result = self.demgrad("gradient", "-q", "--overwrite", "in.tif", "out.tif")
        self.assertEqual((result.code, result.err), (0, ""))

    def test_a_raster_outside_its_crs(self):
        """Degrees taken for metres are in UTM's domain; metres taken for degrees are nowhere."""
        for srs, corner, pixel, is_nowhere in (
                (32632, (500000, 5000000), 30, False), (32632, (5e8, 5e8), 30, True),
                (4326, (500000, 5000000), 30, True), (4326, (9, 49), 1, False),
                (32632, (9, 45), 0.002, False)):
            with self.subTest(f"EPSG:{srs} at {corner}"):
                self.make(terrain(20, 30), srs=f"EPSG:{srs}",
                          geotransform=(corner[0], pixel, 0, corner[1], 0, -pixel))
                result = self.demgrad("gradient", "--overwrite", "--progress", "none", "in.tif",
                                      "out.tif")
                self.assertEqual(result.code, 0)
                found = np.isfinite(read_raster(self.path("out.tif"))).any()
                self.assertEqual(found, not is_nowhere)
                self.assertEqual(support.said(result) != [], is_nowhere)
                if is_nowhere:
                    self.assertRegex(result.err, "^demgrad: warning: in.tif: .*outside.*CRS")


class Report(CommandTest):
    def report(self, *arguments):
        result = self.demgrad("gradient", "-q", "--overwrite", "--report", "r.json", *arguments,
                              "in.tif", "out.tif")
        self.assertEqual((result.code, result.err), (0, ""))
        with open(self.path("r.json"), encoding="utf-8") as file:
            return json.load(file)

    def test_figures_are_those_of_the_output(self):
        """Float64 sums of up to 40,000 values: 1e-12; Float32 output is rounded after: 1e-6."""
        self.make(np.where(holes(200, 180), terrain(200, 180), -9999), nodata=-9999,
                  type=gdal.GDT_Float64)
        for arguments, tolerance in ((("--ot", "Float64"), 1e-12), ((), 1e-6),
                                     (("--nodata", "-9999"), 1e-6), (("--bands", "dzdy"), 1e-6),
                                     (("--bands", "dzdy,dzdx", "-j", "3"), 1e-6)):
            told = self.report(*arguments)["output"]
            output = read_raster(self.path("out.tif"))
            dataset = gdal.Open(self.path("out.tif"))
            names = [dataset.GetRasterBand(i + 1).GetDescription() for i in range(len(output))]
            self.assertEqual([band["name"] for band in told["bands"]], names)
            self.assertEqual((told["width"], told["height"]), (180, 200))
            for band, values in zip(told["bands"], output):
                valid = values[np.isfinite(values)]
                largest = np.abs(valid).max()
                self.assertEqual(band["valid"], valid.size)
                for name, expected in (("min", valid.min()), ("max", valid.max()),
                                       ("mean", valid.mean()),
                                       ("deviation", valid.std(dtype=float))):
                    self.assertAlmostEqual(band[name], expected, delta=tolerance * largest)

    def test_without_statistics_it_has_the_ends(self):
        for kind in (gdal.GDT_Float32, gdal.GDT_Float64):
            self.make(np.where(holes(200, 180), terrain(200, 180), -9999), nodata=-9999, type=kind)
            for arguments in ((), ("--nodata", "0")):
                told = self.report(*arguments)["output"]["bands"]
                ends = self.report("--no-statistics", *arguments)["output"]["bands"]
                for band in told:
                    band.update(mean=None, deviation=None)
                self.assertEqual(ends, told)

    def test_what_is_taken_in_place_of_the_input_s_is_told(self):
        self.make(terrain(20, 30))
        options = ("--spacing", "3,4", "--z-factor", "0.3048", "--input-nodata", "5,7")
        report = self.report(*options)
        self.assertEqual((report["metric"], report["spacing"], report["z_factor"], report["input_nodata"]),
                         ("spacing", "3,4", 0.3048, "5,7"))
        items = gdal.Open(self.path("out.tif")).GetMetadata()
        self.assertEqual([items["DEMGRAD_" + key] for key in ("METRIC", "SPACING", "Z_FACTOR",
                                                              "INPUT_NODATA")],
                         ["spacing", "3,4", "0.3048", "5,7"])
        self.assertNotIn("z_factor", self.report())

    def test_assumptions_and_warnings(self):
        self.make(terrain(20, 30), srs=None, unit="ft", scale=0.5, nodata=-5)
        report = self.report("--edge-order", "2", "--nodata-edges", "propagate")
        self.assertEqual(report["inputs"], ["in.tif"])
        self.assertEqual((report["edge_order"], report["nodata_edges"], report["method"]),
                         (2, "propagate", "central"))
        self.assertEqual(report["assumed"]["elevation_unit"]["metres"], 0.3048)
        self.assertEqual(report["assumed"]["scale"], 0.5)
        self.assertEqual(report["assumed"]["nodata"], -5)
        self.assertIn("CRS", report["warnings"][0])
        self.assertEqual(report["output"]["path"], self.path("out.tif").split("/")[-1])

    def test_nothing_valid_is_null(self):
        self.make(np.full((5, 6), np.nan))
        band = self.report()["output"]["bands"][0]
        self.assertEqual((band["min"], band["max"], band["mean"], band["deviation"], band["valid"]),
                         (None, None, None, None, 0))

    def test_names_with_quotes_and_other_letters(self):
        name = 'a "b" \\ ü\t.tif'
        self.make(terrain(5, 6), name=name)
        result = self.demgrad("gradient", "-q", "--report", "r.json", name, "out.tif")
        self.assertEqual((result.code, result.err), (0, ""))
        with open(self.path("r.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file)["inputs"], [name])

    def test_report_changes_no_byte_of_the_output(self):
        self.make(terrain(200, 300))
        expected = self.gradient("in.tif", out="expected.tif")
        self.report()
        self.assertTrue(np.array_equal(read_raster(self.path("out.tif")), expected))
        self.assertEqual(support.sha256(self.path("out.tif")),
                         support.sha256(self.path("expected.tif")))


class Info(CommandTest):
    def info(self, *arguments, **how):
        write_raster(self.path("in.tif"), terrain(40, 60), **how)
        result = self.demgrad("info", "--json", *arguments, "in.tif")
        self.assertEqual((result.code, result.err), (0, ""))
        return json.loads(result.out)

    def test_what_the_file_says(self):
        told = self.info(type=gdal.GDT_Int16, nodata=-32768, scale=0.1, offset=-20, unit="ft",
                         options=["TILED=YES", "BLOCKXSIZE=32", "BLOCKYSIZE=16"])
        self.assertEqual((told["width"], told["height"], told["type"]), (60, 40, "Int16"))
        self.assertEqual(told["block"], [32, 16])
        self.assertEqual(told["geotransform"], list(NORTH_UP))
        self.assertEqual((told["scale"], told["offset"], told["nodata"]), (0.1, -20, -32768))
        self.assertEqual(told["elevation_unit"], {"name": "ft", "metres": 0.3048, "from": "band"})
        self.assertEqual((told["metric"], told["frame"], told["mask"]), ("ground", "grid", "none"))
        self.assertEqual(told["wrap_columns"], 0)
        self.assertEqual(told["crs"]["kind"], "projected")
        self.assertEqual(told["crs"]["semi_major_m"], A)
        self.assertAlmostEqual(told["crs"]["semi_minor_m"], A * (1 - F), delta=1e-6)

    def check_pixels(self, told, expected, relative):
        for place, (width, height) in expected.items():
            got = told["ground_pixel_m"][place]
            self.assertAlmostEqual(got[0], width, delta=relative * width, msg=place)
            self.assertAlmostEqual(got[1], height, delta=relative * height, msg=place)

    def test_pixels_of_degrees(self):
        """N cos(lat) dlon by M dlat, at pixel centres."""
        told = self.info(srs="EPSG:4326", geotransform=(10, 0.01, 0, 60, 0, -0.02))
        expected = {}
        for place, row in (("centre", 20), ("top_left", 0.5), ("bottom_right", 39.5)):
            latitude = 60 - 0.02 * row
            n, m = radii(latitude)
            expected[place] = (math.radians(0.01) * n * math.cos(math.radians(latitude)),
                               math.radians(0.02) * m)
        self.check_pixels(told, expected, 2e-4)  # "centre" may be half a pixel off the middle
        n, m = radii(60 - 0.01)
        self.assertAlmostEqual(told["ground_pixel_m"]["top_left"][1], math.radians(0.02) * m,
                               delta=1e-6)

    def test_pixels_of_web_mercator(self):
        told = self.info(srs="EPSG:3857", geotransform=(1e6, 30, 0, 8e6, 0, -30))
        for place, row in (("top_left", 0.5), ("bottom_left", 39.5)):
            latitude = math.degrees(math.atan(math.sinh((8e6 - 30 * row) / A)))
            cosine = math.cos(math.radians(latitude))
            n, m = radii(latitude)
            self.check_pixels(told, {place: (30 * n * cosine / A, 30 * m * cosine / A)}, 1e-7)

    def test_pixels_on_the_central_meridian_of_utm(self):
        """The scale there is 0.9996, and no convergence."""
        told = self.info(geotransform=(500000 - 30, 1, 0, 5000000, 0, -1))
        self.check_pixels(told, {"centre": (1 / 0.9996, 1 / 0.9996)}, 1e-9)
        low, high = told["convergence_range_deg"]
        self.assertLessEqual(low, 0)
        self.assertGreaterEqual(high, 0)

    def test_pixels_as_given(self):
        told = self.info("--spacing", "3,4")
        self.assertEqual(told["metric"], "spacing")
        self.check_pixels(told, {"centre": (3, 4), "top_right": (3, 4)}, 1e-12)
        told = self.info("--metric", "map", srs="EPSG:2264")
        foot = 1200 / 3937
        self.check_pixels(told, {"centre": (30 * foot, 20 * foot)}, 1e-12)

    def test_wrap(self):
        told = self.info(srs="EPSG:4326", geotransform=(-180, 6, 0, 90, 0, -4.5))
        self.assertEqual(told["wrap_columns"], 60)
        told = self.info("--wrap", "no", srs="EPSG:4326", geotransform=(-180, 6, 0, 90, 0, -4.5))
        self.assertEqual(told["wrap_columns"], 0)

    def test_masks(self):
        self.assertEqual(self.info(mask=np.ones((40, 60)))["mask"], "mask")
        self.assertEqual(self.info(alpha=np.ones((40, 60)))["mask"], "alpha")

    def test_for_people(self):
        self.info(srs="EPSG:4326", geotransform=(10, 0.01, 0, 60, 0, -0.02), unit="ft")
        result = self.demgrad("info", "in.tif")
        self.assertEqual((result.code, result.err), (0, ""))
        for words in ("60 x 40", "WGS 84", "Float32", "ground", r"ft = 0\.3048"):
            self.assertRegex(result.out, re.compile(words))


if __name__ == "__main__":
    support.main()
