"""Rasters whose driver writes between the rows of the memory that it is given: the gradient is that of
a plain copy, byte for byte. GDAL's derived VRT bands clear a window as one run of bytes, so that what
lies beside it (another tile, the edge) is lost, even in GDAL's own mosaics of them."""

import os
import shutil

import numpy as np
from osgeo import gdal

import support
from support import CommandTest, NORTH_UP, holes, read_raster, terrain

TILE = 150


class DerivedVrt(CommandTest):
    def setUp(self):
        super().setUp()
        z = terrain(TILE + 11, 2 * TILE + 11).astype(np.float32) + 5000
        self.tiles = [self.tile(z, 0, 0, "a"), self.tile(z, TILE, 0, "b")]
        self.derived = [self.derive(path) for path in self.tiles]

    def tile(self, z, col, row, name, **how):
        """161 pixels wide, so that neighbours overlap by 11."""
        x, y = NORTH_UP[0] + 30 * col, NORTH_UP[3] - 20 * row
        return self.make(z[row:row + TILE + 11, col:col + TILE + 11], name=f"{name}.tif",
                         geotransform=(x, *NORTH_UP[1:3], y, *NORTH_UP[4:]), **how)

    def derive(self, path, nodata=None, subset=None):
        """A VRT beside `path` whose band is the sum of it and of a raster of zeros."""
        source = gdal.Open(path)
        width, height = source.RasterXSize, source.RasterYSize
        grid = source.GetGeoTransform()
        axes = "2,1" if source.GetSpatialRef().IsGeographic() else "1,2"
        zeros = self.make(np.zeros((height, width), np.float32), name="zeros.tif")
        sources = "".join(
            f"<SimpleSource><SourceFilename relativeToVRT='1'>{os.path.basename(p)}</SourceFilename>"
            f"<SourceBand>1</SourceBand></SimpleSource>" for p in (path, zeros))
        declared = "" if nodata is None else f"<NoDataValue>{nodata}</NoDataValue>"
        vrt = self.path(os.path.basename(path)[:-4] + ".vrt")
        with open(vrt, "w", encoding="utf-8") as file:
            file.write(
                f"<VRTDataset rasterXSize='{width}' rasterYSize='{height}'>"
                f"<SRS dataAxisToSRSAxisMapping='{axes}'>{source.GetProjection()}</SRS>"
                f"<GeoTransform>{','.join(map(repr, grid))}</GeoTransform>"
                f"<VRTRasterBand dataType='Float32' band='1' subClass='VRTDerivedRasterBand'>"
                f"<PixelFunctionType>sum</PixelFunctionType>"
                f"<PixelFunctionArguments propagateNoData='true'/>{declared}{sources}"
                f"</VRTRasterBand></VRTDataset>")
        return vrt

    def check(self, plain, derived, *options):
        """`plain` and `derived` are lists of inputs."""
        expected = self.gradient(*options, *plain, out="plain_gradient.tif")
        got = self.gradient(*options, *derived, out="derived_gradient.tif")
        self.assertTrue(np.isfinite(expected).any())
        np.testing.assert_array_equal(got, expected)

    def test_one_raster(self):
        for options in ((), ("-j", 1), ("--ot", "Float64"), ("--edge-order", 2),
                        ("--co", "BLOCKXSIZE=64", "--co", "BLOCKYSIZE=16", "--memory", "128MB")):
            with self.subTest(options):
                self.check(self.tiles[:1], self.derived[:1], *options)

    def test_a_mosaic(self):
        self.check(self.tiles, self.derived)
        self.check(self.tiles[::-1], self.derived[::-1])
        self.check(self.tiles, [self.tiles[0], self.derived[1]])

    def test_a_batch(self):
        for name, inputs in (("plain", self.tiles), ("derived", self.derived)):
            os.mkdir(self.path(name))
            result = self.demgrad("batch", "-q", "--output-dir", self.path(name), *inputs)
            self.assertEqual((result.code, result.err), (0, ""))
        for name in ("a", "b"):
            np.testing.assert_array_equal(read_raster(self.path(f"derived/{name}_gradient.tif")),
                                          read_raster(self.path(f"plain/{name}_gradient.tif")))

    def test_within_a_vrt(self):
        """GDAL reads half of this mosaic wrong itself."""
        for name, inputs in (("plain", self.tiles), ("derived", self.derived)):
            gdal.BuildVRT(self.path(f"{name}_mosaic.vrt"), inputs).FlushCache()
        self.check([self.path("plain_mosaic.vrt")], [self.path("derived_mosaic.vrt")])
        gdal.BuildVRT(self.path("upper.vrt"), [self.path("derived_mosaic.vrt")]).FlushCache()
        self.check([self.path("plain_mosaic.vrt")], [self.path("upper.vrt")])

    def test_within_a_vrt_under_any_name(self):
        for name, inputs in (("plain", self.tiles), ("derived", self.derived)):
            gdal.BuildVRT(self.path(f"{name}_mosaic.vrt"), inputs).FlushCache()
        with open(self.path("derived_mosaic.vrt"), encoding="utf-8") as file:
            xml = file.read()
        for names in (("inner.xml", "other.xml"), ("inner", "other")):
            for old, new in zip(self.derived, names):
                xml = xml.replace(os.path.basename(old), new)
                shutil.copy(old, self.path(new))
            with open(self.path("upper.vrt"), "w", encoding="utf-8") as file:
                file.write(xml)
            self.check([self.path("plain_mosaic.vrt")], [self.path("upper.vrt")])
            for old, new in zip(self.derived, names):
                xml = xml.replace(new, os.path.basename(old))

    def test_nodata(self):
        z = np.where(holes(TILE + 11, TILE + 11), terrain(TILE + 11, TILE + 11) + 5000, -9999)
        plain = self.tile(z.astype(np.float32), 0, 0, "holes", nodata=-9999)
        self.check([plain], [self.derive(plain, nodata=-9999)])

    def test_round_the_globe(self):
        z = terrain(90, 180).astype(np.float32) + 5000
        plain = self.make(z, name="globe.tif", geotransform=(-180, 2, 0, 90, 0, -2),
                          srs="EPSG:4326")
        self.check([plain], [self.derive(plain)])


class OtherDrivers(CommandTest):
    """The same numbers in another format have the same gradient, whatever GDAL says of its axes."""

    def test_copies(self):
        for srs, grid in (("EPSG:32632", NORTH_UP), ("EPSG:4326", (9, 0.01, 0, 46, 0, -0.01)),
                          ("EPSG:2193", (1500000, 30, 0, 5200000, 0, -20))):
            plain = self.make(terrain(60, 90), srs=srs, geotransform=grid, name="plain.tif")
            expected = self.gradient(plain, out="expected.tif")
            for name, suffix in (("netCDF", "nc"), ("Zarr", "zarr"), ("HFA", "img"),
                                 ("ENVI", "dat"), ("PCIDSK", "pix"), ("VRT", "vrt")):
                if not gdal.GetDriverByName(name):
                    continue
                with self.subTest(f"{srs} {name}"):
                    copy = self.path(f"{srs[5:]}.{suffix}")
                    gdal.Translate(copy, plain, format=name)
                    self.assert_close(self.gradient(copy), expected, 1e-6)


class OtherVrts(CommandTest):
    """Kinds of VRT that make their pixels in other ways."""

    def check_copy(self, path):
        """The gradient of a raster is that of a GeoTIFF copy of it, made row by row: GDAL 3.10 warps a
        VRT to other values where it is read as a whole."""
        copy = gdal.Translate(self.path("copy.tif"), path)
        source = gdal.Open(path)
        for row in range(copy.RasterYSize):
            line = source.ReadAsArray(0, row, copy.RasterXSize, 1)
            copy.WriteArray(line, 0, row)
        copy.FlushCache()
        del copy
        expected = self.gradient(self.path("copy.tif"), out="expected.tif")
        got = self.gradient(path)
        self.assertTrue(np.isfinite(expected).any())
        np.testing.assert_array_equal(got, expected)

    def setUp(self):
        super().setUp()
        z = np.where(holes(130, 300), terrain(130, 300), -9999).astype(np.float32)
        self.plain = self.make(z, nodata=-9999, name="plain.tif")

    def test_warped(self):
        gdal.Warp(self.path("warped.vrt"), self.plain, dstSRS="EPSG:32633", xRes=25, yRes=25,
                  resampleAlg="cubic")
        self.check_copy(self.path("warped.vrt"))

    def test_a_mosaic_of_warped(self):
        halves = []
        for i in range(2):
            half = gdal.Translate(self.path(f"half{i}.tif"), self.plain,
                                  srcWin=[150 * i, 0, 150, 130])
            halves.append(self.path(f"warped{i}.vrt"))
            gdal.Warp(halves[-1], half, dstSRS="EPSG:32633", xRes=25, yRes=25,
                      targetAlignedPixels=True)
        gdal.BuildVRT(self.path("both.vrt"), halves).FlushCache()
        self.check_copy(self.path("both.vrt"))

    def test_resampled_and_scaled(self):
        gdal.Translate(self.path("scaled.vrt"), self.plain, width=211, height=77,
                       resampleAlg="bilinear", scaleParams=[[0, 1000, 500, 3500]])
        self.check_copy(self.path("scaled.vrt"))

    def test_a_masked_vrt(self):
        plain = self.make(terrain(130, 300), name="masked.tif", mask=holes(130, 300))
        gdal.BuildVRT(self.path("masked.vrt"), [plain]).FlushCache()
        self.check_copy(self.path("masked.vrt"))


if __name__ == "__main__":
    support.main()
