"""A CRS that cannot be is an error, the same in every command; one that does not suit the raster's
numbers is a warning."""

import os

import support
from support import CommandTest, terrain

Z = terrain(20, 30)
DEGREES = (10, 1 / 3600, 0, 50, 0, -1 / 3600)
METRES = (500000, 30, 0, 5000000, 0, -30)


class Wrong(CommandTest):
    def setUp(self):
        super().setUp()
        self.make(Z)
        self.make(Z, name="b.tif", geotransform=(500000 + 30 * 30, 30, 0, 5000000, 0, -20))
        os.mkdir(self.path("out"))

    def test_one_error_for_all_commands(self):
        commands = [["gradient", "in.tif", "out.tif"], ["gradient", "in.tif", "b.tif", "out.tif"],
                    ["info", "in.tif"], ["info", "in.tif", "b.tif"],
                    ["batch", "--output-dir", "out", "in.tif", "b.tif"],
                    ["batch", "--verify", "--output-dir", "out", "in.tif", "b.tif"],
                    ["batch", "--tile", "16x16", "--output-dir", "out", "in.tif"],
                    ["gradient", "--metric", "map", "in.tif", "out.tif"],
                    ["gradient", "--spacing", "30,20", "in.tif", "out.tif"]]
        for text in ("EPSG:999999", "nonsense", "+proj=utm +zone=99"):
            for command, *arguments in commands:
                result = self.demgrad(command, "--crs", text, *arguments)
                self.assert_error(result, 1, f"--crs {text}: is no CRS that GDAL knows")
                self.assertEqual(result.out, "")
                self.assertEqual((self.files(), os.listdir(self.path("out"))),
                                 (["b.tif", "in.tif", "out"], []))

    def test_no_place_for_a_raster(self):
        for code, kind in (("EPSG:4978", "geocentric"), ("EPSG:5703", "one of heights")):
            for command, *arguments in (["gradient", "in.tif", "out.tif"], ["info", "in.tif"]):
                self.assert_error(self.demgrad(command, "--crs", code, *arguments), 1, "in.tif", f"is {kind},")

    def test_no_database(self):
        """PROJ prints what goes wrong itself, unless it is told not to."""
        for command, *arguments in (["gradient", "in.tif", "out.tif"], ["info", "in.tif"]):
            result = self.demgrad(command, *arguments, env={"PROJ_DATA": self.folder, "PROJ_LIB": self.folder})
            self.assertEqual(result.code, 1)
            for line in result.err.splitlines():
                self.assertRegex(line, "^demgrad: (error|warning): ")
            self.assertRegex(result.err, "error: .*in.tif: PROJ finds no database .*PROJ_DATA")


class Angles(CommandTest):
    """Whose map has no length: degrees, also of poles of their own."""

    ROTATED = ("+proj=ob_tran +o_proj=longlat +o_lon_p=0 +o_lat_p=39.25 +lon_0=18 +datum=WGS84 +no_defs "
               "+type=crs")

    def test_they_are_no_plane(self):
        for srs, kind in (("EPSG:4326", "geographic"), (self.ROTATED, "derived geographic")):
            self.make(Z, srs=srs, geotransform=(10, 0.1, 0, 50, 0, -0.1))
            self.assert_error(self.demgrad("gradient", "--metric", "map", "in.tif", "out.tif"), 1, "in.tif",
                              "--metric ground")
            self.assertIn(f"({kind};", self.demgrad("info", "in.tif").out)
            self.assertEqual(self.demgrad("gradient", "-q", "--overwrite", "in.tif", "out.tif").code, 0)


    def test_a_crs_beside_the_output_is_told(self):
        """GeoTIFF has no words for it: without the .aux.xml that GDAL lays beside, the output has none."""
        for srs in (self.ROTATED, "EPSG:4326"):
            self.make(Z, srs=srs, geotransform=(10, 0.1, 0, 50, 0, -0.1))
            result = self.demgrad("gradient", "--overwrite", "in.tif", "out.tif")
            self.assertEqual(result.code, 0)
            is_beside = os.path.exists(self.path("out.tif.aux.xml"))
            self.assertEqual("its CRS is in out.tif.aux.xml" in result.err, is_beside, result.err)
            self.assertEqual(len(support.said(result)), int(is_beside), result.err)

    def test_angles_without_an_ellipsoid(self):
        """They were taken for radians, and these for metres."""
        angles = ('ENGCRS["site",EDATUM["d"],CS[ellipsoidal,2],AXIS["lon",east],AXIS["lat",north],'
                  'ANGLEUNIT["degree",0.0174532925199433]]')
        lengths = ('ENGCRS["site",EDATUM["d"],CS[Cartesian,2],AXIS["x",east],AXIS["y",north],'
                   'LENGTHUNIT["kilometre",1000]]')
        self.make(Z, srs=None)
        for wkt, code in ((angles, 1), (lengths, 0)):
            result = self.demgrad("gradient", "-q", "--crs", wkt, "in.tif", "out.tif")
            self.assertEqual(result.code, code, result.err)
        self.assert_error(self.demgrad("info", "--crs", angles, "in.tif"), 1, "has angles")


class Doubtful(CommandTest):
    def warnings(self, *arguments, **how):
        """The lines that each command says of the raster; they are the same."""
        self.make(Z, **how)
        said = []
        os.makedirs(self.path("out"), exist_ok=True)
        for command in (["gradient", "--progress", "none", "--overwrite"], ["info"],
                        ["batch", "--progress", "none", "--output-dir", "out"]):
            result = self.demgrad(*command, *arguments, "in.tif",
                                  *(["out.tif"] if command[0] == "gradient" else []))
            self.assertEqual(result.code, 0, result.err)
            said.append([line for line in result.err.splitlines() if "CRS" in line])
        self.assertEqual(said, [said[0]] * 3)
        return said[0]

    def assert_warning(self, lines, pattern):
        self.assertEqual(len(lines), 1, lines)
        self.assertRegex(lines[0], r"^demgrad: warning: \S*in\.tif: " + pattern + ".*--crs")

    def test_degrees_taken_for_metres(self):
        lines = self.warnings("--crs", "EPSG:32632", srs=None, geotransform=DEGREES)
        self.assert_warning(lines, r"its pixels are 0\.000277\d* x 0\.000277\d* m on the ground")
        lines = self.warnings("--metric", "map", srs="EPSG:32632", geotransform=DEGREES)
        self.assert_warning(lines, r"its pixels are 0\.000277\d* x 0\.000277\d* m on the ground")

    def test_pixels_that_are_too_large(self):
        lines = self.warnings(srs="EPSG:3857", geotransform=(-3e7, 2e6, 0, 1e7, 0, -1e6))
        self.assert_warning(lines, r"its pixels are \S+ x \S+ m on the ground")

    def test_metres_taken_for_degrees(self):
        lines = self.warnings("--crs", "EPSG:4326", srs=None, geotransform=METRES)
        self.assert_warning(lines, "lies outside the domain of its CRS")

    def test_rows_beyond_a_pole(self):
        lines = self.warnings(srs="EPSG:4326", geotransform=(0, 0.5, 0, 95, 0, -0.5))
        self.assert_warning(lines, r"reaches beyond a pole, to 94\.75 degrees of latitude")

    def test_windows_at_a_pole(self):
        """Their rows are of very different length, as degrees go; on a map of the pole they are not."""
        polar = (0, 0.5, 0, 90, 0, -0.5)
        for method, is_told in (("horn", True), ("evans", True), ("florinsky", True), ("central", False),
                                ("fourth", False)):
            self.make(Z, srs="EPSG:4326", geotransform=polar)
            result = self.demgrad("gradient", "--overwrite", "--method", method, "in.tif", "out.tif")
            self.assertEqual(result.code, 0, result.err)
            self.assertEqual("reaches to a pole" in result.err, is_told, result.err)
        for srs, geotransform in (("EPSG:4326", (0, 0.5, 0, 80, 0, -0.5)),
                                  ("EPSG:3413", (-15000, 1000, 0, 10000, 0, -1000))):
            self.make(Z, srs=srs, geotransform=geotransform)
            result = self.demgrad("gradient", "--overwrite", "--method", "horn", "in.tif", "out.tif")
            self.assertNotIn("pole", result.err)

    def test_what_is_right_is_not_warned_of(self):
        for srs, geotransform in (("EPSG:32632", METRES), ("EPSG:4326", DEGREES),
                                  ("EPSG:4326", (0, 5, 0, 92.5, 0, -5)),  # centred on the pole
                                  ("EPSG:32632", (500000, 0.002, 0, 5e6, 0, -0.002)),
                                  ("EPSG:3857", (-15e6, 9e5, 0, 9e6, 0, -9e5))):
            self.assertEqual(self.warnings(srs=srs, geotransform=geotransform), [])
        self.assertEqual(self.warnings("--spacing", "0.0001", srs="EPSG:32632"), [])


if __name__ == "__main__":
    support.main()
