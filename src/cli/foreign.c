#include "foreign.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define BOX "type --bbox X0,Y0,X1,Y1"
#define SCALES                                                                                     \
    "demgrad knows the units of map and elevations; where the input does not say them, type "      \
    "--z-unit, or --z-factor, metres per unit of elevation"
#define OWN_PIXELS "the gradient is on the input's own pixels; gdalwarp its input before"
#define ALGORITHMS "type --method horn (Horn) or --method central (ZevenbergenThorne)"

static const struct foreign {
    const char
        *names; /* without hyphens, with spaces between them; those of one letter have one hyphen */
    const char *own;     /* means the same; or NULL */
    const char *instead; /* what to type */
} FOREIGN[] = {
    {"of", "--output-format", NULL},
    {"co", "--co", NULL},
    {"oo", "--oo", NULL},
    {"if", "--if", NULL},
    {"ot", "--ot", NULL},
    {"quiet", "--quiet", NULL},
    {"overwrite", "--overwrite", NULL},
    {"wm", NULL, "type --memory SIZE, with its unit"},
    {"multi", NULL, "type -j N, or leave it out: all CPUs are used"},
    {"a_nodata dstnodata dst-nodata output-nodata", "--nodata", NULL},
    {"srcnodata src-nodata", "--input-nodata", NULL},
    {"a_srs s_srs src-crs input-crs", "--crs", NULL},
    {"az", "--azimuth", NULL},
    {"alt", "--altitude", NULL},
    {"z zfactor", "--z-exaggeration", NULL},
    {"no-edges no_edges", "--nodata-edges=propagate", NULL},
    {"s xscale yscale", NULL, SCALES},
    {"p", NULL, "type --bands slope-percent"},
    {"unit", NULL, "type --bands slope-degrees or --bands slope-percent"},
    {"alg gradient-alg", NULL, ALGORITHMS},
    {"compute_edges compute-edges", NULL,
     "edges are computed anyway; type --nodata-edges propagate to have nodata there"},
    {"multidirectional", NULL, "type --hillshade multidirectional"},
    {"combined", NULL, "type --hillshade combined"},
    {"variant", NULL, "type --hillshade plain, combined or multidirectional"},
    {"igor", NULL, "demgrad has no such hillshade; type --hillshade multidirectional"},
    {"trigonometric convention", NULL, "aspects are clockwise from north; take 90 less them"},
    {"zero_for_flat zero-for-flat", NULL, "type --aspect-flat 0"},
    {"srcwin", NULL, "type --window COL,ROW,WIDTH,HEIGHT"},
    {"projwin te like", NULL, BOX},
    {"bbox-crs projwin_srs projwin-crs te_srs", NULL, BOX ",CRS"},
    {"t_srs dst-crs output-crs tr resolution ts outsize r resampling tap", NULL, OWN_PIXELS},
    {"cutline geometry", NULL, "gdalwarp -cutline its input before; what is cut away is nodata"},
    {"unscale", NULL, "scale and offset of the input are applied anyway"},
    {"stats", NULL, "statistics are written anyway"},
    {"tile-size", NULL, "type --co BLOCKSIZE=N with -f COG, or --co BLOCKXSIZE=N of GTiff"},
    {"append update", NULL, "an output is written whole; type --overwrite to replace one"},
};

/* Whether `name` is one of `names`. */
static bool is_among(const char *name, size_t length, const char *names) {
    while (*names) {
        const size_t each = strcspn(names, " ");
        if (each == length && strncmp(names, name, length) == 0)
            return true;
        names += each + (names[each] == ' ');
    }
    return false;
}

char *dg_foreign_word(const char *word, const char **instead) {
    const size_t hyphens = strspn(word, "-");
    const char *name = word + hyphens;
    const size_t length = strcspn(name, "=");
    *instead = NULL;
    if (hyphens < 1 || hyphens > 2 || length == 0 || (hyphens == 2 && length == 1))
        return NULL;
    for (size_t i = 0; i < sizeof FOREIGN / sizeof *FOREIGN; i++) {
        if (!is_among(name, length, FOREIGN[i].names))
            continue;
        *instead = FOREIGN[i].instead;
        return FOREIGN[i].own ? CPLStrdup(CPLSPrintf("%s%s", FOREIGN[i].own, name + length)) : NULL;
    }
    return NULL;
}
