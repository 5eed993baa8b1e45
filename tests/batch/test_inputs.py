"""What an INPUT may be, inputs that do not go together, and inputs that are cut."""

import os
import shutil
import subprocess
import unittest

import numpy as np
from osgeo import gdal, ogr

import batch_support
from batch_support import (BatchTest, JACKSBORO, NORTH_UP, pixels, shifted, terrain, write_raster)


class Names(BatchTest):
    def setUp(self):
        super().setUp()
        self.tiles = self.regular(terrain(60, 80), 4, 3)
        self.batch(*self.tiles)
        self.expected = {name: pixels(os.path.join(self.out, name)).tobytes()
                         for name in self.outputs()}

    def assert_same(self, *inputs, **how):
        out = self.path("again")
        os.mkdir(out)
        self.batch(*inputs, out=out, **how)
        got = {name: pixels(os.path.join(out, name)).tobytes() for name in self.outputs(out)}
        shutil.rmtree(out)
        self.assertEqual(got, self.expected, inputs)

    def test_folder(self):
        for name in ("notes.txt", "t000.tif.aux.xml", ".hidden.tif"):
            with open(self.path(f"in/{name}"), "w", encoding="ascii") as file:
                file.write("not a raster\n")
        gdal.BuildVRT(self.path("in/all.vrt"), self.tiles).FlushCache()
        os.mkdir(self.path("in/more"))
        self.assert_same(self.path("in"))
        self.assert_same(self.path("in") + "/")

    def test_folder_without_a_raster(self):
        os.mkdir(self.path("empty"))
        self.assert_error(self.run_batch("empty"), 1, "empty", "no raster")

    def test_outputs_in_the_folder_of_the_inputs_are_no_inputs(self):
        for _ in range(2):
            self.batch(self.path("in"), out=self.path("in"))
            self.assertEqual(self.report()["outputs"], 12)
        self.count(kept=12)
        self.assertEqual(len(os.listdir(self.path("in"))), 24)

    def test_outputs_of_inputs_that_are_called_gradients(self):
        """Neither those nor a copy of one are inputs where a folder is named; the rasters themselves are."""
        folder = self.path("called")
        for name in ("dem_gradients.tif", "a_gradient_b.tif"):
            self.make(terrain(20, 30), name=name)
        os.mkdir(folder)
        for name in ("dem_gradients.tif", "a_gradient_b.tif"):
            os.rename(self.path(name), os.path.join(folder, name))
        for _ in range(2):
            self.batch(folder, out=folder)
            self.assertEqual(self.report()["outputs"], 2)
        self.count(kept=2)
        shutil.copy(os.path.join(folder, "dem_gradients_gradient.tif"),
                    os.path.join(folder, "dem_gradient_copy.tif"))
        self.batch(folder, out=self.path("other"))
        self.assertEqual(list(self.outputs(self.path("other"))),
                         ["a_gradient_b_gradient.tif", "dem_gradients_gradient.tif"])

    def test_list(self):
        with open(self.path("list.txt"), "w", encoding="utf-8") as file:
            file.write("\n".join(self.tiles[:7]) + "\n\n")
        self.assert_same("@list.txt", *self.tiles[7:])
        with open(self.path("crlf.txt"), "w", encoding="utf-8", newline="\r\n") as file:
            file.write("\n".join(self.tiles))
        self.assert_same("@crlf.txt")

    def test_lists_that_are_none(self):
        self.assert_error(self.run_batch("@gone.txt"), 1, "gone.txt", "No such file")
        self.assert_error(self.run_batch("@" + self.folder), 1, self.folder, "leave out the @")
        open(self.path("empty.txt"), "w", encoding="ascii").close()
        self.assert_error(self.run_batch("@empty.txt"), 1, "no input")

    def make_index(self, format, name, tiles, cwd=None):
        subprocess.run(["gdaltindex", "-f", format, name, *tiles], cwd=cwd or self.folder,
                       check=True, capture_output=True)

    @unittest.skipUnless(shutil.which("gdaltindex"), "gdaltindex is not here")
    def test_tile_indexes(self):
        for format, name in (("GPKG", "i.gpkg"), ("ESRI Shapefile", "i.shp"), ("GeoJSON", "i.json"),
                             ("GeoJSON", "i.geojson")):
            self.make_index(format, name, self.tiles)
            self.assert_same(name)

    @unittest.skipUnless(shutil.which("gdaltindex"), "gdaltindex is not here")
    def test_relative_names_in_an_index(self):
        """They count from the working folder, or from the index's own."""
        for name, folder in (("i.gpkg", "in"), ("in/i.gpkg", "")):
            names = [os.path.join(folder, os.path.basename(tile)) for tile in self.tiles]
            self.make_index("GPKG", self.path(name), names, cwd=self.path("in" if not folder else ""))
            self.assert_same(name)

    @unittest.skipUnless(gdal.GetDriverByName("GPKG"), "GDAL has no GPKG here")
    def test_a_raster_beside_locations_is_no_index(self):
        """A GeoPackage holds both; hills have locations too."""
        dem = self.path("dem.gpkg")
        gdal.Translate(dem, self.tiles[0], format="GPKG", outputType=gdal.GDT_Int16)
        dataset = gdal.OpenEx(dem, gdal.OF_UPDATE | gdal.OF_VECTOR)
        layer = dataset.CreateLayer("hills")
        layer.CreateField(ogr.FieldDefn("location", ogr.OFTString))
        hill = ogr.Feature(layer.GetLayerDefn())
        hill.SetField("location", "hilltop")
        layer.CreateFeature(hill)
        layer = dataset = hill = None
        self.batch(dem)
        self.assertTrue(os.path.exists(self.output("dem")))

    def test_vector_without_locations(self):
        with open(self.path("points.geojson"), "w", encoding="ascii") as file:
            file.write('{"type": "FeatureCollection", "features": []}')
        result = self.run_batch("points.geojson")
        self.assertEqual(result.code, 1)
        self.assertIn("points.geojson", result.err)

    def test_names_with_blanks_and_letters_of_all_kinds(self):
        name = "höhe 1,2 'x'.tif"
        os.rename(self.tiles[0], self.path("in/" + name))
        self.batch(self.path("in"), out=self.path("in"))
        self.assertTrue(os.path.exists(self.path("in/höhe 1,2 'x'_gradient.tif")))

    def test_folder_of_outputs_that_is_not_there(self):
        """Issue 11, 17: it is made, but not to be verified, and not for a wrong option."""
        gone = self.path("far/gone")
        self.assert_error(self.run_batch("--verify", *self.tiles, out=gone), 1, gone)
        self.assert_error(self.run_batch("--co", "A=B", *self.tiles, out=gone), 2)
        self.assertFalse(os.path.exists(gone))
        self.batch(*self.tiles, out=gone)
        self.assertEqual(len(os.listdir(gone)), 12)
        self.assert_error(self.run_batch(*self.tiles, out=self.tiles[0]), 1, "t000.tif", "folder")


class Strangers(BatchTest):
    """Inputs that are not on the common grid."""

    def setUp(self):
        super().setUp()
        self.z = terrain(60, 80)
        self.tiles = self.regular(self.z, 4, 3)

    def stranger(self, name="other.tif", **how):
        how = {"geotransform": shifted(NORTH_UP, 80, 0), **how}
        return write_raster(self.path(name), terrain(30, 40, 3), **how)

    def assert_alone(self, other):
        """It is computed as `gradient` does it, named, and nobody else is changed."""
        result = self.demgrad("batch", "--progress", "none", "--report", self.path("report.json"),
                              "--output-dir", self.out, *self.tiles, other)
        self.assertEqual(result.code, 0, result.err)
        warnings = [line for line in result.err.splitlines() if line.startswith("demgrad: warning")]
        self.assertEqual(len(warnings), 1, result.err)
        self.assertIn(other, warnings[0])
        self.assertIn("alone", warnings[0])
        alone = [tile["input"] for tile in self.report()["tiles"] if tile["alone"]]
        self.assertEqual(alone, [other])
        self.assert_windows(self.tiles, self.whole(self.tiles))
        self.assert_windows([other], self.whole([other]))
        self.batch("--verify", *self.tiles, other, "--report", self.path("verify.json"))
        before = self.stamps()
        self.assertEqual(self.run_batch(*self.tiles, other).code, 0)
        self.assertEqual(self.stamps(), before)

    def assert_refused_when_strict(self, other):
        shutil.rmtree(self.out)
        os.mkdir(self.out)
        self.assert_error(self.run_batch("--strict", *self.tiles, other), 1, other)
        self.assertEqual(os.listdir(self.out), [])

    def check_stranger(self, **how):
        other = self.stranger(**how)
        self.assert_alone(other)
        self.assert_refused_when_strict(other)

    def test_off_the_grid(self):
        self.check_stranger(geotransform=shifted(NORTH_UP, 80.5, 0))

    def test_another_pixel_size(self):
        self.check_stranger(geotransform=(502400, 15, 0, 5000000, 0, -10))

    def test_another_row_order(self):
        self.check_stranger(geotransform=(502400, 30, 0, 4999000, 0, 20))

    def test_another_crs(self):
        self.check_stranger(srs="EPSG:32633")

    def test_degrees_among_metres(self):
        self.check_stranger(srs="EPSG:4326", geotransform=(9, 0.001, 0, 45, 0, -0.001))

    def test_another_unit(self):
        self.check_stranger(unit="ft")

    def test_nothing_is_strange(self):
        self.batch("--strict", *self.tiles)

    def test_an_input_that_cannot_be_opened_is_refused_when_strict(self):
        self.assert_refused_when_strict(self.path("gone.tif"))

    def test_the_grid_is_that_of_most(self):
        """One stranger that happens to be named first must not make strangers of all others."""
        other = self.stranger(geotransform=shifted(NORTH_UP, 80.5, 0))
        self.assertEqual(self.run_batch(other, *self.tiles).code, 0)
        self.assert_windows(self.tiles, self.whole(self.tiles))

    def test_the_grid_is_that_of_most_of_many_grids(self):
        """Also where ten that are alone, or eight on two other grids, are named before."""
        odd = [self.cut(self.z, [(0, 0, 20, 20)], grid=shifted(NORTH_UP, 0.04 * i + 0.3, 0), folder="odd",
                        name=f"s{i}.tif")[0] for i in range(10)]
        two = [self.cut(self.z, [(20 * (i % 4), 20 * (i // 4), 20, 20)], grid=shifted(NORTH_UP, 0.5 + 0.2 * (i % 2), 0),
                        folder="two", name=f"a{i}.tif")[0] for i in range(8)]
        for strangers, lonely in ((odd, odd), (two, [])):
            self.batch("--overwrite", *strangers, *self.tiles)
            alone = [tile["input"] for tile in self.report()["tiles"] if tile["alone"]]
            self.assertEqual(sorted(alone), sorted(lonely))
            self.assert_windows(self.tiles, self.whole(self.tiles))

    def test_inputs_without_a_place(self):
        """Each is named as it is; what is cut is told nothing of other inputs where there are none."""
        paths = [write_raster(self.path(f"{name}.tif"), self.z, geotransform=None, srs=None) for name in "ab"]
        result = self.demgrad("batch", "--output-dir", self.out, "--progress", "none", *paths)
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("without the other inputs", result.err)
        self.assertNotIn("b.tif: " + paths[0], result.err)
        result = self.demgrad("batch", "--output-dir", self.out, "--tile", "30x30", paths[0])
        self.assertEqual(result.code, 0, result.err)
        self.assertNotIn("alone", result.err)

    def test_pieces_of_inputs_off_the_grid(self):
        """Each is a window of its own input's gradient; what there is to say of an input is said once."""
        paths = [write_raster(self.path(f"{name}.tif"), self.z + shift, geotransform=None, srs=None)
                 for name, shift in (("a", 0), ("b", 5))]
        for threads in (1, 3):
            result = self.demgrad("batch", "--output-dir", self.out, "--overwrite", "--progress", "none", "-j",
                                  threads, "--tile", "20x20", *paths)
            self.assertEqual(result.code, 0, result.err)
            self.assertLessEqual(result.err.count("taken as a metre"), 2, result.err)
            for path in paths:
                self.gradient(path)
                whole = pixels(self.path("out.tif"))
                for row in range(3):
                    for col in range(4):
                        name = f"{batch_support.stem(path)}_r{row}_c{col}_gradient.tif"
                        np.testing.assert_array_equal(
                            pixels(os.path.join(self.out, name)),
                            whole[:, 20 * row:20 * row + 20, 20 * col:20 * col + 20])

    def test_names_of_outputs(self):
        """Of subdatasets both names; a version's number is no extension."""
        path = self.path("sd.nc")
        both = write_raster(self.path("both.tif"), np.array([self.z, self.z]))
        gdal.Translate(path, both, format="netCDF")
        versions = [shutil.copy(self.tiles[i], self.path(f"dem_v1.{5 + i}")) for i in range(2)]
        result = self.run_batch(f'NETCDF:"{path}":Band1', f'NETCDF:"{path}":Band2', *versions)
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(sorted(os.listdir(self.out)),
                         ["dem_v1.5_gradient.tif", "dem_v1.6_gradient.tif", "sd_Band1_gradient.tif",
                          "sd_Band2_gradient.tif"])

    def test_two_inputs_with_one_output_name(self):
        os.mkdir(self.path("b"))
        twin = shutil.copy(self.tiles[2], self.path("b/t002.tif"))
        self.assert_error(self.run_batch(*self.tiles, twin), 1, self.tiles[2], twin,
                          "t002_gradient.tif")
        self.assertEqual(os.listdir(self.out), [])
        for again in (self.tiles[2], "./in/../in/t002.tif"):
            self.assert_error(self.run_batch(self.tiles[2], again), 1, "t002_gradient.tif", "given twice")
        png = self.path("b/t002.img")
        gdal.Translate(png, self.tiles[2], format="HFA")
        self.assert_error(self.run_batch(self.tiles[2], png), 1, "t002_gradient.tif")

    def test_a_file_that_no_batch_made_is_not_replaced(self):
        mine = write_raster(self.output(self.tiles[5]), self.z)
        before = batch_support.support.sha256(mine)
        result = self.run_batch("--report", self.path("report.json"), *self.tiles)
        self.assertEqual(result.code, 1)
        self.assertIn("t005_gradient.tif", result.err)
        self.assertIn("--overwrite", result.err)
        self.assertEqual(batch_support.support.sha256(mine), before)
        self.count(done=11, failed=1)
        self.batch("--overwrite", *self.tiles)
        self.assert_windows(self.tiles, self.whole(self.tiles))

    def test_wrong_usage(self):
        for arguments in (["--part", "4/4"], ["--part", "-1/4"], ["--part", "1"], ["--tile", "9"],
                          ["--tile", "0x9"], ["--overlap", "-1"], ["--x-coords", self.tiles[0]]):
            result = self.run_batch(*arguments, *self.tiles)
            self.assert_error(result, 2, arguments[0])
        self.assert_error(self.demgrad("batch", *self.tiles), 2, "--output-dir")
        self.assert_error(self.run_batch(), 2)


class Cut(BatchTest):
    """--tile WxH, with and without --overlap."""

    def check_cut(self, inputs, width, height, overlap, *options):
        cut = ["--tile", f"{width}x{height}"] + (["--overlap", overlap] if overlap else [])
        self.batch("--overwrite", *cut, *options, *inputs)
        values, grid = self.whole(inputs, *options)
        names = set()
        for tile in inputs:
            source = gdal.Open(tile)
            for row in range(0, source.RasterYSize, height):
                for col in range(0, source.RasterXSize, width):
                    names.add(self.check_piece(source, tile, col, row, width, height, overlap,
                                               values, grid))
        self.assertEqual(set(self.outputs()), names)
        self.batch("--verify", *cut, *options, *inputs)
        mosaic = pixels(os.path.join(self.out, "gradient.vrt"))
        self.assertEqual(mosaic.tobytes(), values.tobytes())

    def check_piece(self, source, tile, col, row, width, height, overlap, values, grid):
        name = f"{batch_support.stem(tile)}_r{row // height}_c{col // width}_gradient.tif"
        made = gdal.Open(os.path.join(self.out, name))
        left, top = max(0, col - overlap), max(0, row - overlap)
        right = min(source.RasterXSize, col + width + overlap)
        bottom = min(source.RasterYSize, row + height + overlap)
        self.assertEqual((made.RasterXSize, made.RasterYSize), (right - left, bottom - top), name)
        own = made.GetGeoTransform()
        np.testing.assert_allclose(own, shifted(source.GetGeoTransform(), left, top), rtol=1e-12)
        self.assert_window(made.ReadAsArray(), values, own, grid, name)
        return name

    def test_one_large_input(self):
        whole = os.path.join(batch_support.SAMPLES, "jacksboro.tif")
        for size in ((100, 100, 0), (128, 64, 7), (403, 50, 1), (1000, 1000, 0), (1, 400, 0)):
            with self.subTest(size):
                self.setUp()
                self.check_cut([whole], *size)

    def test_several_inputs(self):
        self.check_cut(JACKSBORO, 64, 64, 3, "--edge-order", 2)

    def test_overlap_without_tile(self):
        result = self.run_batch("--overlap", 3, *JACKSBORO)
        self.assert_error(result, 2, "--overlap", "--tile")
        self.assertEqual(os.listdir(self.out), [])


if __name__ == "__main__":
    batch_support.main()
