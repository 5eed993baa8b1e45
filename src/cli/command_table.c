#include "command_table.h"

#include "commands.h"

#include <assert.h>
#include <string.h>

static const dg_command_row COMMANDS[] = {
    {"gradient",
     DG_GRADIENT,
     "[options] INPUT... OUTPUT",
     "dz/dx, dz/dy and what comes of them, of one raster or a mosaic",
     "Writes dz/dx and dz/dy of elevation rasters, in metres of rise per metre travelled on the "
     "ground. Several inputs on one grid are one mosaic, later ones on top.",
     {"demgrad gradient dem.tif gradient.tif",
      "demgrad gradient --bands slope-degrees,aspect,hillshade dem.tif terrain.tif",
      "demgrad gradient --co COMPRESS=ZSTD --co PREDICTOR=3 *.tif mosaic_gradient.tif"},
     dg_command_gradient},
    {"batch",
     DG_BATCH,
     "[options] --output-dir DIR INPUT...",
     "many tiles, each to an output of its own, without seams",
     "Writes the gradient of each input to DIR/NAME_gradient.tif, without seams between them. An "
     "input is a raster, a folder, @LIST (a text file of names), or a tile index. Outputs that are "
     "there and up to date are kept.",
     {"demgrad batch --output-dir gradients tiles/",
      "demgrad batch --include '*_dem.tif' --recursive --output-dir gradients tiles/",
      "demgrad batch --verify --output-dir gradients tiles/"},
     dg_command_batch},
    {"info",
     DG_INFO,
     "[options] INPUT...",
     "what a run would assume of its input",
     "Says what a run of demgrad gradient would assume of its input: CRS, metric, pixel size on "
     "the "
     "ground, unit of elevation, nodata.",
     {"demgrad info dem.tif", "demgrad info --json dem.tif",
      "demgrad info --crs EPSG:2056 dem.tif"},
     dg_command_info},
    {"preview",
     DG_PREVIEW,
     "[options] INPUT... OUT.png|.svg|.pdf|.jpg\n--terminal auto [options] INPUT...",
     "a picture of a DEM or of its gradient",
     "Draws a picture of a DEM, of several that are one mosaic, of a gradient that demgrad wrote, "
     "or "
     "of a batch's folder.",
     {"demgrad preview dem.tif dem.png",
      "demgrad preview --style slope --range 0,45 --size 1600 dem.tif slope.pdf",
      "demgrad preview --terminal auto dem.tif"},
     dg_command_preview},
};

enum { COUNT = sizeof COMMANDS / sizeof *COMMANDS };

const dg_command_row *dg_command_at(size_t index) {
    return index < COUNT ? &COMMANDS[index] : NULL;
}

const dg_command_row *dg_command_row_of(dg_command command) {
    size_t index = 0;
    while (COMMANDS[index].command != command) {
        index++;
        assert(index < COUNT);
    }
    return &COMMANDS[index];
}

const dg_command_row *dg_command_find(const char *name) {
    for (size_t i = 0; i < COUNT; i++) {
        if (strcmp(COMMANDS[i].name, name) == 0)
            return &COMMANDS[i];
    }
    return NULL;
}
