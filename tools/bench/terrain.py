#!/usr/bin/env python3
"""Makes the rasters that tools/run-bench measures with.

usage: terrain.py make KIND WIDTH HEIGHT PIXEL PATH
       terrain.py derive KIND BASE PATH

make writes fractal terrain as one Float32 GeoTIFF in UTM zone 32 with PIXEL metres to a pixel;
KIND is tiled, striped or one-strip. derive turns a raster of that sort into the same heights with
one thing changed; KIND is geographic, int16, nodata, striped, one-strip, zstd-strip, zstd,
deflate, tiles (PATH is then a VRT, its 2,000 tiles in a folder beside it) or corner (its first
100 x 100 pixels).
The same call gives the same heights every time.
"""

import os
import struct
import sys

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()

SEED = 20240229
WEST, NORTH = 200000.0, 5600000.0  # of UTM zone 32, metres
UTM_32 = 32632
NODATA = -9999.0
BAND_ROWS = 512  # a multiple of the tiles' height
TILE_COLUMNS, TILE_ROWS = 50, 40  # of the mosaic

TILED = ["TILED=YES", "BIGTIFF=IF_SAFER"]
STRIPED = ["BIGTIFF=IF_SAFER"]
ZSTD = ["COMPRESS=ZSTD", "ZSTD_LEVEL=1", "PREDICTOR=3"]
DEFLATE = ["COMPRESS=DEFLATE", "PREDICTOR=3"]


class Terrain:
    """Octaves of smoothed noise: each halving of the wavelength halves the height to the 0.9."""

    wavelengths = [2**i for i in range(11, -1, -1)]  # pixels
    height = 400.0  # metres, of the longest wavelength

    def __init__(self, width):
        self.width = width
        self.kept = {}

    def noise_row(self, wavelength, index):
        """Row `index` of an octave's lattice, brought to every column."""
        row = self.kept.get((wavelength, index))
        if row is None:
            knots = self.width // wavelength + 2
            random = np.random.default_rng((SEED, wavelength, index))
            knot = random.standard_normal(knots, dtype=np.float32)
            knot *= self.height * (wavelength / self.wavelengths[0]) ** 0.9
            rise = smooth_steps(wavelength) * np.diff(knot)[:, None]
            row = (knot[:-1, None] + rise).ravel()[:self.width]
            self.kept[wavelength, index] = row
        return row

    def rows(self, first, count):
        heights = np.full((count, self.width), 1500, np.float32)
        for wavelength in self.wavelengths:
            for index in range(first // wavelength, (first + count - 1) // wavelength + 1):
                start = max(index * wavelength, first)
                end = min((index + 1) * wavelength, first + count)
                above = self.noise_row(wavelength, index)
                rise = self.noise_row(wavelength, index + 1) - above
                step = smooth_steps(wavelength)[start - index * wavelength:][:end - start, None]
                heights[start - first:end - first] += above + step * rise
                self.kept.pop((wavelength, index - 1), None)
        return heights


def smooth_steps(count):
    """From 0 towards 1 in `count` steps, level at both ends."""
    t = np.arange(count, dtype=np.float32) / count
    return t * t * (3 - 2 * t)


def row_bands(height):
    for first in range(0, height, BAND_ROWS):
        yield first, min(BAND_ROWS, height - first)


def create(path, width, height, type_, options, transform, epsg):
    file = gdal.GetDriverByName("GTiff").Create(path, width, height, 1, type_, options)
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(epsg)
    file.SetSpatialRef(crs)
    file.SetGeoTransform(transform)
    return file


def write(path, width, height, rows, pixel, options):
    """rows(first, count) gives the heights."""
    file = create(path, width, height, gdal.GDT_Float32, options,
                  (WEST, pixel, 0, NORTH, 0, -pixel), UTM_32)
    for first, count in row_bands(height):
        file.GetRasterBand(1).WriteArray(rows(first, count), 0, first)
    file.FlushCache()


def write_one_strip(path, width, height, rows, pixel):
    """One strip for the whole image, which GDAL cannot write where that is more than 2 GiB."""
    doubles = struct.pack("<9d", pixel, pixel, 0, 0, 0, 0, WEST, NORTH, 0)
    keys = struct.pack("<16H", 1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, UTM_32)
    short, long, double = 3, 4, 12
    tags = 13
    doubles_at = 8 + 2 + 12 * tags + 4
    keys_at = doubles_at + len(doubles)
    data_at = 4096
    entries = [(256, long, 1, width), (257, long, 1, height), (258, short, 1, 32),
               (259, short, 1, 1), (262, short, 1, 1), (273, long, 1, data_at),
               (277, short, 1, 1), (278, long, 1, height), (279, long, 1, 4 * width * height),
               (339, short, 1, 3), (33550, double, 3, doubles_at),
               (33922, double, 6, doubles_at + 24), (34735, short, 16, keys_at)]
    assert len(entries) == tags
    with open(path, "wb") as file:
        file.write(struct.pack("<2sHIH", b"II", 42, 8, tags))
        for entry in entries:
            file.write(struct.pack("<HHII", *entry))
        file.write(bytes(4) + doubles + keys)
        file.seek(data_at)
        for first, count in row_bands(height):
            file.write(rows(first, count).astype("<f4").tobytes())


def make(kind, width, height, pixel, path):
    terrain = Terrain(width)
    if kind == "one-strip":
        write_one_strip(path, width, height, terrain.rows, pixel)
    else:
        write(path, width, height, terrain.rows, pixel, TILED if kind == "tiled" else STRIPED)


def change(base, path, transform, epsg, type_, change_rows, nodata=None):
    """Tiled, with the same pixels but for what change_rows makes of them."""
    width, height = base.RasterXSize, base.RasterYSize
    file = create(path, width, height, type_, TILED, transform, epsg)
    band = file.GetRasterBand(1)
    if nodata is not None:
        band.SetNoDataValue(nodata)
    for first, count in row_bands(height):
        z = base.ReadAsArray(0, first, width, count)
        band.WriteArray(change_rows(z, first), 0, first)
    file.FlushCache()


def punch_holes(z, first):
    """One pixel in twenty, each on its own, so that most neighbourhoods are near a hole."""
    random = np.random.default_rng((SEED, first))
    z[random.random(z.shape, dtype=np.float32) < 0.05] = NODATA
    return z


def cut_tiles(base, path):
    folder = os.path.splitext(path)[0]
    os.makedirs(folder)
    width, height = base.RasterXSize // TILE_COLUMNS, base.RasterYSize // TILE_ROWS
    tiles = []
    for row in range(TILE_ROWS):
        for column in range(TILE_COLUMNS):
            tiles.append(f"{folder}/{row}_{column}.tif")
            window = [column * width, row * height, width, height]
            gdal.Translate(tiles[-1], base, srcWin=window)
    gdal.BuildVRT(path, tiles).FlushCache()


def derive(kind, base_path, path):
    base = gdal.Open(base_path)
    transform = base.GetGeoTransform()
    width, height, pixel = base.RasterXSize, base.RasterYSize, transform[1]

    def rows(first, count):
        return base.ReadAsArray(0, first, width, count)

    if kind == "geographic":
        second = 1 / 3600
        change(base, path, (10, second, 0, 48, 0, -second), 4326, gdal.GDT_Float32,
               lambda z, first: z)
    elif kind == "int16":
        change(base, path, transform, UTM_32, gdal.GDT_Int16, lambda z, first: np.rint(z))
    elif kind == "nodata":
        change(base, path, transform, UTM_32, gdal.GDT_Float32, punch_holes, NODATA)
    elif kind == "striped":
        write(path, width, height, rows, pixel, STRIPED)
    elif kind == "one-strip":
        write_one_strip(path, width, height, rows, pixel)
    elif kind == "zstd-strip":
        gdal.SetCacheMax(12 * width * height)  # the whole strip is one block
        gdal.Translate(path, base, creationOptions=STRIPED + ZSTD + [f"BLOCKYSIZE={height}"])
    elif kind == "zstd":
        write(path, width, height, rows, pixel, TILED + ZSTD)
    elif kind == "deflate":
        write(path, width, height, rows, pixel, TILED + DEFLATE)
    elif kind == "tiles":
        cut_tiles(base, path)
    elif kind == "corner":
        gdal.Translate(path, base, srcWin=[0, 0, 100, 100])
    else:
        sys.exit(f"terrain.py: what is {kind}?")


def main():
    command, kind, *rest = sys.argv[1:]
    if command == "make":
        make(kind, int(rest[0]), int(rest[1]), float(rest[2]), rest[3])
    else:
        derive(kind, *rest)


main()
