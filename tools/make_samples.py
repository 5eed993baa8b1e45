"""Make sample_rasters again, byte for byte; MANIFEST.md there says what each raster holds.

Run by tools/make-samples, which finds a Python that has numpy and osgeo.
"""
import argparse
import hashlib
import math
import re
import sys
import tempfile
from pathlib import Path

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
osr.UseExceptions()

SAMPLES = Path(__file__).resolve().parent.parent / "sample_rasters"
JACKSBORO = Path("/usr/share/matplotlib/mpl-data/sample_data/jacksboro_fault_dem.npz")
JACKSBORO_SHA256 = "d493f50a33e82a4420494c54d1fca1539d177bdc27ab190bc5fe6e92f62fb637"
SKIP = 77  # the exit status of a check that cannot run here

TYPES = {"u1": gdal.GDT_Byte, "u2": gdal.GDT_UInt16, "i2": gdal.GDT_Int16,
         "f4": gdal.GDT_Float32, "f8": gdal.GDT_Float64}


def write(path, z, geotransform, crs=None, *, nodata=None, scale=None, offset=None, unit=None,
          mask=None, alpha=None, tiled=None):
    """Write the array z, and what belongs to it, as one GeoTIFF."""
    rows, cols = z.shape
    options = ["COMPRESS=DEFLATE", "ZLEVEL=9", "GEOTIFF_VERSION=1.1",
               f"PREDICTOR={3 if z.dtype.kind == 'f' else 2}"]
    if tiled:
        options += ["TILED=YES", f"BLOCKXSIZE={tiled}", f"BLOCKYSIZE={tiled}"]
    if alpha is not None:
        options += ["PHOTOMETRIC=MINISBLACK", "ALPHA=YES"]
    dataset = gdal.GetDriverByName("GTiff").Create(
        str(path), cols, rows, 1 if alpha is None else 2, TYPES[z.dtype.str[1:]], options)
    dataset.SetGeoTransform(geotransform)
    if crs:
        srs = osr.SpatialReference()
        srs.SetFromUserInput(crs)
        dataset.SetSpatialRef(srs)
    band = dataset.GetRasterBand(1)
    for value, set_value in ((nodata, band.SetNoDataValue), (scale, band.SetScale),
                             (offset, band.SetOffset), (unit, band.SetUnitType)):
        if value is not None:
            set_value(value)
    if mask is not None:
        dataset.CreateMaskBand(gdal.GMF_PER_DATASET)
        band.GetMaskBand().WriteArray(mask)
    band.WriteArray(z)
    if alpha is not None:
        dataset.GetRasterBand(2).WriteArray(alpha)
    dataset.FlushCache()


def north_up(west, north, pixel):
    return (west, pixel, 0.0, north, 0.0, -pixel)


def centres(shape, geotransform):
    """Easting and northing of each pixel centre, from the geotransform's origin."""
    row, col = np.indices(shape) + 0.5
    _, east_col, east_row, _, north_col, north_row = geotransform
    return east_col * col + east_row * row, north_col * col + north_row * row


def plane(shape, geotransform, height, rise_east, rise_north):
    east, north = centres(shape, geotransform)
    return height + rise_east * east + rise_north * north


def disc(shape, row, col, radius):
    rows, cols = np.indices(shape)
    return (rows - row) ** 2 + (cols - col) ** 2 <= radius**2


def holes(shape):
    """A disc with one valid pixel in its middle, a lone pixel, a slit and two bites in the rim."""
    hole = disc(shape, 30, 40, 9) & ~disc(shape, 30, 40, 0)
    hole |= disc(shape, 55, 70, 0) | disc(shape, 0, 0, 0) | disc(shape, shape[0] - 1, 20, 4)
    hole[60, 10:30] = True
    return hole


def make_planes(folder):
    shape = (83, 97)
    hole = holes(shape)

    grid = north_up(600000.0, 5200000.0, 10.0)
    z = plane(shape, grid, 500.0, 0.25, -0.125)
    z[hole] = -9999.0
    write(folder / "plane_hole.tif", z.astype("f4"), grid, "EPSG:32632", nodata=-9999.0, tiled=32)

    z = plane(shape, grid, 500.0, -0.5, 0.25).astype("f4")
    z[hole] = np.float32(1.70141e38)
    z[5, 5:9] = np.nan
    z[70, 80:84] = np.inf, -np.inf, np.nan, 1.70141e38
    write(folder / "plane_nan.tif", z, grid, "EPSG:32632", nodata=float(np.float32(1.70141e38)))

    grid = north_up(400000.0, 7000000.0, 20.0)
    row, col = np.indices(shape)
    z = (1000 + 3 * col - 2 * row).astype("i2")
    z[hole] = -32768
    write(folder / "plane_scaled.tif", z, grid, "EPSG:32735", nodata=-32768, scale=0.1,
          offset=100.0, unit="m")

    grid = (300000.0, 10.0, 0.0, 6100000.0, 0.0, 10.0)
    write(folder / "plane_south_up.tif", plane(shape, grid, 200.0, 0.125, 0.375).astype("f4"), grid,
          "EPSG:32733")

    cos, sin = 10 * math.sqrt(0.75), 10 * 0.5
    grid = (500000.0, cos, sin, 5000000.0, sin, -cos)
    write(folder / "plane_rotated.tif", plane(shape, grid, 1000.0, 0.25, 0.5), grid, "EPSG:32633")

    grid = north_up(0.0, 0.0, 2.0)
    write(folder / "plane_no_crs.tif", plane(shape, grid, 50.0, 0.75, -0.5).astype("f4"), grid)


def make_feet(folder):
    shape = (71, 90)
    grid = north_up(1500000.0, 600000.0, 32.0)
    z = plane(shape, grid, 2000.0, 0.25, 0.5).astype("f4")
    write(folder / "plane_feet.tif", z, grid, "EPSG:2264", unit="ft")

    grid = north_up(400000.0, 4000000.0, 16.0)
    z = plane(shape, grid, 2000.0, -0.25, 0.5).astype("f4")
    write(folder / "plane_feet_heights.tif", z, grid, "EPSG:26917+6360")


def make_masked(folder):
    """What lies under the mask is far off the plane, so that reading it shows."""
    shape = (83, 97)
    hole = holes(shape)
    grid = north_up(600000.0, 5200000.0, 10.0)

    z = plane(shape, grid, 5000.0, 1.0, 2.0)
    z[hole] = 65535
    write(folder / "plane_mask.tif", z.astype("u2"), grid, "EPSG:32632",
          mask=np.where(hole, 0, 255).astype("u1"))

    grid = north_up(600000.0, 5200000.0, 8.0)
    row, col = np.indices(shape)
    z = (20 + col + row).astype("u1")
    z[hole] = 255
    alpha = np.where(hole, 0, 255).astype("u1")
    alpha[10:20, 60:90] = 1  # nearly transparent is still valid
    write(folder / "plane_alpha.tif", z, grid, "EPSG:32632", alpha=alpha)


def make_mercator(folder):
    grid = north_up(1113200.0, 8399740.0, 64.0)
    z = plane((80, 100), grid, 1000.0, 0.125, 0.0625).astype("f4")
    write(folder / "plane_mercator.tif", z, grid, "EPSG:3857")


def make_quadratic(folder):
    shape = (64, 75)
    grid = north_up(500000.0, 5000000.0, 8.0)
    x, y = centres(shape, grid)
    z = 800.0 + x / 8 - y / 4 + x * x / 4096 - x * y / 8192 + y * y / 2048
    write(folder / "quadratic.tif", z, grid, "EPSG:32631", tiled=16)


def sine(longitude, latitude):
    """Height on WGS 84 of a plane wave in space: smooth, with an exact gradient everywhere."""
    a, f = 6378137.0, 1 / 298.257223563
    e2 = f * (2 - f)
    lon, lat = math.radians(longitude), math.radians(latitude)
    n = a / math.sqrt(1 - e2 * math.sin(lat) ** 2)
    x = n * math.cos(lat) * math.cos(lon)
    y = n * math.cos(lat) * math.sin(lon)
    z = n * (1 - e2) * math.sin(lat)
    k = 2 * math.pi / 185000.0
    height = 1500.0 + 2000.0 * math.sin(k * (0.48 * x - 0.6 * y + 0.64 * z))
    return round(height * 2.0**30) / 2.0**30  # hides the last bits, where processors may differ


def make_sine(folder):
    rows, cols, pixel = 80, 96, 1 / 1200
    grid = north_up(10.0, 60.0, pixel)
    z = [[sine(10.0 + (col + 0.5) * pixel, 60.0 - (row + 0.5) * pixel) for col in range(cols)]
         for row in range(rows)]
    write(folder / "sine_geographic.tif", np.array(z, "f8"), grid, "EPSG:4326")


def make_jacksboro(folder):
    """The real DEM, whole and as four tiles cut where no block ends."""
    z = np.load(JACKSBORO)["elevation"].astype("i2")
    pixel = 1 / 1200
    # xmin and ymax of the file, unrounded; its ymin, north of ymax, is a slip of sign.
    west, north = -101296.5 * pixel, 43735.5 * pixel
    write(folder / "jacksboro.tif", z, north_up(west, north, pixel), "EPSG:4326", unit="m",
          tiled=128)
    row_cut, col_cut = 149, 173
    for r, rows in enumerate((slice(0, row_cut), slice(row_cut, None))):
        for c, cols in enumerate((slice(0, col_cut), slice(col_cut, None))):
            grid = north_up(west + cols.start * pixel, north - rows.start * pixel, pixel)
            write(folder / f"jacksboro_r{r}c{c}.tif", z[rows, cols], grid, "EPSG:4326", unit="m")


def make_all(folder):
    gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES")
    for make in (make_planes, make_feet, make_masked, make_mercator, make_quadratic, make_sine,
                 make_jacksboro):
        make(folder)


def rasters(folder):
    return {path.name: path.read_bytes() for path in folder.glob("*.tif")}


def check():
    """0 when sample_rasters is what this script makes and the manifest names just that."""
    with tempfile.TemporaryDirectory() as temporary:
        make_all(Path(temporary))
        made = rasters(Path(temporary))
    kept = rasters(SAMPLES)
    named = set(re.findall(r"`(\w+\.tif)`", (SAMPLES / "MANIFEST.md").read_text(encoding="utf-8")))
    wrong = [f"{name}: made here, but not in sample_rasters" for name in made.keys() - kept.keys()]
    wrong += [f"{name}: in sample_rasters, but not made here" for name in kept.keys() - made.keys()]
    wrong += [f"{name}: MANIFEST.md and the folder disagree" for name in named ^ kept.keys()]
    differing = [f"{name}: other bytes" for name in made.keys() & kept.keys()
                 if made[name] != kept[name]]
    print("\n".join(sorted(wrong + differing)) or f"{len(kept)} rasters are as made")
    if not wrong and differing and not gdal.__version__.startswith("3.6."):
        print(f"skipped: GDAL {gdal.__version__} packs other bytes than GDAL 3.6 does")
        return SKIP
    return 1 if wrong or differing else 0


def source_missing():
    """Why the real DEM cannot be made here, or None."""
    if not JACKSBORO.exists():
        return f"{JACKSBORO} is not there: install python-matplotlib-data"
    if hashlib.sha256(JACKSBORO.read_bytes()).hexdigest() != JACKSBORO_SHA256:
        return f"{JACKSBORO} is another version than the one that the samples were made from"
    return None


def main():
    parser = argparse.ArgumentParser(prog="make-samples", description="Make sample_rasters again.")
    parser.add_argument("--check", action="store_true",
                        help="only compare: 0 same bytes, 1 not, 77 cannot tell here")
    arguments = parser.parse_args()
    reason = source_missing()
    if reason:
        print(f"make-samples: {reason}", file=sys.stderr)
        return SKIP if arguments.check else 1
    if arguments.check:
        return check()
    make_all(SAMPLES)
    return 0


if __name__ == "__main__":
    sys.exit(main())
