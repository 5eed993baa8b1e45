"""Rasters whose text header, or whose pixels, were cut: GDAL takes defaults, or what a number begins with."""

import gzip
import os
import shutil
import struct

import numpy as np
from osgeo import gdal, osr

from support import CommandTest, can_write, main, terrain

HEIGHT, WIDTH = 50, 40
FORMATS = (("EHdr", "a.bil", "a.hdr", "a.bil"), ("ILWIS", "a.mpr", "a.grf", "a.mp#"), ("PAux", "a.img", "a.aux", "a.img"),
           ("MFF", "a.hdr", "a.hdr", "a.b00"), ("MFF2", "a.d", "a.d/georef", "a.d/image_data"),
           ("MFF2", "a.d", "a.d/attrib", "a.d/image_data"), ("RRASTER", "a.grd", "a.grd", "a.gri"),
           ("RST", "a.rst", "a.rdc", "a.rst"), ("SAGA", "a.sdat", "a.sgrd", "a.sdat"), ("ISCE", "a.img", "a.img.xml", "a.img"),
           ("ENVI", "a.img", "a.hdr", "a.img"), ("ERS", "a.ers", "a.ers", "a"))


class CutHeaders(CommandTest):
    def setUp(self):
        super().setUp()
        self.z = np.clip(np.round(np.abs(terrain(HEIGHT, WIDTH)) / 5), 1, 200).astype(np.uint8)

    def create(self, driver, name):
        folder = self.path("whole")
        shutil.rmtree(folder, True)
        os.mkdir(folder)
        kind = gdal.GDT_Float32 if driver == "GTX" else gdal.GDT_Byte
        memory = gdal.GetDriverByName("MEM").Create("", WIDTH, HEIGHT, 1, kind)
        srs = osr.SpatialReference()
        srs.ImportFromEPSG(32632)
        memory.SetProjection(srs.ExportToWkt())
        memory.SetGeoTransform((500000, 10, 0, 5000000, 0, -10))
        memory.GetRasterBand(1).WriteArray(self.z)
        if not can_write(driver):
            return None
        gdal.GetDriverByName(driver).CreateCopy(os.path.join(folder, name), memory, 0)
        return folder

    def cut(self, name, keep):
        """A copy whose file `name` has but its first bytes."""
        shutil.rmtree(self.path("cut"), True)
        shutil.copytree(self.path("whole"), self.path("cut"))
        os.truncate(self.path(os.path.join("cut", name)), keep)

    def run_in(self, folder, name):
        return self.demgrad("gradient", "-q", "--overwrite", os.path.join(folder, name), "out.tif")

    def read(self):
        dataset = gdal.Open(self.path("out.tif"))
        return dataset.ReadAsArray(), dataset.GetGeoTransform(), dataset.GetProjection()

    def test_headers(self):
        """Cut anywhere, the result is an error or the same, but for what a line's end and a CRS leave open."""
        for driver, name, header, _ in FORMATS:
            folder = self.create(driver, name)
            if folder is None:
                continue
            result = self.run_in("whole", name)
            self.assertEqual(result.code, 0, f"{driver}: {result.err}")
            expected = self.read()[0]
            size = os.path.getsize(os.path.join(folder, header))
            refused = 0
            for share in (40, 55, 70, 80, 88, 95):
                self.cut(header, size * share // 100)
                result = self.run_in("cut", name)
                refused += result.code == 1
                with self.subTest(f"{driver} {header} {share} %"):
                    if result.code == 0:
                        np.testing.assert_array_equal(self.read()[0], expected)
            self.assertTrue(refused or driver == "ENVI", driver)

    def test_headers_without_a_line_end(self):
        """A header that others wrote may end so."""
        folder = self.create("EHdr", "a.bil")
        self.cut("a.hdr", os.path.getsize(os.path.join(folder, "a.hdr")) - 1)
        self.assertEqual(self.run_in("cut", "a.bil").code, 0)
        self.cut("a.hdr", os.path.getsize(os.path.join(folder, "a.hdr")) - 2)
        self.assert_error(self.run_in("cut", "a.bil"), 1, "a.hdr", "cut short")

    def test_pixels(self):
        """Also by GDAL >= 3.10, which reads what is gone as zeros."""
        others = (("VICAR", "a.vic", None, "a.vic"), ("GTX", "a.gtx", None, "a.gtx"), ("ISIS2", "a.cub", None, "a.cub"),
                  ("PDS4", "a.xml", None, "a.img"))
        for driver, name, _, pixels in FORMATS + others:
            folder = self.create(driver, name)
            if folder is None:
                continue
            size = os.path.getsize(os.path.join(folder, pixels))
            for fewer in (1, WIDTH // 2, WIDTH, 5 * WIDTH):
                with self.subTest(f"{driver} {fewer}"):
                    self.cut(pixels, size - fewer)
                    self.assertEqual(self.run_in("cut", name).code, 1)


class RawPixels(CommandTest):
    """Layouts that only their headers tell: whole files are read, those short of a byte are errors."""

    PLACE = f"UpLeftX: 500000\nUpLeftY: 5000000\nLoRightX: {500000 + 10 * WIDTH}\nLoRightY: {5000000 - 10 * HEIGHT}\n"
    CORNER = "xllcorner 500000\nyllcorner 4999000\ncellsize 10\n"
    UTM = ("--crs", "EPSG:32632")

    def setUp(self):
        super().setUp()
        self.z = np.clip(np.round(np.abs(terrain(HEIGHT, WIDTH)) / 5), 1, 200)

    def put(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content.encode("ascii") if isinstance(content, str) else content)

    def bytes_of(self, kind):
        return self.z.astype(kind).tobytes()

    def run_on(self, name, arguments):
        return self.demgrad("gradient", "-q", "--overwrite", *arguments, name, "out.tif")

    def check(self, name, pixels, *arguments, fewer=(1, WIDTH + 3)):
        """Of a whole file the gradient is that of its GDAL copy; of a shorter one there is none."""
        gdal.Translate(self.path("copy.tif"), self.path(name), outputSRS="EPSG:32632")
        self.assertEqual(self.run_on("copy.tif", ()).code, 0)
        expected = gdal.Open(self.path("out.tif")).ReadAsArray()
        result = self.run_on(name, arguments)
        self.assertEqual((result.code, result.err), (0, ""), name)
        np.testing.assert_array_equal(gdal.Open(self.path("out.tif")).ReadAsArray(), expected)
        size = os.path.getsize(self.path(pixels))
        for less in fewer:
            os.truncate(self.path(pixels), size - less)
            self.assert_error(self.run_on(name, arguments), 1, "cut short")

    def test_offsets_and_padding(self):
        channel = f"AuxilaryTarget: p.img\nRawDefinition: {WIDTH} {HEIGHT} 1\nChanDefinition-1: 8U 1000 1 64 Swapped\n"
        rows = b"".join(row.astype(np.uint8).tobytes().ljust(64, b"\5") for row in self.z)
        self.put("p.aux", channel + self.PLACE)
        self.put("p.img", b"\7" * 1000 + rows[:-(64 - WIDTH)])
        self.check("p.img", "p.img", *self.UTM)

    def ers(self, data_file):
        return ("DatasetHeader Begin\nVersion = \"6.0\"\nDataSetType = ERStorage\nDataType = Raster\nByteOrder = LSBFirst\n"
                f"DataFile = \"{data_file}\"\nHeaderOffset = 33\nRasterInfo Begin\nCellType = Unsigned8BitInteger\n"
                f"NrOfLines = {HEIGHT}\nNrOfCellsPerLine = {WIDTH}\nNrOfBands = 1\nCellInfo Begin\nXdimension = 10\nYdimension = 10\n"
                "CellInfo End\nRegistrationCoord Begin\nEastings = 500000\nNorthings = 5000000\nRegistrationCoord End\n"
                "RasterInfo End\nDatasetHeader End\n")

    def test_pixels_under_another_name(self):
        self.put("a.ers", self.ers("b.bin"))
        self.put("a", "another file")
        self.put("b.bin", b"\7" * 33 + self.bytes_of(np.uint8))
        self.check("a.ers", "b.bin", *self.UTM)

    def test_floats_of_which_the_header_tells_no_size(self):
        self.put("f.hdr", f"ncols {WIDTH}\nnrows {HEIGHT}\n{self.CORNER}NODATA_value -9999\nbyteorder LSBFIRST\n")
        self.put("f.flt", self.bytes_of("<f4"))
        self.check("f.flt", "f.flt", *self.UTM, fewer=(1, HEIGHT * WIDTH, 2 * HEIGHT * WIDTH, 3 * HEIGHT * WIDTH))

    def test_a_type_that_is_taken_from_the_size(self):
        self.put("i.hdr", f"NROWS {HEIGHT}\nNCOLS {WIDTH}\nULXMAP 500005\nULYMAP 4999995\nXDIM 10\nYDIM 10\nBYTEORDER I\n")
        self.put("i.bil", self.bytes_of("<i2"))
        self.check("i.bil", "i.bil", *self.UTM)
        self.put("g.gtx", struct.pack(">4d2i", 4.0, 5.0, 0.01, 0.01, HEIGHT, WIDTH) + self.bytes_of(">f8"))
        self.assertEqual(self.run_on("g.gtx", ("--crs", "EPSG:4326")).code, 0)
        os.truncate(self.path("g.gtx"), os.path.getsize(self.path("g.gtx")) - 1)
        self.assert_error(self.run_on("g.gtx", ("--crs", "EPSG:4326")), 1, "g.gtx", "cut short")

    def test_compressed_pixels(self):
        """Whose last bytes a driver asks for in larger pieces."""
        z = (100 + 20 * np.sin(np.arange(180) / 7) + np.arange(180)[:, None]).astype("<f4")
        self.put("45N015E_5M.ACE2.gz", gzip.compress(z.tobytes()))
        self.assertEqual(self.run_on("45N015E_5M.ACE2.gz", ("--crs", "EPSG:4326")).code, 0)

    def test_sources(self):
        """Of a VRT: GDAL says nothing of those that are cut."""
        for driver, name, pixels in (("ENVI", "e.img", "e.img"), ("EHdr", "h.bil", "h.bil"), ("ISCE", "i.img", "i.img"),
                                     ("RRASTER", "r.grd", "r.gri")):
            if not can_write(driver):
                continue
            memory = gdal.GetDriverByName("MEM").Create("", WIDTH, HEIGHT, 1, gdal.GDT_Float32)
            memory.SetGeoTransform((500000, 10, 0, 5000000, 0, -10))
            memory.GetRasterBand(1).WriteArray(self.z)
            gdal.GetDriverByName(driver).CreateCopy(self.path(name), memory, 0)
            gdal.Translate(self.path("s.vrt"), self.path(name))
            gdal.BuildVRT(self.path("t.vrt"), [self.path("s.vrt")])
            for vrt in ("s.vrt", "t.vrt", f"vrt://{name}"):
                self.assertEqual(self.run_on(vrt, self.UTM).code, 0, vrt)
            os.truncate(self.path(pixels), HEIGHT * WIDTH * 3)
            for vrt in ("s.vrt", "t.vrt", f"vrt://{name}"):
                with self.subTest(f"{driver} {vrt}"):
                    self.assert_error(self.run_on(vrt, self.UTM), 1, name, "cut short")

    def test_side_files_in_capitals(self):
        """Which GDAL does not ask for by their names."""
        header = f"NROWS {HEIGHT}\nNCOLS {WIDTH}\nNBITS 8\nULXMAP 500005\nULYMAP 4999995\nXDIM 10\nYDIM 10\n"
        self.put("c.HDR", header)
        self.put("c.bil", self.bytes_of(np.uint8))
        self.check("c.bil", "c.bil", *self.UTM)


if __name__ == "__main__":
    main()
