"""An output, or a report, is never a file that the input is made of, whatever names and links lead to it;
nothing foreign is replaced without being asked; names of every length; what is no place for a file."""

import errno
import gzip
import json
import os
import shutil
import sqlite3
import stat
import struct
import subprocess
import tarfile
import tempfile
import threading
import unittest
import zipfile

import numpy as np
from osgeo import gdal, ogr

import support
from support import CommandTest, sha256, terrain, write_raster

Z = terrain(20, 30)


def has(driver):
    return gdal.GetDriverByName(driver) is not None


class FilesTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.make(Z)

    def state(self):
        """What is at every name below the folder."""
        state = {}
        for folder, folders, names in os.walk(self.folder):
            for name in folders + names:
                path = os.path.join(folder, name)
                if os.path.islink(path):
                    state[path] = os.readlink(path)
                elif os.path.isfile(path):
                    state[path] = sha256(path)
                else:
                    state[path] = "folder"
        return state

    def assert_refused(self, *arguments, words=(), command="gradient", code=1, **how):
        """It ends with one line before any work, and all is as it was."""
        before = self.state()
        result = self.demgrad(command, "-q", *arguments, **how)
        self.assert_error(result, code, *words)
        self.assertEqual(self.state(), before, arguments)

    def refuse_output(self, inputs, output, *options, **how):
        """With --overwrite, where there is something that it could replace."""
        inputs = [inputs] if isinstance(inputs, str) else inputs
        self.assertTrue(os.path.exists(self.path(output)), output)
        if how.get("command") != "preview":
            options = ("-f", "GTiff", *options)
        self.assert_refused("--overwrite", *options, *inputs, output, words=(output, "belongs to"),
                            **how)

    def text(self, name, text="mine"):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return name


class Inputs(FilesTest):
    """Issue 15, 1: the input destroyed."""

    def test_the_input_under_every_name(self):
        os.mkdir(self.path("sub"))
        os.link(self.path("in.tif"), self.path("hard.tif"))
        os.link(self.path("in.tif"), self.path("sub/hard.tif"))
        os.symlink("in.tif", self.path("soft.tif"))
        os.symlink("../soft.tif", self.path("sub/soft.tif"))
        os.symlink("sub", self.path("folder"))
        names = ["in.tif", "./in.tif", "sub/../in.tif", "hard.tif", "sub/hard.tif", "soft.tif",
                 "folder/soft.tif", self.path("in.tif")]
        for output in names:
            for source in ("in.tif", "sub/soft.tif", "hard.tif"):
                self.refuse_output(source, output)

    def test_without_overwrite_it_is_refused_too(self):
        self.assert_refused("in.tif", "in.tif", words=("in.tif",))

    def test_any_input_of_a_mosaic(self):
        grid = support.NORTH_UP
        self.make(Z, "b.tif", geotransform=(grid[0] + 900, *grid[1:]))
        for output in ("in.tif", "b.tif"):
            self.refuse_output(["in.tif", "b.tif"], output)

    def test_files_beside_the_input(self):
        """Its mask, overviews, metadata; ENVI's header, which may be the output's side file alone."""
        with open(self.path("in.tif.aux.xml"), "w", encoding="ascii") as file:
            file.write("<PAMDataset></PAMDataset>\n")
        self.refuse_output("in.tif", "in.tif.aux.xml")
        os.remove(self.path("in.tif.aux.xml"))
        gdal.Open(self.path("in.tif")).CreateMaskBand(gdal.GMF_PER_DATASET)
        self.refuse_output("in.tif", "in.tif.msk")
        os.remove(self.path("in.tif.msk"))
        for name in ("in.tif.ovr", "in.tfw"):
            self.text(name)
            self.refuse_output("in.tif", name)
            os.remove(self.path(name))
        write_raster(self.path("s.bin"), Z, driver="ENVI")
        for name in ("s.bin", "s.hdr"):
            self.refuse_output("s.bin", name)
        self.assert_refused("--overwrite", "-f", "ENVI", "s.bin", "s.img", words=("s.hdr", "belongs to"))

    def test_sources_of_vrts(self):
        os.mkdir(self.path("sub"))
        shutil.copy(self.path("in.tif"), self.path("sub/deep.tif"))
        gdal.Translate(self.path("one.vrt"), self.path("in.tif"), format="VRT")
        gdal.BuildVRT(self.path("sub/two.vrt"), [self.path("one.vrt")]).FlushCache()
        gdal.Warp(self.path("warped.vrt"), self.path("sub/two.vrt"), format="VRT", dstSRS="EPSG:32633")
        gdal.BuildVRT(self.path("mosaic.vrt"), [self.path("warped.vrt")]).FlushCache()
        gdal.Translate(self.path("relative.vrt"), self.path("sub/deep.tif"), format="VRT")
        shutil.copy(self.path("mosaic.vrt"), self.path("other.ending"))
        chain = ["mosaic.vrt", "warped.vrt", "sub/two.vrt", "one.vrt", "in.tif"]
        for i, source in enumerate(chain):
            for output in chain[i:]:
                self.refuse_output(source, output)
        self.refuse_output("other.ending", "in.tif")
        self.refuse_output("relative.vrt", "sub/deep.tif")
        self.refuse_output("vrt://in.tif?bands=1", "in.tif")
        with open(self.path("one.vrt"), encoding="utf-8") as file:
            self.refuse_output(file.read(), "in.tif")

    def test_a_vrt_that_is_its_own_source_ends(self):
        self.text("loop.vrt", '<VRTDataset rasterXSize="9" rasterYSize="9"><VRTRasterBand band="1" '
                  'dataType="Float32"><SimpleSource><SourceFilename relativeToVRT="1">loop.vrt'
                  "</SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>")
        self.assertEqual(self.demgrad("gradient", "-q", "loop.vrt", "out.tif").code, 1)

    def test_the_same_name_in_another_folder_is_another_file(self):
        os.mkdir(self.path("sub"))
        shutil.move(self.path("in.tif"), self.path("sub/in.tif"))
        gdal.Translate(self.path("sub/v.vrt"), self.path("sub/in.tif"), format="VRT")
        self.text("in.tif")
        self.gradient("sub/v.vrt", out="in.tif")

    def test_archives(self):
        with zipfile.ZipFile(self.path("a.zip"), "w") as archive:
            archive.write(self.path("in.tif"), "d/in.tif")
        with tarfile.open(self.path("a.tgz"), "w:gz") as archive:
            archive.add(self.path("in.tif"), "d/in.tif")
        with open(self.path("in.tif"), "rb") as file, gzip.open(self.path("a.tif.gz"), "wb") as packed:
            shutil.copyfileobj(file, packed)
        with zipfile.ZipFile(self.path("outer.zip"), "w") as archive:
            archive.write(self.path("a.zip"), "a.zip")
        here = self.folder
        for name, archive in ((f"/vsizip/{here}/a.zip/d/in.tif", "a.zip"),
                              ("/vsizip/a.zip/d/in.tif", "a.zip"),
                              ("/vsizip/{a.zip}/d/in.tif", "a.zip"),
                              (f"/vsitar/{here}/a.tgz/d/in.tif", "a.tgz"),
                              (f"/vsigzip/{here}/a.tif.gz", "a.tif.gz"),
                              ("/vsizip/{/vsizip/{outer.zip}/a.zip}/d/in.tif", "outer.zip"),
                              (f"/vsisubfile/0_{os.path.getsize(self.path('in.tif'))},in.tif", "in.tif")):
            self.assertEqual(self.demgrad("info", name).code, 0, name)
            self.refuse_output(name, archive)
        gdal.Translate(self.path("zipped.vrt"), f"/vsizip/{here}/a.zip/d/in.tif", format="VRT")
        self.refuse_output("zipped.vrt", "a.zip")

    def test_subdatasets(self):
        self.refuse_output("GTIFF_DIR:1:in.tif", "in.tif")
        if not has("netCDF"):
            self.skipTest("this GDAL has no netCDF")
        gdal.Translate(self.path("a:b.nc"), self.path("in.tif"), format="netCDF")
        gdal.Translate(self.path("x.nc"), self.path("in.tif"), format="netCDF")
        gdal.Translate(self.path("x.vrt"), f'NETCDF:"{self.path("x.nc")}":Band1', format="VRT")
        for source, output in (("x.nc", "x.nc"), ('NETCDF:"x.nc":Band1', "x.nc"),
                               ("NETCDF:x.nc:Band1", "x.nc"), ("x.vrt", "x.nc"),
                               ('NETCDF:"a:b.nc":Band1', "a:b.nc")):
            self.refuse_output(source, output)

    def test_tile_indexes(self):
        if not has("GTI"):
            self.skipTest("this GDAL has no GTI")
        subprocess.run(["gdaltindex", "i.gti.gpkg", "in.tif"], cwd=self.folder, check=True,
                       stdout=subprocess.DEVNULL)
        for source in ("i.gti.gpkg", "GTI:i.gti.gpkg"):
            for output in ("in.tif", "i.gti.gpkg"):
                self.refuse_output(source, output)

    def test_coordinates(self):
        self.text("x.txt", "\n".join(str(30 * i) for i in range(30)))
        self.refuse_output("in.tif", "x.txt", "--x-coords", "x.txt", "--spacing", "30")

    def test_standard_input(self):
        for name in ("-", "/vsistdin/"):
            with open(self.path("in.tif"), "rb") as file:
                self.refuse_output(name, "in.tif", stdin=file)
            with open(self.path("in.tif"), "rb") as file:
                result = self.demgrad("gradient", "-q", "--overwrite", name, "out.tif", stdin=file)
            self.assertEqual((result.code, result.err), (0, ""))
        self.gradient("in.tif", out="expected.tif")
        self.assertEqual(sha256(self.path("out.tif")), sha256(self.path("expected.tif")))

    def test_pictures(self):
        """Of an input that is a picture, and beside an output."""
        write_raster(self.path("in.tif"), Z.astype(np.uint8), type=gdal.GDT_Byte)
        gdal.Translate(self.path("in.png"), self.path("in.tif"), format="PNG")
        os.symlink("in.png", self.path("soft.png"))
        gdal.Translate(self.path("v.vrt"), self.path("in.png"), format="VRT")
        self.need_pictures()
        for source in ("in.png", "soft.png", "v.vrt"):
            probe = self.demgrad("preview", "-q", source, "probe.png")
            self.assertEqual(probe.code, 0, probe.err)
            os.remove(self.path("probe.png"))
            self.refuse_output(source, "in.png", command="preview")
            self.assert_refused("--overwrite", "--preview", "in.png", source, "out.tif", words=("in.png",))
        self.assert_refused("--preview", "out.png", "in.tif", "out.png", "-f", "GTiff", words=("out.png",))


class Foreign(FilesTest):
    """Issue 15, 2: what is not demgrad's to replace."""

    def test_files_and_side_files(self):
        """--overwrite replaces what has the output's name, or one that only a part of it can have."""
        cases = [("out.tif", "out.tif", ()), ("out.bin", "out.bin.aux.xml", ("-f", "ENVI")),
                 ("out.tif", "out.tif.aux.xml", ()), ("out.tif", "out.tif.ovr", ()),
                 ("out.tif", "out.tif.msk", ())]
        for output, foreign, options in cases:
            with self.subTest(f"{output} {foreign}"):
                self.text(foreign)
                self.assert_refused(*options, "in.tif", output, words=(foreign, "--overwrite"))
                result = self.demgrad("gradient", "-q", "--overwrite", *options, "in.tif", output)
                self.assertEqual((result.code, result.err), (0, ""))
                self.clear()

    def clear(self, *kept):
        for name in self.files():
            if name not in ("in.tif", *kept) and os.path.isfile(self.path(name)):
                os.remove(self.path(name))

    def test_side_files_of_others(self):
        """A header or world file may be any other's of that stem, whatever is said."""
        cases = [("out.bin", "out.hdr", ("-f", "ENVI")), (".out.bin", ".out.hdr", ("-f", "ENVI")),
                 ("out.tif", "out.tfw", ("--co", "TFW=YES")),
                 ("out.asc", "out.prj", ("-f", "AAIGrid", "--bands", "dzdx"))]
        for output, foreign, options in cases:
            for more in ((), ("--overwrite",)):
                with self.subTest(f"{output} {foreign} {more}"):
                    self.text(foreign)
                    self.assert_refused(*more, *options, "in.tif", output, words=(foreign, "move it away"))
                    self.clear()

    def test_side_files_of_another_raster(self):
        self.gradient("-f", "ENVI", "in.tif", out="e1.img")
        self.assert_refused("--overwrite", "-f", "ENVI", "--bands", "slope", "in.tif", "e1.dat",
                            words=("e1.hdr", "move it away"))
        self.gradient("-f", "ENVI", "--bands", "slope", "in.tif", out="e1.img")
        self.assertEqual(gdal.Open(self.path("e1.img")).RasterCount, 1)

    def test_world_files_of_other_pictures(self):
        self.need_pictures()
        self.text("p.pgw")
        self.assert_refused("--bare", "--overwrite", "in.tif", "p.png", words=("p.pgw", "move it away"),
                            command="preview")

    def test_parts_of_what_is_replaced_go_with_it(self):
        """The CRS, or the place, of the old output is not the new one's."""
        square = (500000, 30, 0, 5000000, 0, -30)
        self.make(Z, geotransform=square)
        self.make(Z, "nocrs.tif", srs=None, geotransform=square)
        for driver, name in (("AAIGrid", "a.asc"), ("EHdr", "a.bil"), ("SAGA", "a.sdat"),
                             ("BT", "a.bt")):
            with self.subTest(driver):
                if not has(driver):
                    continue
                self.gradient("-f", driver, "--bands", "dzdx", "in.tif", out=name)
                self.assertIsNotNone(gdal.Open(self.path(name)).GetSpatialRef())
                self.assertIn("a.prj", self.files())
                result = self.demgrad("gradient", "-q", "--overwrite", "-f", driver, "--bands", "dzdx",
                                      "nocrs.tif", name)
                self.assertEqual(result.code, 0, result.err)
                self.assertNotIn("a.prj", self.files())
                if driver != "BT":  # has a CRS in any case
                    self.assertIsNone(gdal.Open(self.path(name)).GetSpatialRef())
                self.clear("nocrs.tif")
        self.need_pictures()
        for options in (("--bare",), ()):
            result = self.demgrad("preview", "-q", "--overwrite", *options, "in.tif", "p.png")
            self.assertEqual((result.code, result.err), (0, ""))
            self.assertEqual("p.pgw" in self.files(), bool(options))

    def test_a_part_that_two_files_have(self):
        """A header of two ENVI files, the CRS of a grid and of a shapefile: it stays, whatever is said."""
        self.gradient("-f", "ENVI", "in.tif", out="e.img")
        shutil.copy(self.path("e.img"), self.path("e.bin"))
        for output in ("e.img", "e.bin"):
            self.assert_refused("--overwrite", "-f", "ENVI", "--bands", "slope", "in.tif", output,
                                words=("e.hdr", "is a part of", "too", "move that away"))
        os.remove(self.path("e.bin"))
        self.gradient("-f", "ENVI", "--bands", "slope", "in.tif", out="e.img")
        square = (500000, 30, 0, 5000000, 0, -30)
        self.make(Z, geotransform=square)
        self.gradient("-f", "AAIGrid", "--bands", "dzdx", "in.tif", out="g.asc")
        os.rename(self.path("g.prj"), self.path("kept"))
        shapes = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(self.path("g.shp"))
        shapes.CreateLayer("g", support.crs(support.UTM), ogr.wkbPoint)
        shapes = None
        self.assertIn("g.prj", self.files())
        self.assert_refused("--overwrite", "-f", "AAIGrid", "--bands", "dzdx", "in.tif", "g.asc",
                            words=("g.prj", "is a part of", "g."))

    def test_parts_without_an_output_go_with_a_word(self):
        """GDAL would read them with the new one; parts of what is replaced go without."""
        for foreign in ("out.tif.aux.xml", "out.tif.ovr", "out.tif.msk"):
            with self.subTest(foreign):
                self.text(foreign)
                for word in (1, 0):
                    result = self.demgrad("gradient", "--overwrite", "in.tif", "out.tif")
                    self.assertEqual(result.code, 0, result.err)
                    self.assertNotIn(foreign, self.files())
                    self.assertEqual(result.err.count(f"{foreign}: GDAL would take it for a part of out.tif"),
                                     word, result.err)
                    self.text(foreign)
                self.clear()

    def test_what_is_in_the_way_is_told_before_the_work(self):
        """The input ends early: who comes to that has read pixels."""
        for name, how in (("nogt.tif", {"srs": None, "geotransform": None}), ("nocrs.tif", {"srs": None}),
                          ("placed.tif", {})):
            self.make(Z, name, **how)
            os.truncate(self.path(name), os.path.getsize(self.path(name)) // 2)
        self.text("t.tfw", "7\n0\n0\n-7\n100\n200\n")
        self.text("u.prj", support.crs("EPSG:3857").ExportToWkt())
        cases = [("t.tfw", ("--spacing", "10", "nogt.tif", "t.tif")), ("t.tfw", ("placed.tif", "t.tif")),
                 ("t.tfw", ("-f", "COG", "--spacing", "10", "nogt.tif", "t.tif")),
                 ("u.prj", ("-f", "AAIGrid", "--bands", "dzdx", "nocrs.tif", "u.asc"))]
        for foreign, arguments in cases:
            for more in ((), ("--overwrite",)):
                with self.subTest(f"{foreign} {arguments} {more}"):
                    self.assert_refused(*more, *arguments,
                                        words=(f"{foreign}: exists already, and would be taken for a part of "
                                               f"{arguments[-1]}",))

    def test_sources_of_a_mosaic_are_no_parts_of_it(self):
        gdal.Translate(self.path("m.vrt"), self.path("in.tif"), format="VRT")
        os.rename(self.path("in.tif"), self.path("m.tif"))
        gdal.Translate(self.path("m.vrt"), self.path("m.tif"), format="VRT")
        self.make(Z)
        self.gradient("-f", "GTiff", "in.tif", out="m.vrt")
        self.assertIn("m.tif", self.files())

    def test_what_would_be_taken_for_a_part(self):
        """A world file moves a raster that has no place, a .prj one that has no CRS."""
        self.make(Z, "nogt.tif", srs=None, geotransform=None)
        self.make(Z, "nocrs.tif", srs=None)
        self.text("t.tfw", "7\n0\n0\n-7\n100\n200\n")
        self.text("u.prj", support.crs("EPSG:3857").ExportToWkt())
        cases = [("t.tfw", ("--spacing", "10", "nogt.tif", "t.tif")),
                 ("u.prj", ("-f", "AAIGrid", "--bands", "dzdx", "nocrs.tif", "u.asc"))]
        for foreign, arguments in cases:
            for there in (False, True):
                with self.subTest(f"{foreign} {there}"):
                    if there:
                        shutil.copy(self.path("in.tif"), self.path(arguments[-1]))
                    before = self.state()
                    result = self.demgrad("gradient", "-q", "--overwrite", *arguments)
                    if there and foreign == "t.tfw":  # of the GTiff that is there, and goes with it
                        self.assertEqual((result.code, result.err), (0, ""))
                        self.assertFalse(os.path.exists(self.path(foreign)))
                        self.assertIsNone(gdal.Open(self.path("t.tif")).GetGeoTransform(can_return_null=True))
                        continue
                    self.assertEqual(result.code, 1, result.err)
                    self.assertIn(f"{foreign}: exists already, and would be taken for a part of ",
                                  result.err)
                    self.assertEqual(self.state(), before)

    def test_folders_that_are_called_like_the_output(self):
        """What is in them stays: a small raster is tried with links to what lies beside the output."""
        self.make(terrain(20, 30))
        for name in ("out", "out.d"):
            os.mkdir(self.path(name))
            with open(self.path(name + "/kept"), "w", encoding="utf-8") as file:
                file.write("kept")
        os.symlink("out", self.path("out.link"))
        for suffix in ("tif", "img", "bil", "nc"):
            for options in ((), ("--overwrite",)):
                with self.subTest((suffix, options)):
                    result = self.demgrad("gradient", "-q", *options, "--bands", "slope", "in.tif",
                                          "out." + suffix)
                    self.assertEqual(result.code, 0, result.err)
        self.demgrad("batch", "-q", "--output-dir", ".", "in.tif")
        for name in ("out", "out.d"):
            self.assertEqual(os.listdir(self.path(name)), ["kept"])
        self.assertTrue(os.path.islink(self.path("out.link")))

    def test_folders_that_are_called_like_a_part(self):
        self.make(terrain(20, 30))
        os.mkdir(self.path("out.tif.ovr"))
        with open(self.path("out.tif.ovr/kept"), "w", encoding="utf-8") as file:
            file.write("kept")
        for options in ((), ("--overwrite",)):
            result = self.demgrad("gradient", "-q", *options, "in.tif", "out.tif")
            self.assert_error(result, 1, "out.tif.ovr", "move it away")
        self.assertEqual(os.listdir(self.path("out.tif.ovr")), ["kept"])

    def test_permissions(self):
        """What replaces a file has its owner and permissions."""
        for driver in ("GTiff", "ENVI"):
            for mode in (0o600, 0o664, 0o444):
                self.gradient("-f", driver, "in.tif", out="out.bin")
                os.chmod(self.path("out.bin"), mode)
                if os.geteuid() == 0:
                    os.chown(self.path("out.bin"), 1234, 2345)
                old = os.stat(self.path("out.bin"))
                self.gradient("-f", driver, "--bands", "slope", "in.tif", out="out.bin")
                new = os.stat(self.path("out.bin"))
                self.assertEqual((oct(new.st_mode), new.st_uid, new.st_gid),
                                 (oct(old.st_mode), old.st_uid, old.st_gid))
                self.assertNotEqual(new.st_ino, old.st_ino)
                self.clear()

    def access_list(self, name):
        """Its bytes; None where there is none."""
        try:
            return os.getxattr(self.path(name), "system.posix_acl_access")
        except OSError as error:
            if error.errno != errno.ENODATA:
                self.skipTest("the file system has no access lists")
            return None

    def test_access_lists(self):
        """They are kept: without one the group would get the most that anybody in it may do."""
        entries = [(1, 6, -1), (2, 6, 1), (4, 0, -1), (16, 6, -1), (32, 0, -1)]  # a user, not the group
        access = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)
        for driver in ("GTiff", "ENVI"):
            for of_folder in (False, True):
                self.gradient("-f", driver, "in.tif", out="out.bin")
                self.access_list("out.bin")
                os.setxattr(self.path("out.bin"), "system.posix_acl_access", access)
                if of_folder:  # which new files have
                    os.setxattr(self.folder, "system.posix_acl_default", access)
                self.gradient("-f", driver, "--bands", "slope", "in.tif", out="out.bin")
                self.assertEqual(self.access_list("out.bin"), access)
                os.removexattr(self.path("out.bin"), "system.posix_acl_access")
                os.chmod(self.path("out.bin"), 0o640)
                self.gradient("-f", driver, "in.tif", out="out.bin")
                self.assertEqual(self.access_list("out.bin"), None)
                self.assertEqual(os.stat(self.path("out.bin")).st_mode & 0o777, 0o640)
                if of_folder:
                    os.removexattr(self.folder, "system.posix_acl_default")
                self.clear()

    def test_folders_that_only_grow(self):
        """Where nothing can be renamed or removed, temporary files would stay."""
        os.mkdir(self.path("log"))
        self.demgrad("gradient", "-q", "in.tif", "log/old.tif")
        if not shutil.which("chattr") or subprocess.run(
                ["chattr", "+a", self.path("log")], capture_output=True, check=False).returncode:
            self.skipTest("no right to change attributes")
        self.addCleanup(subprocess.run, ["chattr", "-a", self.path("log")], check=True)
        for name in ("log/new.tif", "log/old.tif"):
            self.assert_refused("--overwrite", "in.tif", name, words=(name, "chattr +a"))
        self.assert_refused("--report", "log/r.json", "in.tif", "out.tif", words=("chattr +a",))
        self.assert_refused("--output-dir", "log", "in.tif", command="batch", words=("chattr +a",))

    def test_neighbours_that_another_driver_takes(self):
        """GDAL reads an ENVI file with a header of ROI_PAC's or an EHdr's beside it by that. Others are no
        matter, nor is such a header beside a format that GDAL knows by its content."""
        header = "WIDTH 200\nFILE_LENGTH 100\nX_FIRST 0\nY_FIRST 0\nX_STEP 1\nY_STEP -1\n"
        self.text("out.dem.rsc", header)
        for options in ((), ("--overwrite",)):
            self.assert_refused("-f", "ENVI", *options, "in.tif", "out.dem",
                                words=("out.dem.rsc", "out.dem,", "move it away"))
        for name in ("out2.dem.rsc", "out.txt", "other.rsc"):
            self.text(name, header)
        for output, options in (("out.bin", ("-f", "ENVI")), ("out.dem", ("-f", "GTiff"))):
            result = self.demgrad("gradient", "-q", *options, "in.tif", output)
            self.assertEqual((result.code, result.err), (0, ""), output)
            self.assertEqual(gdal.Open(self.path(output)).GetDriver().ShortName, options[1])

    def test_texts_have_the_outputs_name(self):
        """Rasterlite keeps the name of what it was copied from."""
        if not gdal.GetDriverByName("Rasterlite"):
            self.skipTest("needs GDAL's Rasterlite driver")
        result = self.demgrad("gradient", "-q", "-f", "Rasterlite", "in.tif", "result.sqlite")
        self.assertEqual((result.code, result.err), (0, ""))
        with sqlite3.connect(self.path("result.sqlite")) as made:
            names = {row[0] for row in made.execute("SELECT source_name FROM result_metadata")}
        made.close()
        self.assertEqual({os.path.basename(name) for name in names}, {"result.sqlite"})
        self.assertNotIn("demgrad", "".join(names))

    def test_links_to_nothing_folders_and_devices(self):
        os.symlink("nowhere", self.path("dangling.tif"))
        os.symlink("circle.tif", self.path("circle.tif"))
        os.mkdir(self.path("folder"))
        os.symlink("folder", self.path("link"))
        os.mkfifo(self.path("fifo"))
        for options in ((), ("--overwrite",)):
            for name in ("dangling.tif", "circle.tif", "folder", "folder/", "link", "fifo", "/dev/null"):
                before = os.listdir(self.folder)
                self.assert_error(self.demgrad("gradient", "-q", *options, "in.tif", name), 1,
                                  name.rstrip("/"))
                self.assertEqual(os.listdir(self.folder), before)
        self.assertTrue(stat.S_ISFIFO(os.stat(self.path("fifo")).st_mode))

    def slow_run(self, *arguments):
        """A run that waits for its input, a pipe, when all else is checked; and what lets it go on."""
        os.mkfifo(self.path("gate"))
        process = subprocess.Popen([support.DEMGRAD, *arguments], cwd=self.folder,
                                   stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        return process

    def test_what_appears_meanwhile(self):
        """With strace, at the last moment: just before the rename that gives the name."""
        if not shutil.which("strace"):
            self.skipTest("needs strace")
        trace = ["strace", "-f", "-qq", "-o", self.path("log"), "-e", "trace=renameat2,link", "-e"]
        # Where a rename that never replaces cannot be had (NFS), nor links (FAT), nothing is replaced either.
        ways = [["inject=renameat2:delay_enter=400000"],
                ["inject=renameat2:error=EINVAL:delay_enter=400000"],
                ["inject=renameat2:error=EINVAL:delay_enter=400000", "-e", "inject=link:error=EPERM"]]
        probe = subprocess.run([*trace, ways[0][0], "true"], capture_output=True, check=False)
        if probe.returncode:
            self.skipTest("strace may not trace here")
        for way in ways:
            for foreign in ("out.bin", "out.hdr", None):
                with self.subTest(f"{way} {foreign}"):
                    process = subprocess.Popen(
                        [*trace, *way, support.DEMGRAD, "gradient", "-q", "-f", "ENVI", "in.tif",
                         "out.bin"], cwd=self.folder, stderr=subprocess.PIPE, text=True)
                    while process.poll() is None and not self.renames():
                        pass
                    if foreign:
                        self.text(foreign)
                    err = process.communicate()[1]
                    self.assertEqual(process.returncode, 1 if foreign else 0, err)
                    names = [name for name in self.files() if name not in ("in.tif", "log")]
                    if foreign:
                        self.assertEqual(names, [foreign], err)
                        with open(self.path(foreign), encoding="utf-8") as file:
                            self.assertEqual(file.read(), "mine")
                    else:
                        self.assertEqual(names, ["out.bin", "out.bin.aux.xml", "out.hdr"])
                    for name in names + ["log"]:
                        os.remove(self.path(name))

    def renames(self):
        try:
            with open(self.path("log"), encoding="utf-8", errors="replace") as file:
                return "renameat2" in file.read()
        except FileNotFoundError:
            return False

    def test_crashes_between_the_files_of_an_output(self):
        """Killed at each rename of a replacement, it leaves the old set, the new one, or none."""
        if not shutil.which("strace"):
            self.skipTest("needs strace")
        options = ("gradient", "-q", "--overwrite", "-f", "ENVI")
        probe = subprocess.run(["strace", "-qq", "-o", "/dev/null", "-e",
                                "inject=renameat2:signal=KILL:when=99", "true"],
                               capture_output=True, check=False)
        if probe.returncode:
            self.skipTest("strace may not inject here")
        self.make(Z * 2 + 1, "old.tif")
        kept = []
        for when in range(1, 9):
            if not os.path.exists(self.path("out.bin")):
                self.clear("old.tif", "ref.bin", "ref.hdr", "ref.bin.aux.xml")
            self.demgrad(*options, "--ot", "Float64", "old.tif", "out.bin")
            old = support.read_raster(self.path("out.bin"))
            new = None
            done = subprocess.run(
                ["strace", "-f", "-qq", "-o", self.path("log"), "-e", "trace=renameat2", "-e",
                 f"inject=renameat2:signal=KILL:when={when}", support.DEMGRAD, *options, "in.tif",
                 "out.bin"], cwd=self.folder, capture_output=True, check=False)
            if os.path.exists(self.path("out.bin")):
                gdal.PushErrorHandler("CPLQuietErrorHandler")
                try:
                    new = support.read_raster(self.path("out.bin"))
                except RuntimeError:
                    new = None  # no complete set
                gdal.PopErrorHandler()
            if new is not None:
                is_old = np.array_equal(new, old, equal_nan=True)
                is_new = np.array_equal(new, self.gradient("-f", "ENVI", "in.tif", out="ref.bin"),
                                        equal_nan=True)
                self.assertTrue(is_old or is_new, f"rename {when} leaves a mixture")
                kept.append("old" if is_old else "new")
            if done.returncode == 0:
                break
        self.assertEqual(done.returncode, 0, "never came to an end")
        self.assertIn("new", kept)
        self.assert_no_leftovers()


class Reports(FilesTest):
    """Issue 15, 2: a report replaces reports."""

    def run_with(self, report, *arguments, **how):
        return self.demgrad("gradient", "-q", "--overwrite", "--report", report, *arguments, "in.tif",
                            "out.tif", **how)

    def assert_report(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            report = json.load(file)
        self.assertEqual((report["program"], report["output"]["path"]), ("demgrad", "out.tif"))

    def test_an_older_report_is_replaced(self):
        for _ in range(2):
            result = self.demgrad("gradient", "-q", "--report", "r.json", "in.tif", "out.tif")
            self.assertEqual((result.code, result.err), (0, ""))
            self.assert_report("r.json")
            os.remove(self.path("out.tif"))
        os.symlink("r.json", self.path("link.json"))
        self.text("empty.json", "")
        for name in ("link.json", "empty.json"):
            result = self.demgrad("gradient", "-q", "--report", name, "in.tif", "out.tif")
            self.assertEqual((result.code, result.err), (0, ""))
            self.assert_report(name)
            os.remove(self.path("out.tif"))
        self.assertTrue(os.path.islink(self.path("link.json")))

    def test_nothing_else_is_without_overwrite(self):
        for text in ("mine", '{"version": "1"}', '{\n  "version": "0.1.0"\n}', " "):
            self.text("r.json", text)
            self.assert_refused("--report", "r.json", "in.tif", "out.tif", words=("r.json", "--overwrite"))
        result = self.run_with("r.json")
        self.assertEqual((result.code, result.err), (0, ""))
        self.assert_report("r.json")

    def test_inputs_and_outputs_are_not_even_with_it(self):
        os.link(self.path("in.tif"), self.path("hard.tif"))
        os.symlink("in.tif", self.path("soft.tif"))
        os.mkdir(self.path("sub"))
        os.symlink(".", self.path("here"))
        gdal.Translate(self.path("v.vrt"), self.path("in.tif"), format="VRT")
        self.text("x.txt", "\n".join(str(30 * i) for i in range(30)))
        for report in ("in.tif", "hard.tif", "soft.tif", "here/in.tif"):
            self.assert_refused("--overwrite", "--report", report, "in.tif", "out.tif", words=(report,))
            self.assert_refused("--overwrite", "--report", report, "v.vrt", "out.tif", words=(report,))
        self.assert_refused("--overwrite", "--report", "x.txt", "--x-coords", "x.txt", "--spacing", "30",
                            "in.tif", "out.tif", words=("x.txt",))
        for report in ("out.tif", "./out.tif", "here/out.tif", "sub/../out.tif", self.path("out.tif")):
            self.assert_refused("--report", report, "in.tif", "out.tif", words=(report,))
        self.assert_refused("--report", "out.hdr", "-f", "ENVI", "in.tif", "out.bin", words=("out.hdr",))
        self.assert_refused("--report", "r.png", "--preview", "./r.png", "in.tif", "out.tif",
                            words=("r.png",))

    def test_streams(self):
        result = self.run_with("-")
        self.assertEqual(result.err, "")
        self.assertEqual(json.loads(result.out)["output"]["path"], "out.tif")
        result = self.demgrad("gradient", "--overwrite", "--report", "-", "in.tif", "out.tif")
        self.assertEqual(json.loads(result.out)["program"], "demgrad")
        self.assert_error(self.run_with("-", "--progress", "gdal"), 2, "--report -")
        result = self.run_with("-", "--progress", "json")
        self.assertEqual(json.loads(result.out)["program"], "demgrad")
        self.assertNotIn("-", self.files())
        result = self.run_with("/dev/stdout")
        self.assertEqual(json.loads(result.out)["program"], "demgrad")
        self.assertEqual(self.run_with("/dev/null").code, 0)
        os.mkfifo(self.path("fifo"))
        said = []

        def read():
            with open(self.path("fifo"), encoding="utf-8") as file:
                said.append(file.read())
        reader = threading.Thread(target=read)
        reader.start()
        result = self.run_with("fifo")
        reader.join()
        self.assertEqual((result.code, result.err), (0, ""))
        self.assertEqual(json.loads(said[0])["program"], "demgrad")

    def run_into(self, report, mode, name):
        """With the file open as stdout and descriptor 9; ends with the exit code and stderr."""
        command = f'exec "$0" gradient -q --overwrite --report {report} in.tif out.tif {mode} {name} 9>&1'
        with open(os.devnull, "rb") as nothing:
            done = subprocess.run(["sh", "-c", command, support.DEMGRAD], cwd=self.folder, check=False,
                                  stdin=nothing, stderr=subprocess.PIPE)
        return done.returncode, done.stderr.decode()

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def test_what_is_in_an_open_file_stays(self):
        os.symlink("/dev/stdout", self.path("link"))
        for report in ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/9", "/proc/thread-self/fd/9", "link"):
            self.text("log", "mine\n")
            self.assertEqual(self.run_into(report, ">>", "log"), (0, ""), report)
            first, rest = self.read("log").split("\n", 1)
            self.assertEqual((first, json.loads(rest)["program"]), ("mine", "demgrad"), report)
        for name in ("in.tif", "out.tif"):
            before = support.sha256(self.path(name))
            code, err = self.run_into("/dev/fd/9", ">>", name)
            self.assertEqual((code, err.count("\n"), support.sha256(self.path(name))), (1, 1, before))
            self.assertIn(name, err)
        for report in ("/dev/fd/0", "/dev/fd/77"):  # for reading; not open
            self.assertEqual(self.run_into(report, ">>", "log")[0], 1)

    def test_files_below_dev_and_proc_are_files(self):
        self.text("mine.txt", "mine")
        self.assert_refused("--report", "/proc/self/cwd/mine.txt", "in.tif", "new.tif", words=("--overwrite",))
        self.assertEqual(self.read("mine.txt"), "mine")
        self.assert_refused("--overwrite", "--report", "/proc/self/cwd/in.tif", "in.tif", "out.tif",
                            words=("in.tif",))
        result = self.run_with("/proc/self/cwd/new.json")
        self.assertEqual((result.code, result.err), (0, ""))
        self.assert_report("new.json")

    def test_an_output_is_no_open_file_without_a_name(self):
        for option in ("--overwrite", "-q"):
            with tempfile.TemporaryFile(dir=self.folder) as file:
                done = subprocess.run([support.DEMGRAD, "gradient", option, "in.tif",
                                       f"/proc/self/fd/{file.fileno()}"], cwd=self.folder, check=False,
                                      pass_fds=[file.fileno()], stderr=subprocess.PIPE)
            self.assertEqual(done.returncode, 1)
            self.assertIn(b"has no name any more", done.stderr)
            self.assertEqual([name for name in self.files() if "deleted" in name], [])

    def test_stdout_that_is_full(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("needs /dev/full")
        with open("/dev/full", "wb") as full:
            done = subprocess.run([support.DEMGRAD, "gradient", "-q", "--report", "-", "in.tif",
                                   "out.tif"], cwd=self.folder, stdout=full, stderr=subprocess.PIPE,
                                  check=False)
        self.assertEqual((done.returncode, done.stderr.count(b"\n")), (1, 1), done.stderr)

    def test_places_that_cannot_be(self):
        os.mkdir(self.path("sub"))
        os.symlink("nowhere", self.path("dangling"))
        for report in ("sub", "sub/", "gone/r.json", "dangling", "in.tif/r.json", "/vsis3/b/r.json"):
            self.assert_refused("--report", report, "in.tif", "out.tif", words=(report.rstrip("/"),))


class Lengths(FilesTest):
    """Issue 15, 6: paths of every length up to the system's."""

    def deep(self, length):
        """A folder below the test's whose path has that length, and is made piece by piece."""
        folder, here = self.folder, os.open(self.folder, os.O_RDONLY)
        self.addCleanup(shutil.rmtree, self.folder, True)
        while len(folder) < length:
            step = min(200, length - len(folder) - 1)
            if length - len(folder) - 1 - step == 1: # a name of no letters would be left
                step -= 1
            name = "d" * step
            os.mkdir(name, dir_fd=here)
            inner = os.open(name, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here, folder = inner, f"{folder}/{name}"
        self.addCleanup(os.close, here)
        return folder, here

    def check(self, length, *options, names=("out.tif",)):
        """Output, report and temporary files in a folder so deep; from it comes what a short one gives."""
        folder, here = self.deep(length - 1 - len("out.tif"))
        self.assertEqual(len(f"{folder}/out.tif"), length)
        self.text("out.tif")
        result = self.demgrad("gradient", "-q", *options, self.path("in.tif"), f"{folder}/out.tif")
        self.assertEqual((result.code, result.err), (0, ""), length)
        self.assertEqual(sorted(os.listdir(here)), sorted(names))
        with open(self.path("out.tif"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "mine", "a file of that name elsewhere was replaced")
        os.remove(self.path("out.tif"))
        self.gradient(*options, "in.tif", out="short.tif")
        with open("out.tif", "rb", opener=lambda name, flags: os.open(name, flags, dir_fd=here)) as file, \
                open(self.path("short.tif"), "rb") as short:
            self.assertEqual(file.read(), short.read())
        self.gradient("in.tif", out="short.tif")

    def test_outputs(self):
        for length in (1000, 1890, 1930, 2040, 2047, 2048, 2049, 2100, 3000, 4000, 4070, 4090, 4095):
            with self.subTest(length):
                self.setUp()
                self.check(length)

    def test_outputs_of_several_files(self):
        for length in (2048, 3000, 4080):
            with self.subTest(length):
                self.setUp()
                self.check(length, "-f", "ENVI", names=("out.tif", "out.hdr", "out.tif.aux.xml"))

    def test_longer_ones_are_told(self):
        for length in (4096, 4097, 5000, 20000):
            path = (self.path("x" * 100) + "/y" * length)[:length]
            result = self.demgrad("gradient", "-q", "in.tif", path)
            self.assert_error(result, 1, f"{length} bytes", "4095")
            result = self.demgrad("gradient", "-q", "--report", path, "in.tif", "out.tif")
            self.assert_error(result, 1, f"{length} bytes", "4095")
        self.assertEqual(self.files(), ["in.tif"])

    def test_reports(self):
        folder, here = self.deep(4000)
        result = self.demgrad("gradient", "-q", "--report", f"{folder}/r.json", "in.tif", "out.tif")
        self.assertEqual((result.code, result.err), (0, ""))
        self.assertEqual(os.listdir(here), ["r.json"])

    def test_inputs(self):
        """With the files beside them, which say what the values mean."""
        for length in (1000, 2040, 2049, 3000, 4080):
            with self.subTest(length):
                self.setUp()
                write_raster(self.path("m.tif"), Z, mask=Z > 0)
                folder, here = self.deep(length - 1 - len("m.tif"))
                for name in ("m.tif", "m.tif.msk"):
                    os.rename(self.path(name), name, dst_dir_fd=here)
                expected = self.expected()
                got = self.gradient(f"{folder}/m.tif")
                self.assertTrue(np.array_equal(got, expected, equal_nan=True))

    def expected(self):
        write_raster(self.path("m.tif"), Z, mask=Z > 0)
        return self.gradient("m.tif", out="expected.tif")

    def move(self, here, *names):
        for name in names:
            os.rename(self.path(name), name, dst_dir_fd=here)

    def assert_as(self, expected, *arguments):
        """The same values, without a warning: GDAL finds what is beside the input."""
        result = self.demgrad("gradient", "-q", "--overwrite", *arguments, "got.tif")
        self.assertEqual((result.code, result.err), (0, ""))
        self.assertTrue(np.array_equal(support.read_raster(self.path("got.tif")), expected, equal_nan=True))

    def test_inputs_of_several_files(self):
        """Headers, world files, what a VRT or an index names beside itself, and archives."""
        expected = self.gradient("in.tif", out="expected.tif")
        write_raster(self.path("e.img"), Z, driver="ENVI")
        gdal.Translate(self.path("w.tif"), self.path("in.tif"),
                       creationOptions=["PROFILE=BASELINE", "TFW=YES"])
        os.mkdir(self.path("sub"))
        shutil.copy(self.path("in.tif"), self.path("sub/s.tif"))
        gdal.Translate(self.path("v.vrt"), self.path("sub/s.tif"), format="VRT")
        with zipfile.ZipFile(self.path("z.zip"), "w") as archive:
            archive.write(self.path("in.tif"), "inner/in.tif")
        folder, here = self.deep(3000)
        self.move(here, "e.img", "e.hdr", "w.tif", "w.tfw", "w.tif.aux.xml", "sub", "v.vrt", "z.zip")
        self.assert_as(expected, "--crs", support.UTM, f"{folder}/e.img")
        self.assert_as(expected, "--crs", support.UTM, f"{folder}/w.tif")
        self.assert_as(expected, f"{folder}/v.vrt")
        self.assert_as(expected, f"vrt://{folder}/v.vrt?bands=1")
        self.assert_as(expected, f"/vsizip/{folder}/z.zip/inner/in.tif")

    def test_batches(self):
        """Inputs and outputs: a folder's, an index's; a rerun finds what it made, and its mosaic."""
        folder, here = self.deep(3000)
        os.mkdir("in", dir_fd=here)
        os.rename(self.path("in.tif"), "in/in.tif", dst_dir_fd=here)
        for options in ((), ("-f", "ENVI")):
            for counts in ("1 made, 0 kept", "0 made, 1 kept"):
                result = self.demgrad("batch", *options, "--output-dir", f"{folder}/out", f"{folder}/in")
                self.assertEqual(result.code, 0)
                self.assertRegex(result.err, f"^1 output: {counts}, 0 failed, [0-9.]+ s\n$")
            result = self.demgrad("batch", "-q", "--verify", *options, "--output-dir", f"{folder}/out",
                                  f"{folder}/in")
            self.assertEqual((result.code, result.err), (0, ""))
        names = os.listdir(f"/proc/self/fd/{here}/out")
        self.assertEqual(sorted(names), ["gradient.vrt", "in_gradient.dat", "in_gradient.dat.aux.xml",
                                         "in_gradient.hdr", "in_gradient.tif"])
        with open(f"/proc/self/fd/{here}/out/gradient.vrt", encoding="utf-8") as file:
            self.assertIn('relativeToVRT="1">in_gradient', file.read())
        result = self.demgrad("preview", "-q", f"{folder}/out", f"{folder}/p.png")
        self.assertEqual((result.code, result.err), (0, ""))

    def test_deep_ones_that_are_not_there(self):
        folder, here = self.deep(3000)
        for name in ("gone.tif", "gone/gone.tif"):
            self.assert_refused(f"{folder}/{name}", "out.tif", words=("gone.tif", "No such file"))
        self.assert_refused(f"{folder}/" + "x/" * 600 + "in.tif", "out.tif",
                            words=("the system takes paths of 4095",))
        del here

    def test_the_longest_names(self):
        """Their temporary and side names would be longer than names can be."""
        for name in ("n" * 255, "n" * 251 + ".tif"):
            result = self.demgrad("gradient", "-q", "in.tif", name)
            self.assertEqual((result.code, result.err), (0, ""))
            self.assertTrue(np.isfinite(support.read_raster(self.path(name))).all())
        self.assert_refused("in.tif", "n" * 256, words=("256 bytes, and 255 are the most",))
        self.assert_refused("-f", "ENVI", "in.tif", "n" * 254 + "b", words=("nnn", "are the most"))
        self.assert_refused("--report", "n" * 256, "in.tif", "out.tif", words=("255 are the most",))


class Places(FilesTest):
    """Issue 15, 11: what works is said."""

    def test_only_local_files(self):
        for name in ("/vsis3/b/x.tif", "/vsizip/x.zip/x.tif", "/vsigzip/x.tif.gz", "/vsitar/x.tar/x.tif",
                     "/vsistdout/", "/vsistdout_redirect/x", "/vsicurl/http://h/x.tif", "/vsigs/b/x.tif"):
            for options in (("-f", "GTiff"), ("-f", "GTiff", "--overwrite"), ("-f", "COG"),
                            ("-f", "ENVI")):
                self.assert_refused(*options, "in.tif", name, words=(name, "local file"))
            self.assert_refused("--output-dir", os.path.dirname(name), "in.tif", command="batch",
                                words=("local",))
            self.assert_refused("--report", name, "in.tif", "out.tif", words=(name, "local file"))

    def test_what_goes_with_the_process(self):
        self.assert_refused("--output-dir", "/vsimem/x", "in.tif", words=("/vsimem/x", "local folder"),
                            command="batch", code=2)
        self.assert_refused("in.tif", "/vsimem/x.tif", words=("/vsimem/x.tif", "local file"), code=2)

    def test_standard_output(self):
        self.assert_refused("in.tif", "-", words=("-:", "give it a name"), code=2)
        result = self.demgrad("gradient", "-q", "in.tif", "./-")
        self.assertEqual((result.code, result.err), (0, ""))
        self.assertIn("-", self.files())
        self.assertEqual(sha256(self.path("-")), sha256(self.path("-")))
        self.assert_refused("--output-dir", "-", "in.tif", command="batch", code=2,
                            words=("--output-dir -", "name a folder"))

    @unittest.skipIf(os.geteuid() == 0 and not shutil.which("setpriv"), "needs a user without rights")
    def test_folders_without_permission(self):
        """Read-only ones; and those of all (/tmp) where another's file has the name."""
        os.chmod(self.folder, 0o755)
        os.mkdir(self.path("locked"), 0o555)
        os.mkdir(self.path("sticky"))
        os.chmod(self.path("sticky"), 0o1777)
        self.text("sticky/out.tif")
        how = {"user": 65534} if os.geteuid() == 0 else {}
        try:
            self.demgrad("--version", **how)
        except PermissionError:
            self.skipTest("nobody may not run demgrad here")
        self.assert_refused("in.tif", "locked/out.tif", words=("locked/out.tif", "permission"), **how)
        if os.geteuid() == 0:
            self.assert_refused("--overwrite", "in.tif", "sticky/out.tif", words=("sticky/out.tif",), **how)


if __name__ == "__main__":
    support.main()
