"""Every error is one line on stderr that names the file or option, with the right exit status; no
output and no temporary file is left, and an output that was there stays as it was."""

import os
import sys
import stat
import unittest

import numpy as np
from osgeo import gdal

import support
from support import CommandTest, sha256, terrain, write_raster

Z = terrain(20, 30)


class Errors(CommandTest):
    """self.fails() runs twice: into a new output, and over an existing one."""

    def setUp(self):
        super().setUp()
        self.make(Z)

    def fails(self, code, words, *arguments, out="out.tif", over=True):
        words = [words] if isinstance(words, str) else words
        self.assert_fails(code, words, arguments, out)
        if not over:
            return
        write_raster(self.path(out), Z)
        before = self.files(), sha256(self.path(out)), os.stat(self.path(out)).st_mtime_ns
        self.assert_fails(code, words, ("--overwrite", *arguments), out)
        after = self.files(), sha256(self.path(out)), os.stat(self.path(out)).st_mtime_ns
        self.assertEqual(after, before)
        os.remove(self.path(out))

    def assert_fails(self, code, words, arguments, out):
        before = self.files()
        result = self.demgrad("gradient", *arguments, self.path(out))
        self.assert_error(result, code, *words)
        self.assertEqual(self.files(), before)
        self.assertNotIn("100 - done", result.out)

    # Inputs

    def test_complex_band(self):
        for type in (gdal.GDT_CFloat32, gdal.GDT_CInt16, gdal.GDT_CFloat64):
            self.make(Z, name="complex.tif", type=type)
            self.fails(1, ["complex.tif", "complex"], "complex.tif")

    def test_missing_input(self):
        self.fails(1, "gone.tif", "gone.tif")
        self.fails(1, "gone.tif", self.path("no/folder/gone.tif"))

    def test_text_file(self):
        with open(self.path("notes.tif"), "w", encoding="ascii") as file:
            file.write("not a raster\n")
        self.fails(1, "notes.tif", "notes.tif")

    def test_empty_file(self):
        open(self.path("empty.tif"), "w", encoding="ascii").close()
        self.fails(1, "empty.tif", "empty.tif")

    def test_folder_as_input(self):
        os.mkdir(self.path("folder"))
        self.fails(1, "folder", "folder")

    def test_file_cut_short(self):
        big = terrain(400, 500)
        for options in ([], ["COMPRESS=DEFLATE"], ["TILED=YES"], ["TILED=YES", "COMPRESS=LZW"]):
            whole = self.make(big, name="whole.tif", options=options)
            size = os.path.getsize(whole)
            with open(whole, "rb") as file:
                start = file.read(size * 2 // 3)
            with open(self.path("cut.tif"), "wb") as file:
                file.write(start)
            self.fails(1, "cut.tif", "cut.tif")
            os.remove(self.path("cut.tif"))

    def test_damaged_file(self):
        """Garbage in the middle of compressed data."""
        whole = self.make(terrain(400, 500), name="bad.tif", options=["COMPRESS=DEFLATE"])
        with open(whole, "r+b") as file:
            file.seek(os.path.getsize(whole) // 2)
            file.write(b"\xff" * 5000)
        for threads in (1, 2):
            self.fails(1, "bad.tif", "-j", threads, "bad.tif")

    def test_vrt_whose_source_is_gone(self):
        gdal.Translate(self.path("in.vrt"), self.make(Z, name="source.tif"), format="VRT")
        os.remove(self.path("source.tif"))
        self.fails(1, "in.vrt", "in.vrt")

    def test_band_that_is_not_there(self):
        self.fails(1, ["in.tif", "band 2"], "-b", "2", "in.tif")

    def test_rasters_of_one_pixel(self):
        for shape in ((1, 1), (1, 9), (9, 1)):
            self.make(terrain(*shape), name="thin.tif")
            self.fails(1, "thin.tif", "thin.tif")
        self.make(terrain(2, 9), name="thin.tif")
        self.fails(1, "thin.tif", "--edge-order", "2", "thin.tif")

    def test_rasters_of_too_many_columns_or_rows(self):
        for width, height in ((2147483647, 3), (3, 1000000001)):
            with open(self.path("huge.vrt"), "w", encoding="ascii") as file:
                file.write(f'<VRTDataset rasterXSize="{width}" rasterYSize="{height}">'
                           '<VRTRasterBand dataType="Float32" band="1"/></VRTDataset>')
            self.fails(1, ["huge.vrt", f"{width} x {height}"], "huge.vrt", over=False)

    def test_map_metric_of_degrees(self):
        self.make(Z, name="degrees.tif", srs="EPSG:4326", geotransform=(10, 0.1, 0, 50, 0, -0.1))
        self.fails(1, ["degrees.tif", "map"], "--metric", "map", "degrees.tif")

    def test_pixels_without_area(self):
        self.make(Z, name="flat.tif", geotransform=(0, 10, 20, 0, 5, 10))
        self.fails(1, "flat.tif", "flat.tif")

    def test_wrap_of_a_raster_that_cannot(self):
        self.fails(1, ["in.tif", "wrap"], "--wrap", "yes", "in.tif")

    def test_coordinates_that_do_not_fit(self):
        with open(self.path("x.txt"), "w", encoding="ascii") as file:
            file.write("1\n2\n3\n")
        self.fails(1, ["3", "30"], "--x-coords", "x.txt", "--spacing", "1", "in.tif")
        with open(self.path("x.txt"), "w", encoding="ascii") as file:
            file.write("7\n" * 30)
        self.fails(1, "coordinate", "--x-coords", "x.txt", "--spacing", "1", "in.tif")

    def test_distances_along_one_axis(self):
        """No input could make them right."""
        with open(self.path("x.txt"), "w", encoding="ascii") as file:
            file.writelines(f"{10 * i}\n" for i in range(30))
        self.fails(2, ["one axis", "--bands"], "--x-coords", "x.txt", "in.tif")
        self.fails(2, ["one axis", "--bands"], "--x-coords", "x.txt", "--bands", "slope", "in.tif")
        self.fails(2, ["one axis", "--bands"], "--x-coords", "x.txt", "--bands", "dzdy", "in.tif")

    def test_crs_that_is_none(self):
        for text in ("EPSG:999999", "nonsense"):
            result = self.demgrad("gradient", "--crs", text, "in.tif", "out.tif")
            self.assertIn(result.code, (1, 2))
            self.fails(result.code, "--crs", "--crs", text, "in.tif")

    # Outputs

    def test_output_exists(self):
        write_raster(self.path("out.tif"), Z)
        before = sha256(self.path("out.tif"))
        self.assert_fails(1, ["out.tif", "--overwrite"], ("in.tif",), "out.tif")
        self.assertEqual(sha256(self.path("out.tif")), before)

    def test_format_of_one_band(self):
        if not gdal.GetDriverByName("GSBG"):
            self.skipTest("this GDAL has no GSBG")
        self.fails(1, ["out.grd", "--bands"], "-f", "GSBG", "in.tif", out="out.grd", over=False)
        result = self.demgrad("gradient", "-q", "-f", "GSBG", "--bands", "dzdy", "in.tif",
                              self.path("out.grd"))
        self.assertEqual((result.code, result.err), (0, ""))

    def test_output_is_the_input(self):
        before = sha256(self.path("in.tif"))
        self.assert_fails(1, ["in.tif"], ("in.tif",), "in.tif")
        self.assertEqual(sha256(self.path("in.tif")), before)

    def test_output_is_a_folder(self):
        os.mkdir(self.path("folder"))
        for arguments in (("in.tif",), ("--overwrite", "in.tif")):
            for out in ("folder", "folder/"):
                self.assert_fails(1, ["folder"], arguments, out)
        self.assertEqual(os.listdir(self.path("folder")), [])

    def test_folder_of_the_output_is_not_there(self):
        self.fails(1, "gone", "in.tif", out="gone/out.tif", over=False)
        self.fails(1, "in.tif", "in.tif", out="in.tif/out.tif", over=False)

    def test_folder_that_may_not_be_written(self):
        """Root may write everywhere, so that it runs this as nobody, if nobody can run demgrad."""
        how = {"user": 65534} if os.geteuid() == 0 else {}
        os.chmod(self.folder, 0o755)
        folder = self.path("locked")
        os.mkdir(folder, 0o555)
        try:
            self.demgrad("--version", **how)
        except PermissionError:
            self.skipTest("this user may write everywhere")
        for arguments in ((), ("--overwrite",)):
            result = self.demgrad("gradient", *arguments, "in.tif", "locked/out.tif", **how)
            self.assert_error(result, 1, "locked/out.tif", "permission")
        self.assertEqual(os.listdir(folder), [])

    def test_unknown_creation_option(self):
        self.fails(2, ["--co", "NOSUCH"], "--co", "NOSUCH=1", "in.tif")

    def test_wrong_creation_option(self):
        self.fails(2, "COMPRESS", "--co", "COMPRESS=NOSUCH", "in.tif")
        self.fails(2, "out.tif", "--co", "BLOCKXSIZE=17", "in.tif")

    def test_bands_that_become_an_alpha_band(self):
        """What reads it then takes pixels of the others for none."""
        for value in ("YES", "PREMULTIPLIED", "NON-PREMULTIPLIED"):
            self.fails(2, "alpha band", "--co", f"ALPHA={value}", "in.tif")
            self.fails(2, "alpha band", "--co", f"ALPHA={value}", "--bands", "dzdx,dzdy,slope", "in.tif")
        result = self.demgrad("gradient", "-q", "--overwrite", "--co", "ALPHA=NO", "in.tif", "out.tif")
        self.assertEqual((result.code, result.err), (0, ""))

    def test_byte_order_that_gdal_writes_wrongly(self):
        """ENDIANNESS=BIG alone loses blocks without data, and all of ZSTD with predictor 3."""
        for order in ("BIG", "INVERTED") if sys.byteorder == "little" else ("LITTLE", "INVERTED"):
            self.fails(2, "ENDIANNESS", "--co", f"ENDIANNESS={order}", "in.tif")
        for order in (sys.byteorder.upper(), "NATIVE"):
            result = self.demgrad("gradient", "-q", "--overwrite", "--co", f"ENDIANNESS={order}",
                                  "in.tif", "out.tif")
            self.assertEqual((result.code, result.err), (0, ""))

    def test_formats_that_would_warp_the_gradient(self):
        """Components on another grid would have to be turned and scaled with it."""
        for driver, option in (("COG", "TARGET_SRS=EPSG:3857"), ("COG", "target_srs=EPSG:32632"),
                               ("COG", "TILING_SCHEME=GoogleMapsCompatible"),
                               ("GPKG", "TILING_SCHEME=GoogleMapsCompatible")):
            if not gdal.GetDriverByName(driver):
                continue
            options = ("-f", driver, "--co", option)
            words = [option.partition("=")[2], "gdalwarp"]
            self.fails(2, words, *options, "in.tif")
            result = self.demgrad("batch", "-q", *options, "--output-dir", "new", "in.tif")
            self.assert_error(result, 2, *words)
            self.assertNotIn("new", self.files())
        result = self.demgrad("gradient", "-q", "-f", "COG", "--co", "TILING_SCHEME=custom", "in.tif",
                              "cog.tif")
        self.assertEqual((result.code, result.err), (0, ""))

    def test_report_that_cannot_be_written_is_told_before_the_work(self):
        self.fails(1, "gone/r.json", "--report", "gone/r.json", "in.tif")
        self.fails(1, "report", "--report", self.folder, "in.tif")

    def test_report_over_an_input_or_the_output(self):
        """The report must not replace what was read or written."""
        before = sha256(self.path("in.tif"))
        result = self.demgrad("gradient", "-q", "--report", "in.tif", "in.tif", "out.tif")
        self.assertEqual(sha256(self.path("in.tif")), before)
        self.assertNotEqual(result.code, 0)
        result = self.demgrad("gradient", "-q", "--report", "out.tif", "in.tif", "out.tif")
        self.assertNotEqual(result.code, 0)

    def test_info_of_what_it_cannot_read(self):
        for name in ("gone.tif", "."):
            self.assert_error(self.demgrad("info", name), 1, name)

    def test_quiet_does_not_hide_errors(self):
        self.fails(1, "gone.tif", "-q", "--progress", "none", "gone.tif")


class Streams(CommandTest):
    """Closed standard streams are no excuse for writing messages into the raster."""

    def test_closed_streams_leave_the_output_as_it_should_be(self):
        self.make(Z)
        self.gradient("in.tif", out="expected.tif")
        for closed in ((0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2)):
            with self.subTest(closed):
                def close(closed=closed):
                    for descriptor in closed:
                        os.close(descriptor)
                before = sha256(self.path("in.tif"))
                result = self.demgrad("gradient", "--overwrite", "--progress", "gdal", "in.tif",
                                      "out.tif", preexec_fn=close)
                self.assertEqual(sha256(self.path("in.tif")), before)
                if result.code == 0:
                    self.assertEqual(sha256(self.path("out.tif")), sha256(self.path("expected.tif")))
                else:
                    self.assertFalse(os.path.exists(self.path("out.tif")))
                self.assert_no_leftovers()

    def test_names_with_line_breaks_stay_on_one_line(self):
        result = self.demgrad("gradient", "a\nb.tif", "out.tif")
        self.assertEqual((result.code, len(result.err.splitlines())), (1, 1), result.err)

    @unittest.skipUnless(hasattr(os, "mkfifo"), "needs named pipes")
    def test_a_pipe_or_device_is_not_replaced(self):
        self.make(Z)
        os.mkfifo(self.path("pipe"))
        result = self.demgrad("gradient", "--overwrite", "in.tif", "pipe")
        self.assertTrue(stat.S_ISFIFO(os.stat(self.path("pipe")).st_mode), "the pipe is gone")
        self.assert_error(result, 1, "pipe")

    def test_a_link_stays_a_link(self):
        """--overwrite through a symbolic link replaces what it points at."""
        self.make(Z)
        os.mkdir(self.path("elsewhere"))
        write_raster(self.path("elsewhere/real.tif"), Z)
        os.symlink("elsewhere/real.tif", self.path("out.tif"))
        self.gradient("in.tif")
        self.assertTrue(os.path.islink(self.path("out.tif")))
        self.assertEqual(gdal.Open(self.path("elsewhere/real.tif")).RasterCount, 2)
        self.assertEqual(os.listdir(self.path("elsewhere")), ["real.tif"])

    def test_permissions_are_those_of_a_new_file(self):
        self.make(Z)
        os.umask(0o022)
        self.gradient("in.tif")
        self.assertEqual(stat.S_IMODE(os.stat(self.path("out.tif")).st_mode), 0o644)

    def test_long_names(self):
        """A name that the file system can hold can be written."""
        self.make(Z)
        name = "x" * 251 + ".tif"
        result = self.demgrad("gradient", "-q", "in.tif", name)
        self.assertEqual((result.code, result.err), (0, ""))
        self.assertTrue(np.isfinite(support.read_raster(self.path(name))).all())

    def test_names_too_long_for_what_is_beside_them(self):
        """In one line that a screen holds: GPKG's reason is a script of SQL."""
        self.make(Z)
        for driver in ("GPKG", "ERS", "ENVI", "AAIGrid"):
            name = "x" * 250 + ".gpkg"
            result = self.demgrad("gradient", "-q", "--bands", "slope", "-f", driver, "--nodata", "-9999",
                                  "in.tif", name)
            self.assertEqual((result.code in (1, 2), result.err.count("\n")), (True, 1))
            self.assertIn("give a shorter one", result.err)
            self.assertLess(len(result.err), 1200)
            self.assertEqual(self.files(), ["in.tif"])


if __name__ == "__main__":
    support.main()
