/* The header of netCDF's classic formats. */
#ifndef DG_NETCDF_HEADER_H
#define DG_NETCDF_HEADER_H

#include <cpl_vsi.h>
#include <stdint.h>

/* Where the last value of an open file's variables ends; 0: its header cannot be read. */
int64_t dg_netcdf_bytes(VSILFILE *file);

#endif
