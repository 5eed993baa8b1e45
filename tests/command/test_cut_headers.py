"""Rasters whose text header, or whose pixels, were cut: GDAL takes defaults, or what a number begins with."""

import os
import shutil

import numpy as np
from osgeo import gdal, osr

from support import CommandTest, main, terrain

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
        writer = gdal.GetDriverByName(driver)
        if writer is None:
            return None
        writer.CreateCopy(os.path.join(folder, name), memory, 0)
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


if __name__ == "__main__":
    main()
