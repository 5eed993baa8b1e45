"""What `demgrad info` says of CRSs, poles and several rasters, for people and as JSON."""

import json
import math
import re

import support
from support import CommandTest, terrain, write_raster

Z = terrain(20, 30)


class Info(CommandTest):
    def info(self, *arguments, code=0):
        result = self.demgrad("info", "--json", *arguments)
        self.assertEqual(result.code, code, result.err)
        return json.loads(result.out)

    def text(self, *arguments):
        result = self.demgrad("info", *arguments)
        self.assertEqual(result.code, 0, result.err)
        return result.out

    def test_the_code_of_the_crs_and_what_says_it(self):
        self.make(Z, srs="EPSG:32632")
        crs = self.info("in.tif")["crs"]
        self.assertEqual((crs["code"], crs["code_is_alike"], crs["from"]), ("EPSG:32632", False, "file"))
        self.assertRegex(self.text("in.tif"), r"CRS: +WGS 84 / UTM zone 32N, EPSG:32632 \(projected; from the file\)")
        crs = self.info("--crs", "EPSG:25832", "in.tif")["crs"]
        self.assertEqual((crs["code"], crs["from"]), ("EPSG:25832", "option"))
        self.assertRegex(self.text("--crs", "EPSG:25832", "in.tif"), r"EPSG:25832 \(projected; from --crs\)")
        crs = self.info("--crs", "+proj=utm +zone=33 +datum=WGS84", "in.tif")["crs"]
        self.assertEqual((crs["code"], crs["code_is_alike"]), ("EPSG:32633", True))
        self.assertIn("the same as EPSG:32633", self.text("--crs", "+proj=utm +zone=33 +datum=WGS84", "in.tif"))
        crs = self.info("--crs", "+proj=ortho +lat_0=46 +lon_0=9", "in.tif")["crs"]
        self.assertEqual((crs["code"], crs["code_is_alike"]), (None, False))
        crs = self.info("--crs", "EPSG:32632+5773", "in.tif")["crs"]
        self.assertEqual((crs["code"], crs["vertical"]), ("EPSG:32632", "EGM96 height"))

    def test_no_crs(self):
        self.make(Z, srs=None)
        told = self.info("in.tif")
        self.assertEqual((told["crs"]["code"], told["crs"]["from"], told["metric"]), (None, "nothing", "map"))
        text = self.text("in.tif")
        self.assertRegex(text, r"CRS: +none\n")
        self.assertIn("as no ellipsoid is known", text)
        self.assertIn("assumed, as nothing says otherwise", text)

    def test_the_ways_of_the_axes(self):
        self.make(Z, srs=None, geotransform=(60000, -10, 0, 3700000, 0, 10))
        told = self.info("--crs", "EPSG:2048", "in.tif")
        self.assertEqual(told["crs"]["axes"], ["west", "south"])
        self.assertLess(max(map(abs, told["convergence_range_deg"])), 1)
        self.assertIn("x counts west, y counts south\n", self.text("--crs", "EPSG:2048", "in.tif"))

    def test_axes_that_run_alike(self):
        """Around a pole both axes run north, or south: the grid's north is told."""
        self.make(Z, srs=None, geotransform=(-1000, 100, 0, 1000, 0, -100))
        for code, way in (("EPSG:3031", "north"), ("EPSG:3413", "south")):
            self.assertIn(f"x counts {way}, y counts {way}; grid north is the way y counts\n",
                          self.text("--crs", code, "in.tif"))
        self.make(Z, srs="EPSG:4326", geotransform=(10, 0.1, 0, 50, 0, -0.1))
        self.assertEqual(self.info("in.tif")["crs"]["axes"], ["east", "north"])

    def test_the_size_of_the_output(self):
        self.make(Z)
        self.assertEqual(self.info("in.tif")["output"],
                         {"window": [0, 0, 30, 20], "width": 30, "height": 20, "bands": 2,
                          "bytes": 30 * 20 * 2 * 4})
        self.assertRegex(self.text("in.tif"), r"output: +2 bands of 30 x 20 pixels, 0\.0048 MB")

    def test_pixels_on_a_pole(self):
        """A row that is centred on a pole is no pixel wide, and as high as any."""
        self.make(terrain(37, 72), srs="EPSG:4326", geotransform=(-180, 5, 0, 92.5, 0, -5))
        told = self.info("in.tif")["ground_pixel_m"]
        polar_radius = 6378137.0 ** 2 / 6356752.314245179  # M and N alike
        for corner in ("top_left", "top_right", "bottom_left", "bottom_right"):
            self.assertEqual(told[corner][0], 0)
            self.assertAlmostEqual(told[corner][1], math.radians(5) * polar_radius, delta=1e-3)
        self.assertRegex(self.text("in.tif"), r"0 x \S+ m at the top left, on a pole: no dz/dx there")

    def test_pixels_beyond_a_pole(self):
        self.make(Z, srs="EPSG:4326", geotransform=(0, 0.5, 0, 95, 0, -0.5))
        self.assertIn("none at the top left, beyond the pole", self.text("in.tif"))
        self.assertEqual(self.info("in.tif")["ground_pixel_m"]["top_left"], [None, None])

    def test_rasters_on_one_grid_are_one_mosaic(self):
        self.make(Z)
        self.make(Z, name="b.tif", geotransform=(500000 + 30 * 30, 30, 0, 5000000, 0, -20))
        told = self.info("in.tif", "b.tif")
        self.assertEqual((told["inputs"], told["width"], told["height"]), (2, 60, 20))
        self.assertRegex(self.text("in.tif", "b.tif"), "^inputs: +2, as one mosaic\n")

    def test_rasters_that_are_no_mosaic_are_told_each(self):
        self.make(Z)
        self.make(terrain(9, 12), name="b.tif", srs="EPSG:4326", geotransform=(10, 0.1, 0, 50, 0, -0.1))
        told = self.info("in.tif", "b.tif")
        self.assertEqual([(one["file"], one["width"], one["crs"]["code"]) for one in told],
                         [("in.tif", 30, "EPSG:32632"), ("b.tif", 12, "EPSG:4326")])
        text = self.text("in.tif", "b.tif")
        self.assertRegex(text, r"^one mosaic: +no: b\.tif: its CRS is not that of in\.tif")
        self.assertEqual(re.findall(r"^(?:file|size): +(.*)$", text, re.M),
                         ["in.tif", "30 x 20 pixels", "b.tif", "12 x 9 pixels"])

    def test_one_of_several_that_cannot_be_opened(self):
        self.make(Z)
        result = self.demgrad("info", "--json", "in.tif", "gone.tif")
        self.assert_error(result, 1, "gone.tif")
        told = json.loads(result.out)
        self.assertEqual([one["file"] for one in told], ["in.tif", "gone.tif"])
        self.assertEqual(told[0]["width"], 30)
        self.assertIn("gone.tif", told[1]["error"])
        self.assert_error(self.demgrad("info", "in.tif", "gone.tif"), 1, "gone.tif")

    def test_failure_is_json_too(self):
        for arguments in (["gone.tif"], ["--crs", "EPSG:999999", "in.tif"],
                          ["--crs", "EPSG:999999", "in.tif", "b.tif"], ["-b", "3", "in.tif"]):
            self.make(Z)
            write_raster(self.path("b.tif"), Z)
            self.assert_json_error(self.demgrad("info", "--json", *arguments), 1)

    def assert_json_error(self, result, code, *words):
        self.assert_error(result, code, *words)
        told = json.loads(result.out)
        self.assertEqual(list(told), ["error"])
        self.assertEqual(result.err, f"demgrad: error: {told['error']}\n")

    def test_wrong_usage_is_json_too(self):
        """Where a program waits for JSON on stdout; once, and never a second object."""
        self.make(Z)
        for arguments, word in ((["--nosuch", "--json", "in.tif"], "nosuch"), (["--json"], "INPUT"),
                                (["--nosuch", "--js", "in.tif"], "nosuch"),
                                (["--json", "--metric", "other", "in.tif"], "other"),
                                (["--json", "in.tif", "-b"], "-b")):
            self.assert_json_error(self.demgrad("info", *arguments), 2, word)
        for command in (["gradient"], ["batch", "--output-dir", "out"]):
            for report in (["--report", "-"], ["--report=-"]):
                start = [*command, "-q", *report]
                self.assert_json_error(self.demgrad(*start, "--nosuch", "in.tif", "out.tif"), 2, "nosuch")
                if command == ["gradient"]:
                    self.assert_json_error(self.demgrad(*start, "gone.tif", "out.tif"), 1, "gone.tif")
        result = self.demgrad("gradient", "-q", "--report", "r.json", "--nosuch", "in.tif", "out.tif")
        self.assertEqual((result.code, result.out), (2, ""))

    def test_warnings_come_once(self):
        self.make(Z, srs=None)
        self.make(terrain(9, 12), name="b.tif", srs="EPSG:4326", geotransform=(10, 0.1, 0, 50, 0, -0.1))
        for arguments in (["in.tif"], ["in.tif", "b.tif"]):
            result = self.demgrad("info", *arguments)
            self.assertEqual(len(re.findall("has no CRS", result.err)), 1, result.err)
            self.assertEqual(self.demgrad("info", "-q", *arguments).err, "")


if __name__ == "__main__":
    support.main()
