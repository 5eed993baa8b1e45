"""What lies beside a raster and says how to read it: GDAL leaves out in silence what it cannot read of that."""

import os
import shutil
import zipfile

import numpy as np
from osgeo import gdal

from support import CommandTest, can_write, main, plane, write_raster

Z = plane(20, 30, 2, 3, base=1).astype(np.uint8)
NOTES = '<PAMDataset><PAMRasterBand band="1"><Offset>0</Offset><Scale>{scale}</Scale></PAMRasterBand></PAMDataset>'
SCALED = NOTES.format(scale="0.1")
DAMAGED = {"half": SCALED[:-5], "other end": SCALED.replace("</PAMD", "</PAM-D"), "first letters": SCALED[:6]}
OTHER = {"empty": "", "no XML": "scale 0.1", "another encoding": SCALED.encode("utf-16"),
         "another root": SCALED.replace("PAMDataset", "metadata"), "cut": SCALED.replace("PAMDataset", "metadata")[:-9]}
IGNORED = {"a declaration": '<?xml version="1.0" encoding="UTF-8"?>\n' + SCALED, "a comment": f"<!-- x -->{SCALED}"}


class Beside(CommandTest):
    def write(self, name, text):
        with open(self.path(name), "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())

    def raster(self, driver="GTiff", name="in.tif"):
        """One on which nothing lies beside, and which does not say how steep it is."""
        write_raster(self.path("made.tif"), Z, type=gdal.GDT_Byte)
        gdal.Translate(self.path(name), self.path("made.tif"), format=driver)
        for beside in self.files():
            if beside.endswith(".aux.xml") or beside == "made.tif":
                os.remove(self.path(beside))
        return name

    def assert_scaled(self, *command, scale=0.1, env=None):
        result = self.demgrad("info", *command, env=env)
        self.assertEqual(result.code, 0, result.err)
        self.assertIn(f"scale, offset:  {scale:g}, 0\n", result.out)
        return result

    def assert_refused(self, name, *words, env=None):
        for command in (["info", name], ["gradient", "-q", "--spacing", "1", name, "out.tif"]):
            result = self.demgrad(*command, env=env)
            self.assertEqual(result.code, 1, result.err)
            error = [line for line in result.err.splitlines() if "error: " in line]
            self.assertEqual(len(error), 1, result.err)
            for word in words:
                self.assertIn(word, error[0])
        self.assertFalse(os.path.exists(self.path("out.tif")))


    def assert_warned(self, name, *words):
        for command in (["info", name], ["gradient", "--overwrite", "--spacing", "1", name, "out.tif"]):
            result = self.demgrad(*command)
            self.assertEqual(result.code, 0, result.err)
            warnings = [line for line in result.err.splitlines() if all(word in line for word in words)]
            self.assertEqual(len(warnings), 1, result.err)


class Notes(Beside):
    """.aux.xml"""

    def test_each_format(self):
        for driver, name in (("GTiff", "in.tif"), ("PNG", "in.png"), ("KRO", "in.kro"), ("ISIS2", "in.cub"),
                             ("EHdr", "in.bil"), ("HFA", "in.img"), ("RST", "in.rst")):
            if not can_write(driver):
                continue
            with self.subTest(driver):
                self.raster(driver, name)
                self.write(name + ".aux.xml", SCALED)
                self.assert_scaled(name)
                for text in DAMAGED.values() if driver == "GTiff" else [DAMAGED["half"]]:
                    self.write(name + ".aux.xml", text)
                    self.assert_refused(name, name + ".aux.xml: ", "remove it, or make it anew")

    def test_what_is_nothing_of_gdal_s(self):
        """It may lie there for whatever reason: a warning."""
        name = self.raster()
        for text in OTHER.values():
            with self.subTest(text):
                self.write(name + ".aux.xml", text)
                self.assert_warned(name, "in.tif.aux.xml is nothing of GDAL's", "make it anew")

    def test_what_gdal_does_not_heed(self):
        """It looks at what is first in the file. Figures alone do no harm."""
        name = self.raster()
        for text in IGNORED.values():
            with self.subTest(text):
                self.write(name + ".aux.xml", text)
                self.assert_refused(name, "in.tif.aux.xml: ", "<Scale>", "<?xml")
        self.write(name + ".aux.xml", '<?xml version="1.0"?><PAMDataset><PAMRasterBand band="1"><Metadata>'
                   '<MDI key="STATISTICS_MAXIMUM">5</MDI></Metadata></PAMRasterBand></PAMDataset>')
        self.assert_scaled(name, scale=1)

    def test_numbers(self):
        """GDAL would take 1 for 1,5."""
        name = self.raster()
        for word, is_taken in ((" 1.5 ", True), ("15e-1\n", True), ("1,5", False), ("1.5 ft", False)):
            with self.subTest(word):
                self.write(name + ".aux.xml", NOTES.format(scale=word))
                if is_taken:
                    self.assert_scaled(name, scale=1.5)
                else:
                    self.assert_refused(name, "in.tif.aux.xml: ", word, "<Scale>")
        place = "<PAMDataset><GeoTransform> 500000, {}, 0, 5e+06, 0, -20</GeoTransform></PAMDataset>"
        write_raster(self.path("in.tif"), Z, srs=None, geotransform=None)
        for word, is_taken in ((" 3.0e+01", True), ("30m", False)):
            with self.subTest(word):
                self.write(name + ".aux.xml", place.format(word))
                if is_taken:
                    self.assertIn("\nground pixel:   30 x 20 m", self.assert_scaled(name, scale=1).out)
                else:
                    self.assert_refused(name, "in.tif.aux.xml: ", "<GeoTransform>")

    def test_numbers_of_a_vrt(self):
        gdal.Translate(self.path("in.vrt"), self.path(self.raster()))
        with open(self.path("in.vrt"), encoding="utf-8") as file:
            vrt = file.read()
        for word, is_taken in (("1.5", True), ("1,5", False)):
            self.write("in.vrt", vrt.replace("<ColorInterp>", f"<Scale>{word}</Scale><ColorInterp>", 1))
            if is_taken:
                self.assert_scaled("in.vrt", scale=1.5)
            else:
                self.assert_refused("in.vrt", "in.vrt: ", word, "<Scale>")

    def test_other_programs(self):
        """Esri's have more in them; any XML may be metadata."""
        name = self.raster()
        esri = ('<PAMDataset><Metadata domain="xml:ESRI" format="xml"><GeodataXform '
                'xsi:type="typens:IdentityXform" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
                '<Scale>one</Scale></GeodataXform></Metadata><PAMRasterBand band="1"><Scale>0.1</Scale>'
                '<Metadata domain="Esri"><MDI key="PyramidResamplingType">BILINEAR</MDI></Metadata>'
                '</PAMRasterBand></PAMDataset>')
        self.write(name + ".aux.xml", esri)
        self.assert_scaled(name)
        self.write(name + ".aux.xml", "\ufeff" + esri)
        self.assert_scaled(name)

    def test_every_way_to_it(self):
        name = self.raster()
        gdal.Translate(self.path("in.vrt"), self.path(name))
        self.write(name + ".aux.xml", DAMAGED["half"])
        with zipfile.ZipFile(self.path("in.zip"), "w") as packed:
            packed.write(self.path(name), name)
            packed.write(self.path(name + ".aux.xml"), name + ".aux.xml")
        for way in ("vrt://in.tif", "in.vrt", "GTIFF_DIR:1:in.tif", "/vsizip/in.zip/in.tif", self.path("in.tif")):
            with self.subTest(way):
                self.assert_refused(way, "in.tif.aux.xml: ")

    def test_mosaics_and_batches(self):
        names = []
        for i in range(3):
            place = (500000 + 900 * i, 30, 0, 5000000, 0, -20)
            write_raster(self.path(f"{i}.tif"), Z, type=gdal.GDT_Byte, geotransform=place)
            names.append(f"{i}.tif")
        self.write("1.tif.aux.xml", DAMAGED["half"])
        result = self.demgrad("gradient", "-q", *names, "out.tif")
        self.assert_error(result, 1, "1.tif.aux.xml")
        result = self.demgrad("batch", "-q", "--output-dir", "out", *names)
        self.assertEqual(result.code, 1)
        self.assertIn("1.tif.aux.xml", result.err)
        self.assertEqual(sorted(os.listdir(self.path("out"))), ["0_gradient.tif", "2_gradient.tif"])

    def test_subdatasets(self):
        if not gdal.GetDriverByName("netCDF"):
            self.skipTest("needs netCDF")
        self.raster("netCDF", "in.nc")
        self.write("in.nc.aux.xml", SCALED[:-5])
        self.assert_refused('NETCDF:"in.nc":Band1', "in.nc.aux.xml: ")

    def test_settings(self):
        """GDAL may be told not to look at the notes, or to have them elsewhere."""
        name = self.raster()
        self.write(name + ".aux.xml", DAMAGED["half"])
        for setting, value in (("GDAL_PAM_ENABLED", "NO"), ("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR")):
            result = self.assert_scaled(name, scale=1, env={setting: value})
            self.assertIn(f"is left out by {setting}={value}", result.err)

    def test_notes_elsewhere(self):
        """A list in a folder tells of whom the notes in it are."""
        for driver, name in (("GTiff", "in.tif"), ("PNG", "in.png")):
            path = self.path(self.raster(driver, name))
            os.makedirs(self.path("notes"), exist_ok=True)
            head = b"GDAL_PROXY000000001".ljust(100, b"\0")
            self.write("notes/gdal_pam_proxy.dat", head + path.encode() + b"\0notes.aux.xml\0")
            env = {"GDAL_PAM_PROXY_DIR": self.path("notes")}
            self.write("notes/notes.aux.xml", SCALED)
            with self.subTest(name):
                self.assert_scaled(path, env=env)
                self.write("notes/notes.aux.xml", DAMAGED["half"])
                self.assert_refused(path, "notes/notes.aux.xml: ", env=env)

    def test_what_is_not_read(self):
        """A VRT says all itself; a raster may lie beside the notes of another."""
        gdal.Translate(self.path("in.vrt"), self.path(self.raster()))
        for other in ("in.vrt.aux.xml", "in.aux.xml", "other.tif.aux.xml"):
            self.write(other, DAMAGED["half"])
        self.assert_scaled("in.vrt", scale=1)
        self.assert_scaled("in.tif", scale=1)


class Masks(Beside):
    """.msk"""

    def masked(self, name, driver):
        write_raster(self.path("made.tif"), Z, type=gdal.GDT_Byte, mask=Z > 20)
        shutil.move(self.path("made.tif.msk"), self.path(name + ".msk"))
        gdal.Translate(self.path(name), self.path("made.tif"), format=driver)
        os.remove(self.path("made.tif"))

    def test_damaged_ones(self):
        for driver, name in (("GTiff", "in.tif"), ("EHdr", "in.bil"), ("PNG", "in.png")):
            self.masked(name, driver)
            self.assertIn("\nmask:           mask\n", self.demgrad("info", name).out)
            with open(self.path(name + ".msk"), "rb") as file:
                whole = file.read()
            for text in (b"", b"no mask", whole[:8], whole[:100]):
                with self.subTest(f"{name} {text[:8]}"):
                    self.write(name + ".msk", text)
                    self.assert_warned(name, name + ".msk", "remove it, or make it anew")

    def test_of_another_size(self):
        for height, width in ((7, 7), (20, 30)):  # the second does not say that it is a mask
            write_raster(self.path("in.tif"), Z, type=gdal.GDT_Byte)
            write_raster(self.path("in.tif.msk"), Z[:height, :width], type=gdal.GDT_Byte)
            with self.subTest(width):
                self.assert_warned("in.tif", "in.tif.msk", "another size")
                result = self.demgrad("info", "in.tif", env={"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR"})
                self.assertEqual(result.code, 0, result.err)
                self.assertIn("in.tif.msk, which may hold its mask, is left out by", result.err)


if __name__ == "__main__":
    main()
