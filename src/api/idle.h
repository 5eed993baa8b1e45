/* Options that change nothing along with others; private to the api. Each answers for one option, from
 * all of a demgrad_raster_options: why it changes nothing, or NULL. */
#ifndef DG_IDLE_H
#define DG_IDLE_H

const char *dg_idle_frame(const void *options);
const char *dg_idle_window_size(const void *options);
const char *dg_idle_edge_order(const void *options);
const char *dg_idle_aspect(const void *options);
const char *dg_idle_light(const void *options);
const char *dg_idle_azimuth(const void *options);
const char *dg_idle_z_error(const void *options);

#endif
