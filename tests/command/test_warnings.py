"""What GDAL warns of when it opens a raster is told, each once, and once for many inputs."""

import json
import os

import numpy as np
from osgeo import gdal

import support
from support import CommandTest, NORTH_UP, terrain

UNKNOWN = "does not support open option NODATA"


class Warnings(CommandTest):
    def tiles(self, count):
        z = terrain(20, 20 * count)
        return [self.make(z[:, 20 * i:20 * i + 20], name=f"t{i}.tif",
                          geotransform=(NORTH_UP[0] + 600 * i, *NORTH_UP[1:]))
                for i in range(count)]

    def warnings(self, *arguments, code=0):
        result = self.demgrad(*arguments)
        self.assertEqual(result.code, code, result.err)
        lines = support.said(result)
        if arguments[0] == "batch" and code == 0:
            self.assertRegex(lines.pop(), r"^\d+ outputs: ")  # the line that a batch ends with
        for line in lines:
            self.assertTrue(line.startswith("demgrad: warning: "), line)
        return lines

    def wgs72(self, name="n45.dt0"):
        """A DTED file that gives another datum, of which GDAL warns in several lines."""
        plain = self.make(np.round(terrain(121, 121)), type=gdal.GDT_Int16, srs="EPSG:4326",
                          geotransform=(9 - 1 / 240, 1 / 120, 0, 46 + 1 / 240, 0, -1 / 120))
        gdal.Translate(self.path(name), plain, format="DTED")
        with open(self.path(name), "rb") as file:
            data = file.read()
        self.assertIn(b"WGS84", data)
        with open(self.path(name), "wb") as file:
            file.write(data.replace(b"WGS84", b"WGS72"))
        return self.path(name)

    def test_an_open_option_that_the_driver_does_not_know(self):
        path, = self.tiles(1)
        for command in (("gradient", "--progress", "none", path, "out.tif"), ("info", path)):
            lines = self.warnings(command[0], "--oo", "NODATA=-9999", *command[1:])
            self.assertEqual(len(lines), 1, lines)
            self.assertIn(path, lines[0])
            self.assertIn(UNKNOWN, lines[0])

    def test_pages_of_a_tiff(self):
        """One is taken, and another named; a page that is named is meant."""
        path, other = self.tiles(2)
        gdal.Translate(path, other, creationOptions=["APPEND_SUBDATASET=YES"]).FlushCache()
        for command in (("gradient", "--progress", "none", path, "out.tif"), ("info", path)):
            lines = self.warnings(*command)
            self.assertEqual(len(lines), 1, lines)
            self.assertIn("GTIFF_DIR:2:" + path, lines[0])
        self.assertEqual(self.warnings("info", "GTIFF_DIR:1:" + path), [])

    def test_many_inputs_have_one_warning(self):
        tiles = self.tiles(5)
        os.mkdir(self.path("out"))
        for command in (("gradient", *tiles, "out.tif"),
                        ("batch", "--output-dir", "out", *tiles)):
            lines = self.warnings(command[0], "--progress", "none", "--oo", "NODATA=-9999",
                                  *command[1:])
            self.assertEqual(len(lines), 1, lines)
            self.assertIn(f"{tiles[0]}: ", lines[0])
            self.assertIn(UNKNOWN, lines[0])
            self.assertIn("4 other inputs", lines[0])

    def test_threads_that_look_at_inputs(self):
        """What is said of many inputs does not depend on how many look at them; of those that fail, the first is
        named."""
        tiles = self.tiles(60)
        table = gdal.ColorTable()
        table.SetColorEntry(1, (1, 2, 3))
        for i, nodata in (7, 1000), (11, None), (30, None), (44, None):
            self.make(np.full((20, 20), 9), name=f"t{i}.tif", type=gdal.GDT_Byte, nodata=nodata,
                      geotransform=(NORTH_UP[0] + 600 * i, *NORTH_UP[1:]))
            if nodata is None:
                dataset = gdal.Open(tiles[i], gdal.GA_Update)
                dataset.GetRasterBand(1).SetColorTable(table)
                del dataset
        said = [self.warnings("gradient", "--overwrite", "--progress", "none", "-j", threads,
                              "--oo", "NODATA=-9999", *tiles, "out.tif")
                for threads in (1, 2, 8)]
        self.assertEqual(len(said[0]), 3, said[0])
        self.assertIn(f"{tiles[0]}: ", said[0][0])
        self.assertIn("59 other inputs", said[0][0])
        self.assertIn(f"{tiles[7]}: ", said[0][1])
        self.assertIn(f"{tiles[11]}: has a colour table", said[0][2])
        self.assertIn("2 other inputs", said[0][2])
        self.assertEqual(said[1:], said[:1] * 2)
        for broken in (55, 33, 34):
            os.truncate(tiles[broken], 50)
        for threads in (1, 2, 8):
            result = self.demgrad("gradient", "--overwrite", "-q", "-j", threads, *tiles, "out.tif")
            self.assert_error(result, 1, tiles[33])

    def test_what_gdal_says_at_opening(self):
        path = self.wgs72()
        for threads in (1, 4):
            lines = self.warnings("gradient", "--overwrite", "--progress", "none", "-j", threads,
                                  path, "out.tif")
            self.assertEqual(len(lines), 1, lines)
            self.assertIn(f"warning: {path}: The DTED file", lines[0])
            self.assertIn("WGS72", lines[0])
        self.assertEqual(len(self.warnings("info", path)), 1)

    def test_the_report_has_it_and_quiet_has_not(self):
        path = self.wgs72()
        result = self.demgrad("gradient", "-q", "--report", "report.json", path, "out.tif")
        self.assertEqual((result.code, result.err), (0, ""))
        with open(self.path("report.json"), encoding="utf-8") as file:
            warnings = json.load(file)["warnings"]
        self.assertEqual(len(warnings), 1)
        self.assertIn("WGS72", warnings[0])

    def test_an_input_that_fails_has_its_error_alone(self):
        with open(self.path("bad.tif"), "w", encoding="utf-8") as file:
            file.write("II*\0")
        self.assert_error(self.demgrad("info", "bad.tif"), 1, "bad.tif")

    def test_a_batch_of_tiles_off_the_grid(self):
        """Each is computed by itself; they are told of in one line, and what GDAL says of them in one."""
        tiles = [self.make(terrain(20, 20 + i), name=f"t{i}.tif",
                           geotransform=(NORTH_UP[0] + 10.5 * (i + 1), 30 + i, 0, 5e6, 0, -20))
                 for i in range(4)]
        os.mkdir(self.path("out"))
        lines = self.warnings("batch", "--progress", "none", "--oo", "NODATA=-9999",
                              "--output-dir", "out", *tiles)
        self.assertEqual(len(lines), 2, lines)
        self.assertIn("3 other inputs", lines[0])
        self.assertIn("computed alone", lines[1])
        self.assertIn("2 other inputs", lines[1])


class Doubts(CommandTest):
    """Rasters that are read as they are, but may not be meant so."""

    def check(self, words, *options, name="in.tif"):
        for command in (["gradient", "--overwrite", name, "out.tif"], ["info", name]):
            with self.subTest(command[0]):
                result = self.demgrad(*command[:1], *options, *command[1:])
                self.assertEqual(result.code, 0, result.err)
                found = [line for line in support.said(result) if words in line]
                self.assertEqual(len(found), words != "")
                if not words:
                    self.assertEqual(support.said(result), [])

    def test_numbers_of_colours(self):
        values = np.arange(340).reshape(17, 20) % 256
        path = self.make(values, type=gdal.GDT_Byte)
        self.check("")
        dataset = gdal.GetDriverByName("GTiff").Create(path, 20, 17, 1, gdal.GDT_Byte)
        dataset.SetGeoTransform(NORTH_UP)
        dataset.SetSpatialRef(support.crs(support.UTM))
        colours = gdal.ColorTable()
        colours.SetColorEntry(1, (0, 100, 0))
        dataset.GetRasterBand(1).SetColorTable(colours)
        dataset.GetRasterBand(1).WriteArray(values)
        dataset = None
        self.check("colour table")

    def test_a_place_that_nothing_gave(self):
        for down in (1, -1):
            path = self.make(np.arange(340.0).reshape(17, 20), geotransform=None)
            vrt = gdal.GetDriverByName("VRT").CreateCopy(self.path("in.vrt"), gdal.Open(path))
            vrt.SetGeoTransform((0, 1, 0, 0, 0, down))
            vrt = None
            self.check("as if nothing had placed it", name="in.vrt")
            self.check("", "--spacing", "1", name="in.vrt")


    def test_a_picture_of_the_elevations_beside_them(self):
        if not gdal.GetDriverByName("NWT_GRD"):
            self.skipTest("needs NWT_GRD")
        path = self.make(terrain(17, 20), name="in.grd", driver="NWT_GRD", options=["ZMIN=-1000", "ZMAX=1000"])
        self.check("--band 4", name=path)
        self.check("", "--band", 4, "--crs", support.UTM, name=path)
        values = np.arange(3 * 340).reshape(3, 17, 20) % 256
        self.check("--decode", name=self.make(values, type=gdal.GDT_Byte, options=["PHOTOMETRIC=RGB"]))


class Hidden(CommandTest):
    """Files beside a raster that settings keep GDAL from."""

    def check(self, path, setting, *files):
        for command in (["gradient", "--overwrite", path, "out.tif"], ["info", path]):
            result = self.demgrad(*command, env=dict([setting.split("=")]))
            self.assertEqual(result.code, 0, result.err)
            found = [line for line in support.said(result) if setting in line]
            self.assertEqual(len(found), len(files), result.err)
            for file in files:
                self.assertTrue(any(f"{file}, which may hold" in line for line in found), found)

    def test_masks(self):
        path = self.make(terrain(20, 25), mask=support.holes(20, 25), name="masked.tif")
        self.check(path, "GDAL_DISABLE_READDIR_ON_OPEN=EMPTY_DIR", "masked.tif.msk")
        self.check(path, "GDAL_DISABLE_READDIR_ON_OPEN=TRUE")
        self.check(self.make(terrain(20, 25)), "GDAL_DISABLE_READDIR_ON_OPEN=EMPTY_DIR")

    def test_what_is_declared_beside(self):
        plain = self.make(np.round(terrain(20, 25) + 1000), type=gdal.GDT_UInt16, scale=0.1, nodata=7)
        gdal.GetDriverByName("PNG").CreateCopy(self.path("in.png"), gdal.Open(plain))
        for setting in ("GDAL_PAM_ENABLED=NO", "GDAL_DISABLE_READDIR_ON_OPEN=EMPTY_DIR"):
            self.check("in.png", setting, "in.png.aux.xml")
        self.check("in.png", "GDAL_PAM_ENABLED=YES")

    def test_below_a_vrt_and_in_a_batch(self):
        setting = "GDAL_DISABLE_READDIR_ON_OPEN=EMPTY_DIR"
        path = self.make(terrain(20, 25), mask=support.holes(20, 25), name="masked.tif")
        gdal.BuildVRT(self.path("in.vrt"), [path]).FlushCache()
        self.check("in.vrt", setting, "masked.tif.msk")
        result = self.demgrad("batch", "--output-dir", self.path("out"), path,
                              env={"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR"})
        self.assertIn("masked.tif.msk, which may hold its mask, is left out", result.err)


class Reading(CommandTest):
    """What GDAL warns of while it reads pixels, which it gives all the same."""

    def spoilt(self, name, blocks):
        """A JPEG-compressed raster whose blocks number `blocks` end early; GDAL warns once of each."""
        path = self.make(np.round(50 + 20 * terrain(64, 64) / np.abs(terrain(64, 64)).max()), name=name,
                         type=gdal.GDT_Byte,
                         options=["COMPRESS=JPEG", "TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16"])
        dataset = gdal.Open(path)
        band = dataset.GetRasterBand(1)
        places = [[int(band.GetMetadataItem(f"BLOCK_{what}_{i % 4}_{i // 4}", "TIFF"))
                   for what in ("OFFSET", "SIZE")] for i in blocks]
        dataset = None
        with open(path, "r+b") as file:
            for offset, size in places:
                file.seek(offset + size - 6)
                file.write(b"\xff\xd9\xff\xd9")
        return path

    def test_it_is_told_once_with_how_often(self):
        path = self.spoilt("spoilt.tif", range(3, 9))
        for command in (("gradient", path, self.path("o.tif")),
                        ("batch", "--output-dir", self.path("out"), path)):
            with self.subTest(command[0]):
                result = self.demgrad(*command, "--report", self.path("r.json"))
                self.assertEqual(result.code, 0, result.err)
                lines = [line for line in result.err.splitlines() if "Corrupt JPEG" in line]
                self.assertEqual(len(lines), 1, result.err)
                self.assertRegex(lines[0], r"spoilt\.tif: .*\([0-9]+ such in all, of 1 input\)")
                with open(self.path("r.json"), encoding="utf-8") as file:
                    self.assertTrue(any("Corrupt JPEG" in text for text in json.load(file)["warnings"]))

    def test_a_picture_tells_it_too(self):
        self.need_pictures()
        result = self.demgrad("preview", self.spoilt("spoilt.tif", range(3, 9)), "out.png")
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(result.err.count("Corrupt JPEG"), 1, result.err)

    def test_hdf5_prints_nothing_by_itself(self):
        """Of a file with damaged chunks, whatever opens it, on each thread."""
        if None in (gdal.GetDriverByName("netCDF"), gdal.GetDriverByName("HDF5Image")):
            self.skipTest("needs netCDF and HDF5")
        self.make(terrain(300, 300))
        gdal.Translate(self.path("in.nc"), self.path("in.tif"), format="netCDF",
                       creationOptions=["FORMAT=NC4", "COMPRESS=DEFLATE"])
        with open(self.path("in.nc"), "rb") as file:
            data = bytearray(file.read())
        data[len(data) // 3::1000] = b"\xff" * len(data[len(data) // 3::1000])
        with open(self.path("bad.nc"), "wb") as file:
            file.write(data)
        part = 'HDF5:"bad.nc"://Band1'
        with open(self.path("bad.vrt"), "w", encoding="utf-8") as file:
            file.write(f'''<VRTDataset rasterXSize="300" rasterYSize="300"><VRTRasterBand dataType="Float32"
                band="1"><SimpleSource><SourceFilename>{part.replace('"', "&quot;")}</SourceFilename>
                <SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>''')
        for path in (part, "bad.nc", "bad.vrt"):
            for threads in (1, 2, 4):
                with self.subTest(f"{path} {threads}"):
                    self.assert_error(self.demgrad("gradient", "-q", "--spacing", 30, "-j", threads, path,
                                                   "out.tif"), 1, path)

    def test_once_for_many_inputs(self):
        os.mkdir(self.path("in"))
        for i in range(3):
            self.spoilt(f"in/t{i}.tif", [5])
            grid = (NORTH_UP[0] + 64 * NORTH_UP[1] * i, *NORTH_UP[1:])
            dataset = gdal.Open(self.path(f"in/t{i}.tif"), gdal.GA_Update)
            dataset.SetGeoTransform(grid)
            dataset = None
        result = self.demgrad("batch", "--output-dir", self.path("out"), self.path("in"))
        self.assertEqual(result.code, 0, result.err)
        lines = [line for line in result.err.splitlines() if "Corrupt JPEG" in line]
        self.assertEqual(len(lines), 1, result.err)
        self.assertIn("of 3 inputs", lines[0])


if __name__ == "__main__":
    support.main()
