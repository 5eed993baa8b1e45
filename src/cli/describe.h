/* What a run assumes, for people and as JSON. */
#ifndef DG_DESCRIBE_H
#define DG_DESCRIBE_H

#include "json.h"

#include <demgrad/raster.h>

void dg_describe_text(const demgrad_raster_info *info);

/* Writes members of an open object. */
void dg_describe_json(dg_json *json, const demgrad_raster_info *info);

const char *dg_metric_word(demgrad_metric metric);
const char *dg_frame_word(demgrad_frame frame);

#endif
