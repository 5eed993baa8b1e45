#!/usr/bin/env python3
"""The gradient as it is usually had from Python: GDAL reads, numpy.gradient, GDAL writes.

usage: numpy_gradient.py INPUT OUTPUT
"""

import sys

import numpy as np
from osgeo import gdal

gdal.UseExceptions()

source = gdal.Open(sys.argv[1])
transform = source.GetGeoTransform()
dzdy, dzdx = np.gradient(source.ReadAsArray(), transform[5], transform[1])
options = ["TILED=YES", "INTERLEAVE=BAND", "BIGTIFF=IF_SAFER"]
output = gdal.GetDriverByName("GTiff").Create(
    sys.argv[2], source.RasterXSize, source.RasterYSize, 2, gdal.GDT_Float32, options)
output.SetGeoTransform(transform)
output.SetSpatialRef(source.GetSpatialRef())
output.GetRasterBand(1).WriteArray(dzdx)
output.GetRasterBand(2).WriteArray(dzdy)
output.FlushCache()
