"""What VRTs name, wherever these are: files that are inputs too, and that may be cut; numbers; gaps; axes."""

import gzip
import os
import zipfile

import numpy as np
from osgeo import gdal

from support import CommandTest, can_write, main, read_raster, sha256, terrain, write_raster

HEIGHT, WIDTH = 30, 40
Z = np.round(terrain(HEIGHT, WIDTH) + 500).astype(np.float32)


class Sources(CommandTest):
    def setUp(self):
        super().setUp()
        self.make(Z, name="z.tif")

    def write(self, name, text):
        with open(self.path(name), "w", encoding="ascii") as file:
            file.write(text)

    def vrt(self, name, source):
        """Names the source by its whole path."""
        gdal.Translate(self.path(name), self.path("z.tif")).FlushCache()
        with open(self.path(name), encoding="ascii") as file:
            text = file.read()
        self.write(name, text.replace('relativeToVRT="1">z.tif', f'relativeToVRT="0">{self.path(source)}'))
        return self.path(name)

    def pack(self, name):
        """The names of packed copies of a file that is then not there any more."""
        with zipfile.ZipFile(self.path("p.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(self.path(name), name)
        with open(self.path(name), "rb") as file, gzip.open(self.path(f"{name}.gz"), "wb") as packed:
            packed.write(file.read())
        os.remove(self.path(name))
        return [f"/vsizip/{self.path('p.zip')}/{name}", f"/vsigzip/{self.path(name)}.gz"]

    def ways(self, source):
        """Names of VRTs over the source, in ways that hide it more or less."""
        self.vrt("s.vrt", source)
        with open(self.path("s.vrt"), encoding="ascii") as file:
            inline = file.read()
        gdal.Translate(self.path("outer.vrt"), self.path("s.vrt")).FlushCache()
        with open(self.path("outer.vrt"), encoding="ascii") as file:
            outer = file.read()
        packed = self.pack("s.vrt")
        self.write("outer.vrt", outer.replace('relativeToVRT="1">s.vrt', f'relativeToVRT="0">{packed[0]}'))
        return [*packed, inline, self.path("outer.vrt"), f"vrt://{packed[0]}"]

    def test_sources_are_not_replaced(self):
        before = sha256(self.path("z.tif"))
        for name in self.ways("z.tif"):
            with self.subTest(name[:60]):
                result = self.demgrad("gradient", "-q", "--overwrite", name, "z.tif")
                self.assertEqual(result.code, 1, result.err)
                self.assertIn("belongs to the input", result.err)
                self.assertEqual(sha256(self.path("z.tif")), before)

    def test_cut_sources(self):
        gdal.Translate(self.path("e.img"), self.path("z.tif"), format="ENVI").FlushCache()
        names = self.ways("e.img")
        os.truncate(self.path("e.img"), HEIGHT * WIDTH * 3)
        for name in names:
            with self.subTest(name[:60]):
                result = self.demgrad("gradient", "-q", name, "out.tif")
                self.assertEqual(result.code, 1, result.err)
                self.assertIn("cut short", result.err)

    def test_cut_sources_that_begin_like_a_tiff(self):
        write_raster(self.path("b.tif"), np.full((HEIGHT, WIDTH), ord("I"), np.uint8), type=gdal.GDT_Byte)
        gdal.Translate(self.path("b.img"), self.path("b.tif"), format="ENVI").FlushCache()
        gdal.BuildVRT(self.path("b.vrt"), [self.path("b.img")]).FlushCache()
        os.truncate(self.path("b.img"), HEIGHT * WIDTH // 2)
        self.assert_error(self.demgrad("gradient", "-q", "b.vrt", "out.tif"), 1, "b.img", "cut short")

    def test_links(self):
        """Names count from where a link leads."""
        os.mkdir(self.path("far"))
        gdal.Translate(self.path("far/e.img"), self.path("z.tif"), format="ENVI").FlushCache()
        gdal.Translate(self.path("far/e.vrt"), self.path("far/e.img")).FlushCache()
        os.symlink("far/e.vrt", self.path("near.vrt"))
        self.assertEqual(self.demgrad("gradient", "-q", "near.vrt", "out.tif").code, 0)
        os.truncate(self.path("far/e.img"), HEIGHT * WIDTH * 3)
        self.assert_error(self.demgrad("gradient", "-q", "--overwrite", "near.vrt", "out.tif"), 1, "e.img", "cut short")

    def test_outputs_of_a_vrt_in_an_archive_go_out_of_date(self):
        self.vrt("s.vrt", "z.tif")
        packed = self.pack("s.vrt")[0]
        self.assertEqual(self.demgrad("batch", "-q", "--output-dir", "out", packed).code, 0)
        self.make(Z * 2, name="z.tif")
        self.assertEqual(self.demgrad("batch", "--verify", "--output-dir", "out", packed).code, 1)

    def test_cut_files_in_archives(self):
        gdal.Translate(self.path("n.nc"), self.path("z.tif"), format="netCDF", creationOptions=["FORMAT=NC"]).FlushCache()
        os.truncate(self.path("n.nc"), os.path.getsize(self.path("n.nc")) - 1500)
        for name in self.pack("n.nc"):
            self.assert_error(self.demgrad("gradient", "-q", name, "out.tif"), 1, name, "cut short")


class Trees(CommandTest):
    def tree(self, source, band="", size=(WIDTH, HEIGHT)):
        text = (f'<VRTDataset rasterXSize="{size[0]}" rasterYSize="{size[1]}"><SRS>EPSG:32632</SRS>'
                "<GeoTransform>500000, 10, 0, 5000000, 0, -10</GeoTransform>"
                f'<VRTRasterBand dataType="Float32" band="1">{band}{source}</VRTRasterBand></VRTDataset>')
        with open(self.path("in.vrt"), "w", encoding="ascii") as file:
            file.write(text)

    def source(self, more="", kind="ComplexSource", x_size=WIDTH):
        return (f'<{kind}><SourceFilename relativeToVRT="1">z.tif</SourceFilename><SourceBand>1</SourceBand>'
                f'<SrcRect xOff="0" yOff="0" xSize="{x_size}" ySize="{HEIGHT}"/>'
                f'<DstRect xOff="0" yOff="0" xSize="{x_size}" ySize="{HEIGHT}"/>{more}</{kind}>')

    def setUp(self):
        super().setUp()
        self.make(Z, name="z.tif")

    def test_numbers(self):
        for more, x_size, word in (("<ScaleRatio>0,1</ScaleRatio>", WIDTH, "0,1"), ("<ScaleOffset>1O</ScaleOffset>", WIDTH, "1O"),
                                   ("<NODATA>NA</NODATA>", WIDTH, "NA"), ("<LUT>0:0,200:1O0</LUT>", WIDTH, "200:1O0"),
                                   ("", "4O", "4O")):
            self.tree(self.source(more, x_size=x_size))
            with self.subTest(more):
                self.assert_error(self.demgrad("gradient", "-q", "in.vrt", "out.tif"), 1, "in.vrt", f'{word}"')
        for more in ("<ScaleRatio>2.5</ScaleRatio><ScaleOffset>-1e1</ScaleOffset>", "<NODATA>nan</NODATA>",
                     "<NODATA>-3.4e38</NODATA>", "<LUT>0:0, 2000:1000.5</LUT>"):
            self.tree(self.source(more))
            result = self.demgrad("gradient", "-q", "--overwrite", "in.vrt", "out.tif")
            self.assertEqual((result.code, result.err), (0, ""), more)

    def test_gaps(self):
        """Without a nodata value they are 0, which is told."""
        for band, gap, words in (("", 10, "75.00 %"), ("", 0, None), ("<NoDataValue>-1</NoDataValue>", 10, None)):
            self.tree(self.source(kind="SimpleSource", x_size=WIDTH - gap), band)
            result = self.demgrad("gradient", "--overwrite", "in.vrt", "out.tif")
            self.assertEqual(result.code, 0, result.err)
            self.assertEqual("fill at most" in result.err, words is not None, result.err)
            self.assertIn(words or "", result.err)

    def test_no_sources(self):
        for source in ("", self.source(kind="Simplesource")):
            self.tree(source)
            result = self.demgrad("gradient", "--overwrite", "in.vrt", "out.tif")
            self.assertIn("fill at most 0.00 %", result.err)

    def test_axes_of_zarr(self):
        """GDAL hands an order of axes on to VRTs that it does not heed itself."""
        if not can_write("Zarr"):
            self.skipTest("this GDAL writes no Zarr")
        gdal.Translate(self.path("z.zarr"), self.path("z.tif"), format="Zarr").FlushCache()
        gdal.Translate(self.path("one.vrt"), self.path("z.zarr")).FlushCache()
        gdal.Translate(self.path("two.vrt"), self.path("one.vrt")).FlushCache()
        for name in ("z.tif", "z.zarr", "one.vrt", "two.vrt", "vrt://z.zarr"):
            result = self.demgrad("gradient", "-q", "--overwrite", name, "out.tif")
            self.assertEqual(result.code, 0, result.err)
            got = read_raster(self.path("out.tif"))
            if name == "z.tif":
                expected = got
            np.testing.assert_allclose(got, expected, rtol=1e-6, atol=1e-7, err_msg=name)


if __name__ == "__main__":
    main()
