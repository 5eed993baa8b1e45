#include "command_table.h"

#include "commands.h"

#include <assert.h>
#include <string.h>

static const dg_command_row COMMANDS[] = {
    {"gradient",
     DG_GRADIENT,
     "[options] INPUT... OUTPUT",
     "dz/dx, dz/dy and what comes of them, of one raster or a mosaic",
     "Writes dz/dx and dz/dy, in metres of rise per metre travelled on the ground. Several inputs "
     "on one grid are one mosaic, later ones on top.",
     {"demgrad gradient dem.tif gradient.tif",
      "demgrad gradient --bands slope-degrees,aspect,hillshade dem.tif terrain.tif",
      "demgrad gradient --co COMPRESS=ZSTD --co PREDICTOR=3 tiles/*.tif mosaic.tif"},
     dg_command_gradient,
     NULL,
     " crs z-unit metric method bands output-format co nodata overwrite num-threads quiet "},
    {"slope",
     DG_GRADIENT,
     "[options] INPUT... OUTPUT",
     "the slope, short for gradient --bands slope",
     "Writes the slope in metres of rise per metre on the ground, or, by --bands, in degrees or "
     "percent. Short for demgrad gradient --bands slope.",
     {"demgrad slope dem.tif slope.tif",
      "demgrad slope --bands slope-degrees --method horn dem.tif degrees.tif",
      "demgrad slope --bands slope-percent dem.tif percent.tif"},
     dg_command_gradient,
     "slope",
     " crs z-unit metric method bands output-format co nodata overwrite num-threads quiet "},
    {"aspect",
     DG_GRADIENT,
     "[options] INPUT... OUTPUT",
     "the way down, short for gradient --bands aspect",
     "Writes the aspect: the way down, in degrees clockwise from the grid's north. Short for "
     "demgrad gradient --bands aspect.",
     {"demgrad aspect dem.tif aspect.tif", "demgrad aspect --frame true dem.tif true_aspect.tif",
      "demgrad aspect --aspect-flat -1 --nodata -9999 dem.tif flat_aspect.tif"},
     dg_command_gradient,
     "aspect",
     " crs z-unit metric frame method aspect-flat output-format co nodata overwrite num-threads "
     "quiet "},
    {"hillshade",
     DG_GRADIENT,
     "[options] INPUT... OUTPUT",
     "shaded relief, short for gradient --bands hillshade",
     "Writes a hillshade, 1 (dark) to 255. Short for demgrad gradient --bands hillshade.",
     {"demgrad hillshade dem.tif shade.tif",
      "demgrad hillshade --azimuth 300 --altitude 30 dem.tif low_sun.tif",
      "demgrad hillshade --hillshade multidirectional dem.tif all_round.tif"},
     dg_command_gradient,
     "hillshade",
     " crs z-unit metric method hillshade azimuth altitude z-exaggeration output-format co "
     "overwrite num-threads quiet "},
    {"batch",
     DG_BATCH,
     "[options] --output-dir DIR INPUT...",
     "many tiles, each to an output of its own, without seams",
     "Writes the gradient of each input to DIR/NAME_gradient.tif, without seams between them. An "
     "input is a raster, a folder, @LIST (a text file of names), or a tile index. Outputs that are "
     "there and up to date are kept.",
     {"demgrad batch --output-dir gradients tiles/",
      "demgrad batch --include '*_dem.tif' --recursive --output-dir dems tiles/",
      "demgrad batch --verify --output-dir gradients tiles/"},
     dg_command_batch,
     NULL,
     " metric bands co overwrite output-dir include tile part verify num-threads quiet "},
    {"info",
     DG_INFO,
     "[options] INPUT...",
     "what a run would assume of its input",
     "Says what a run of demgrad gradient would assume of its input: CRS, metric, pixel size on "
     "the ground, unit of elevation, nodata.",
     {"demgrad info dem.tif", "demgrad info --json dem.tif",
      "demgrad info --crs EPSG:2056 dem.tif"},
     dg_command_info,
     NULL,
     " crs z-unit metric frame json quiet "},
    {"preview",
     DG_PREVIEW,
     "[options] INPUT... OUT.png|.svg|.pdf|.jpg\n--terminal auto [options] INPUT...",
     "a picture of a DEM or of its gradient",
     "Draws a picture of a DEM, of several that are one mosaic, of a gradient that demgrad wrote, "
     "or of a batch's folder.",
     {"demgrad preview dem.tif dem.png",
      "demgrad preview --style slope --range 0,45 --size 1600 dem.tif slope.pdf",
      "demgrad preview --terminal auto dem.tif"},
     dg_command_preview,
     NULL,
     " crs metric overwrite style size range ramp terminal bare quiet "},
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
