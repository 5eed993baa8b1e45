"""What in a folder, a list or a tile index is an input, and that none of it is lost in silence."""

import os
import shutil
import subprocess
import unittest

import numpy as np
from osgeo import gdal

import batch_support
from batch_support import BatchTest, pixels, stem, terrain, write_raster


class FolderTest(BatchTest):
    def setUp(self):
        super().setUp()
        self.z = terrain(60, 80)
        self.tiles = self.regular(self.z, 2, 2)

    def write(self, name, content=b""):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def loud(self, *arguments):
        """A batch that says its warnings."""
        return self.demgrad("batch", "--progress", "none", "--report", self.path("report.json"),
                            "--output-dir", self.out, *arguments)

    def made(self):
        return sorted(name for name in os.listdir(self.out))

    def assert_fails_alone(self, *inputs, names):
        """Each of `names` is an error of its own, the rest is made; so it is with --verify, and with
        --strict nothing is done."""
        self.assert_error(self.run_batch("--strict", *inputs), 1, names[0])
        self.assertEqual(self.made(), [])
        result = self.run_batch("--report", self.path("report.json"), *inputs)
        self.assertEqual(result.code, 1, result.err)
        for name in names:
            self.assertIn(name, result.err)
        self.count(done=4, failed=len(names))
        self.assertEqual(len(self.made()), 4)
        result = self.run_batch("--verify", *inputs)
        self.assertEqual(result.code, 1)
        for name in names:
            self.assertIn(name, result.err + result.out)
        self.assertFalse(os.path.exists(os.path.join(self.out, "gradient.vrt")))


class Unreadable(FolderTest):
    """Issue 11, 12: what cannot be opened fails under its name."""

    def test_the_outputs_folder_is_made(self):
        """With those on the way to it, however it is written; where it cannot be, why is said."""
        for name in ("new", "a/b/c/", "./d/../e"):
            result = self.run_batch(*self.tiles, out=name)
            self.assertEqual((result.code, result.err), (0, ""))
            self.assertEqual(len(os.listdir(self.path(name))), 4)
        with open(self.path("file"), "w", encoding="utf-8"):
            pass
        self.assert_error(self.run_batch(*self.tiles, out="file/new"), 1, "file/new", "Not a directory")

    def test_files_that_gdal_does_not_know(self):
        self.write("in/a_empty.tif")
        self.write("in/b_page.tif", b"<html>503 Service Unavailable</html>\n")
        self.write("in/c_answer.tif", b'{"error": "rate limit"}\n')
        self.write("in/d_features.tif", b'{"type": "FeatureCollection", "features": []}')
        self.write("in/e_broken.vrt", b"<VRTDat")
        self.write("in/f_partial.tif.part", b"II*\0")
        self.write("in/g_short.hgt", b"\0" * 1000)
        self.write("in/h_no_suffix", b"\0" * 1000)
        os.symlink(self.path("gone.tif"), self.path("in/i_dangling.tif"))
        self.assert_fails_alone("in", names=["a_empty", "b_page", "c_answer", "d_features",
                                             "e_broken", "f_partial", "g_short", "h_no_suffix",
                                             "i_dangling"])

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_no_permission(self):
        os.chmod(self.write("in/a_mine.tif", b"II*\0"), 0)
        self.assert_fails_alone("in", names=["a_mine"])

    def test_damaged_raster(self):
        with open(self.tiles[0], "rb") as file:
            self.write("in/a_cut.tif", file.read(200))
        self.assert_fails_alone("in", names=["a_cut"])

    def test_lines_of_a_list(self):
        long = "x" * 70000
        self.write("list", "\n".join([long, *self.tiles, "gone.tif"]).encode())
        result = self.run_batch("--report", self.path("report.json"), "@list")
        self.assertEqual(result.code, 1)
        self.count(done=4, failed=2)
        self.assertIn("xxxxxxxx", result.err)
        self.assertIn("gone.tif", result.err)

    def test_lists_that_are_none(self):
        self.write("binary", b"a.tif\nb\0.tif\n")
        for name in ("binary", "in", "gone"):
            self.assert_error(self.run_batch("@" + name), 1, name, "list")

    @unittest.skipIf(os.geteuid() == 0, "root may search everything")
    def test_a_folder_that_cannot_be_searched(self):
        os.makedirs(self.path("in/closed"))
        os.chmod(self.path("in/closed"), 0)
        self.addCleanup(os.chmod, self.path("in/closed"), 0o755)
        self.assert_error(self.run_batch("--recursive", "in"), 1, "closed")


class TileIndex(FolderTest):
    """Issue 11, 12: an index that cannot be read whole."""

    def setUp(self):
        super().setUp()
        if not shutil.which("gdaltindex"):
            self.skipTest("gdaltindex is not here")

    def make(self, name, *tiles, format="ESRI Shapefile", cwd=None):
        subprocess.run(["gdaltindex", "-f", format, self.path(name), *(tiles or self.tiles)],
                       cwd=cwd or self.folder, check=True, capture_output=True)
        return name

    def test_parts_that_are_cut(self):
        self.make("i.shp")
        for ending in ("dbf", "shp"):
            size = os.path.getsize(self.path("i." + ending))
            for length in (size - 100, size // 2, 110):
                with self.subTest(ending=ending, length=length):
                    for part in ("shp", "shx", "dbf"):
                        shutil.copy(self.path("i." + part), self.path("cut." + part))
                    os.truncate(self.path("cut." + ending), length)
                    self.assert_error(self.run_batch("cut.shp"), 1, "cut.shp")
                    self.assertEqual(self.made(), [])

    def test_an_entry_without_a_location(self):
        self.make("i.gpkg", format="GPKG")
        index = gdal.OpenEx(self.path("i.gpkg"), gdal.OF_VECTOR | gdal.OF_UPDATE)
        index.ExecuteSQL("UPDATE i SET location = NULL WHERE fid = 2")
        index = None
        self.assert_error(self.run_batch("i.gpkg"), 1, "i.gpkg", "location")

    def test_names_count_from_the_folder_of_the_index(self):
        """Also where the working folder has files of the same names."""
        names = [os.path.basename(tile) for tile in self.tiles]
        for tile in self.tiles:
            write_raster(self.path(os.path.basename(tile)), terrain(5, 5))
        self.make("in/i.gpkg", *names, format="GPKG", cwd=self.path("in"))
        report = self.batch("in/i.gpkg")
        self.assertEqual(sorted(tile["input"] for tile in report["tiles"]),
                         [os.path.join("in", name) for name in names])
        self.assert_windows(self.tiles, self.whole(self.tiles))

    def test_a_vector_file_that_is_no_index(self):
        self.write("points.geojson", b'{"type": "FeatureCollection", "features": [{"type": "Feature",'
                   b'"properties": {"a": 1}, "geometry": {"type": "Point", "coordinates": [0, 0]}}]}')
        self.assert_error(self.run_batch("points.geojson"), 1, "points.geojson", "location")

    def test_the_layer_with_locations_is_taken(self):
        self.make("i.gpkg", format="GPKG")
        other = gdal.VectorTranslate(self.path("two.gpkg"), self.path("i.gpkg"), format="GPKG",
                                     layerName="outlines", selectFields=[])
        other = None
        other = gdal.VectorTranslate(self.path("two.gpkg"), self.path("i.gpkg"), format="GPKG",
                                     accessMode="update", layerName="tiles")
        other = None
        self.batch("two.gpkg")
        self.count(done=4)


class Beside(FolderTest):
    """Issue 11, 12: files beside tiles that are no inputs, and folders that are."""

    SIDE = ("t000.tif.aux.xml", "t000.tif.ovr", "t000.tif.msk", "t000.tfw", "t000.wld", "t000.prj",
            "t000.tif.xml", "t000.aux", "readme.txt", "README", "LICENSE", "notes.md", "list.csv",
            "paper.pdf", "quicklook.jpg", "tiles.shp", "tiles.shx", "tiles.dbf", "tiles.cpg",
            "tiles.qix", "tiles.geojson", "run.sh", "project.qgz", "style.qml", "legend.sld",
            "SHA256SUMS", "t000.tif.sha256", "page.html", "meta.json", ".hidden.tif", "Thumbs.db",
            "cloud.laz", "t000.TFW")

    def test_side_files(self):
        for name in self.SIDE:
            self.write("in/" + name, b"nothing that GDAL knows\n")
        self.batch("in")
        self.count(done=4)
        self.assert_windows(self.tiles, self.whole(self.tiles))

    def test_side_files_that_gdal_opens(self):
        """An overview, a mask, a picture, a text of numbers, a vector layer."""
        gdal.Translate(self.path("in/t000.tif.msk"), self.tiles[0], format="GTiff",
                       outputType=gdal.GDT_Byte)
        gdal.Translate(self.path("in/t000.tif.ovr"), self.tiles[0], format="GTiff", width=10,
                       height=10)
        gdal.Translate(self.path("in/t000.jpg"), self.tiles[0], format="JPEG",
                       outputType=gdal.GDT_Byte)
        self.write("in/points.txt", b"0 0 1\n1 0 2\n0 1 3\n1 1 4\n")
        for name, format in (("tiles.gpkg", "GPKG"), ("tiles.shp", "ESRI Shapefile")):
            subprocess.run(["gdaltindex", "-f", format, self.path("in/" + name), *self.tiles],
                           check=True, capture_output=True)
        self.batch("in")
        self.count(done=4)

    def test_parts_of_rasters(self):
        """Values beside a header are of the raster, whatever their name."""
        os.makedirs(self.path("parts"))
        gdal.Translate(self.path("parts/a.raw"), self.tiles[0], format="ENVI")
        gdal.Translate(self.path("parts/b"), self.tiles[1], format="ENVI")
        gdal.Translate(self.path("parts/c.bil"), self.tiles[2], format="EHdr")
        gdal.Translate(self.path("parts/e.ers"), self.tiles[3], format="ERS")
        self.assertTrue(os.path.exists(self.path("parts/e")))
        self.batch("parts")
        self.count(done=4)
        self.assertEqual(self.made(), [f"{name}_gradient.tif" for name in "abce"])

    def test_virtual_rasters(self):
        """One of the tiles stands for them; one of files elsewhere is an input."""
        gdal.BuildVRT(self.path("in/all.vrt"), self.tiles).FlushCache()
        os.makedirs(self.path("far"))
        far = [shutil.move(tile, self.path("far")) for tile in self.tiles[2:]]
        for i, tile in enumerate(far):
            gdal.BuildVRT(self.path(f"in/v{i}.vrt"), [tile]).FlushCache()
        self.batch("in")
        self.assertEqual(self.made(), ["t000_gradient.tif", "t001_gradient.tif", "v0_gradient.tif",
                                       "v1_gradient.tif"])
        whole = self.whole(self.tiles[:2] + far)
        self.assert_windows([self.path(f"in/v{i}.vrt") for i in (0, 1)], whole)

    def test_virtual_rasters_of_tiles_here_and_elsewhere(self):
        """Neither made in silence, over again with tiles that are there, nor lost in silence."""
        os.makedirs(self.path("far"))
        far = shutil.move(self.tiles[3], self.path("far"))
        gdal.BuildVRT(self.path("in/both.vrt"), [self.tiles[2], far]).FlushCache()
        result = self.loud("in")
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("both.vrt", result.err)
        self.count(done=3)
        self.assertNotIn("warning", self.loud("in", "--exclude", "both.vrt").err)
        self.assertEqual(self.loud("in", "in/both.vrt").code, 0)
        self.count(done=4)

    def test_virtual_rasters_of_virtual_ones(self):
        gdal.BuildVRT(self.path("in/one.vrt"), self.tiles[:2]).FlushCache()
        gdal.BuildVRT(self.path("in/two.vrt"), [self.path("in/one.vrt"), self.tiles[2]]).FlushCache()
        self.batch("in")
        self.count(done=4)
        self.batch("--exclude", "t003.tif", "in")
        self.count(done=3)

    def test_hidden_rasters_are_named(self):
        shutil.copy(self.tiles[0], self.path("in/.hidden.tif"))
        self.write("in/._t000.tif", b"\0\5\x16\7\0\2\0\0Mac OS X        ")
        result = self.loud("in")
        self.assertEqual(result.code, 0, result.err)
        self.assertIn(".hidden.tif", result.err)
        self.assertNotIn("._t000", result.err)
        self.count(done=4)
        self.assertNotIn("warning", self.loud("in", "--exclude", ".*").err)

    def test_texts_that_are_grids(self):
        """Esri's ASCII grids are, also by .txt; points and other texts are where the user asks for them."""
        grid = "ncols 3\nnrows 2\nxllcorner 500000\nyllcorner 5000000\ncellsize 30\n1 2 3\n4 5 6\n"
        self.write("texts/a.txt", grid.encode())
        self.write("texts/b.txt", b"0 0 1\n1 0 2\n0 1 3\n1 1 4\n")
        self.write("texts/c.txt", b"What these are\n")
        self.batch("texts")
        self.assertEqual(self.made(), ["a_gradient.tif"])
        self.batch("--include", "[ab].txt", "texts")
        self.assertEqual(self.made(), ["a_gradient.tif", "b_gradient.tif"])
        result = self.run_batch("--include", "*.txt", "texts")
        self.assertEqual(result.code, 1)
        self.assertIn("c.txt", result.err)
        self.batch("--include", "[abc]*", "texts")
        self.count(kept=1)

    def test_the_mosaic_of_outputs_in_the_same_folder(self):
        self.batch("in", out=self.path("in"))
        self.batch("--verify", "in", out=self.path("in"))
        self.assertTrue(os.path.exists(self.path("in/gradient.vrt")))
        self.batch("in", out=self.path("in"))
        self.count(kept=4)

    def test_archives_are_named(self):
        self.write("in/more.zip", b"PK")
        result = self.loud("in")
        self.assertEqual(result.code, 0)
        self.assertIn("more.zip", result.err)
        self.assertIn("warning", result.err)

    def test_pipes(self):
        os.mkfifo(self.path("in/pipe.tif"))
        result = self.loud("in")
        self.assertEqual(result.code, 0)
        self.assertIn("pipe.tif", result.err)

    def test_folders_that_are_rasters(self):
        if not gdal.GetDriverByName("Zarr"):
            self.skipTest("this GDAL has no Zarr")
        zarr = self.path("in/t003.zarr")
        gdal.Translate(zarr, self.tiles[3], format="Zarr")
        os.remove(self.tiles[3])
        report = self.batch("in")
        self.assertEqual(len(report["tiles"]), 4)
        self.assertIn(os.path.join("in", "t003.zarr"), [tile["input"] for tile in report["tiles"]])
        made = pixels(self.output(zarr))
        self.assertTrue(np.isfinite(made).all())


class Outputs(FolderTest):
    """Issue 11, 16: outputs in the folder of the inputs are known, whatever their names."""

    def test_formats(self):
        for tile in self.tiles:
            os.rename(tile, tile.replace("t0", "v1.2_t0"))
        for format, ending in (("COG", ".tif"), ("ENVI", ".dat"), ("HFA", ".img"), ("ERS", ".ers"), ("GTiff", ".tif")):
            with self.subTest(format):
                options = ["-f", format, "--overwrite"] if format == "GTiff" else ["-f", format]
                self.batch(*options, "in", out=self.path("in"))
                self.count(done=4)
                names = os.listdir(self.path("in"))
                self.assertIn("v1.2_t000_gradient" + ending, names)
                self.batch("-f", format, "in", out=self.path("in"))
                self.count(kept=4)
                for name in names:
                    if "_gradient" in name:
                        os.remove(self.path("in/" + name))


    def test_formats_whose_outputs_would_not_be_known_again(self):
        """They are refused before any work, in one line with the way out."""
        for format in ("netCDF", "Zarr", "RRASTER", "XYZ"):
            driver = gdal.GetDriverByName(format)
            if not driver:
                continue
            with self.subTest(format):
                out = self.path("new-" + format)
                result = self.run_batch("--bands", "slope", "-f", format, "in", out=out)
                self.assert_error(result, 2, format, "GTiff")
                self.assertEqual(len(result.err.splitlines()), 1)
                self.assertFalse(os.path.exists(out))
                os.mkdir(out)
                result = self.run_batch("--verify", "--bands", "slope", "-f", format, "in", out=out)
                self.assertEqual(result.code, 2)
                self.assertIn("a batch would not know its outputs again; try GTiff", result.err)
                self.assertNotIn("run the batch again", result.err)
                self.assertEqual(os.listdir(out), [])

    def test_a_folder_that_nothing_came_into(self):
        """It is not left behind; one that was there is."""
        self.assertEqual(self.run_batch("gone.tif", out=self.path("new/in/new")).code, 1)
        self.assertFalse(os.path.exists(self.path("new")))
        self.assertEqual(self.run_batch("gone.tif").code, 1)
        self.assertTrue(os.path.exists(self.out))


class Subfolders(FolderTest):
    """Issue 11, 11: --recursive, and its want."""

    def setUp(self):
        super().setUp()
        os.makedirs(self.path("in/south/far"))
        shutil.move(self.tiles[2], self.path("in/south"))
        shutil.move(self.tiles[3], self.path("in/south/far"))
        self.tiles[2:] = [self.path("in/south/t002.tif"), self.path("in/south/far/t003.tif")]

    def test_they_are_named(self):
        result = self.loud("in")
        self.assertEqual(result.code, 0)
        self.assertIn("south", result.err)
        self.assertIn("--recursive", result.err)
        self.count(done=2)

    def test_recursive(self):
        self.batch("--recursive", "in")
        self.count(done=4)
        self.assert_windows(self.tiles, self.whole(self.tiles))

    def test_whatever_their_names(self):
        """A folder is none of the side files that it is called like."""
        for name in ("block.las", "notes.txt", "readme", "north.wld"):
            with self.subTest(name):
                os.rename(self.path("in/south"), self.path("in/" + name))
                self.batch("--recursive", "--overwrite", "in")
                self.count(done=4)
                os.rename(self.path("in/" + name), self.path("in/south"))

    def test_a_link_in_a_circle(self):
        os.symlink("..", self.path("in/south/again"))
        self.batch("--recursive", "in")
        self.count(done=4)

    def test_the_folder_of_outputs_within(self):
        out = self.path("in/gradients")
        os.mkdir(out)
        for state in ("done", "kept"):
            self.batch("--recursive", "in", out=out)
            self.count(**{state: 4})
        result = self.demgrad("batch", "--progress", "none", "--output-dir", out, "in", "--exclude",
                              "t*")
        self.assertNotIn("gradients", result.err.split("subfolders")[-1])

    def test_globs_with_a_slash(self):
        self.batch("--recursive", "--exclude", "south/*", "in")
        self.count(done=2)
        self.batch("--recursive", "--overwrite", "--include", "south/far/*.tif", "in")
        self.assertEqual([stem(tile["input"]) for tile in self.report()["tiles"]], ["t003"])


class Globs(FolderTest):
    """Issue 11, 11: --include and --exclude."""

    def names(self, *arguments):
        shutil.rmtree(self.out)
        os.mkdir(self.out)
        self.batch(*arguments)
        return sorted(stem(tile["input"]) for tile in self.report()["tiles"])

    def test_folder(self):
        self.assertEqual(self.names("--include", "t00[01].*", "in"), ["t000", "t001"])
        self.assertEqual(self.names("--exclude", "t001.tif", "--exclude", "*3.tif", "in"),
                         ["t000", "t002"])
        self.assertEqual(self.names("--include", "t*", "--exclude", "*[0-2].tif", "in"), ["t003"])

    def test_all_kinds_of_inputs(self):
        self.write("list", "\n".join(self.tiles[:3]).encode())
        self.assertEqual(self.names("--exclude", "t000*", "@list", self.tiles[3]),
                         ["t001", "t002", "t003"])
        self.assertEqual(self.names("--include", "t003*", "@list", self.tiles[3]), ["t003"])

    def test_what_is_left_out_is_not_looked_at(self):
        self.write("in/broken.tif")
        self.assertEqual(len(self.names("--exclude", "broken*", "in")), 4)

    def test_nothing_is_left(self):
        self.assert_error(self.run_batch("--include", "*.img", "in"), 1, "--include")

    def test_globs_that_match_nothing_are_named(self):
        result = self.loud("--exclude", "*_nmu.tif", "in")
        self.assertEqual(result.code, 0)
        self.assertIn("--exclude *_nmu.tif", result.err)


class Lists(FolderTest):
    """Issue 11, 12: comments, blanks, ends of lines."""

    def test_forms(self):
        lines = ["# tiles of the north", "", "  " + self.tiles[0] + " \t", "\t# and of the south",
                 self.tiles[1], "   ", self.tiles[2], self.tiles[3]]
        for i, (mark, end) in enumerate(((b"", "\n"), (b"\xef\xbb\xbf", "\r\n"), (b"", "\r\n"))):
            self.write("list", mark + end.join(lines).encode())
            self.batch("--overwrite", "@list")
            self.count(done=4)
            self.write("list", mark + (end.join(lines) + end).encode())
            self.batch("@list")
            self.count(kept=4)

    def test_a_pipe(self):
        path = self.path("fifo")
        os.mkfifo(path)
        writer = subprocess.Popen(["sh", "-c", 'printf "%s\\n" "$@" > fifo', "sh", *self.tiles],
                                  cwd=self.folder)
        self.batch("@fifo")
        self.assertEqual(writer.wait(), 0)
        self.count(done=4)


if __name__ == "__main__":
    batch_support.main()
