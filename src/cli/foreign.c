#include "foreign.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#define BOX "type --bbox X0,Y0,X1,Y1"
#define SCALES                                                                                     \
    "demgrad knows the units of map and elevations; where the input does not say them, type "      \
    "--z-unit, or --z-factor, metres per unit of elevation"
#define OWN_PIXELS "the gradient is on the input's own pixels; gdalwarp its input before"
#define ALGORITHMS "type --method horn (Horn) or --method central (ZevenbergenThorne)"

static const struct foreign {
    /* Without hyphens, with spaces between them; those of one letter have one hyphen. */
    const char *names;
    const char *own;     /* means the same; or NULL */
    const char *instead; /* what to type */
} FOREIGN[] = {
    {"wm", NULL, "type --memory SIZE, with its unit"},
    {"multi", NULL, "type -j N, or leave it out: all CPUs are used"},
    {"a_nodata dstnodata dst-nodata output-nodata", "--nodata", NULL},
    {"srcnodata src-nodata", "--input-nodata", NULL},
    {"a_srs s_srs src-crs input-crs", "--crs", NULL},
    {"dem elevation", "--input", NULL},
    {"outdir out_dir", "--output-dir", NULL},
    {"az", "--azimuth", NULL},
    {"alt", "--altitude", NULL},
    {"z zfactor", "--z-exaggeration", NULL},
    {"no-edges no_edges", "--nodata-edges=propagate", NULL},
    {"s xscale yscale zscale", NULL, SCALES},
    {"p percent", NULL, "type --bands slope-percent"},
    {"unit units degrees attrib", NULL, "type --bands slope, slope-degrees or slope-percent"},
    {"axis", NULL, "type --bands dzdy for axis 0, --bands dzdx for axis 1"},
    {"dx dy", NULL, "type --spacing DX,DY"},
    {"alg gradient-alg", NULL, ALGORITHMS},
    {"compute_edges compute-edges e", NULL,
     "edges are computed anyway; type --nodata-edges propagate to have nodata there"},
    {"multidirectional", NULL, "type --hillshade multidirectional"},
    {"combined", NULL, "type --hillshade combined"},
    {"variant", NULL, "type --hillshade plain, combined or multidirectional"},
    {"igor", NULL, "demgrad has no such hillshade; type --hillshade multidirectional"},
    {"trigonometric convention", NULL,
     "aspects are clockwise from north; the same is 90 minus an aspect, plus 360 where negative"},
    {"type dtype", NULL, "type --ot Float32 or --ot Float64"},
    {"edges", NULL, "type --nodata-edges one-sided or --nodata-edges propagate"},
    {"zero_for_flat zero-for-flat", NULL, "type --aspect-flat 0"},
    {"srcwin", NULL, "type --window COL,ROW,WIDTH,HEIGHT"},
    {"projwin te like", NULL, BOX},
    {"bbox-crs projwin_srs projwin-crs te_srs", NULL, BOX ",CRS"},
    {"t_srs dst-crs output-crs tr resolution ts outsize r resampling tap wo wt et order tps rpc",
     NULL, OWN_PIXELS},
    {"scale exponent expand mask strict", NULL, "gdal_translate its input before"},
    {"mo", NULL, "gdal_edit.py -mo the output"},
    {"cutline geometry", NULL, "gdalwarp -cutline its input before; what is cut away is nodata"},
    {"unscale", NULL, "scale and offset of the input are applied anyway"},
    {"stats", NULL, "statistics are written anyway"},
    {"tile-size", NULL, "type --co BLOCKSIZE=N with -f COG, or --co BLOCKXSIZE=N of GTiff"},
    {"v verbose", NULL, "type --report FILE for what was assumed and found, or see demgrad info"},
    {"version", NULL, "type demgrad --version"},
    {"long-usage", "--help", NULL},
    {"resume restart", NULL, "finished outputs of a batch are kept anyway; run the same again"},
    {"threads workers jobs processes", NULL, "type -j N"},
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

/* Other programs' commands, and what stands for each here. */
static const char *const COMMANDS[] = {
    "raster",
    "is no word of demgrad's; leave it out: demgrad COMMAND ...",
    "verify",
    "is an option: type demgrad batch --verify",
    "mosaic",
    "is made of several inputs: type demgrad gradient INPUT... OUTPUT",
    "r.slope.aspect",
    "is no command here; type demgrad slope, aspect or gradient",
    "r.relief",
    "is no command here; type demgrad hillshade",
    "color-relief",
    "is no command here; type gdaldem color-relief, or demgrad preview",
    "TRI",
    "is no command here; type gdaldem TRI",
    "TPI",
    "is no command here; type gdaldem TPI",
    "roughness",
    "is no command here; type gdaldem roughness",
    NULL};

const char *dg_foreign_command(const char *word) {
    for (size_t i = 0; COMMANDS[i]; i += 2) {
        if (EQUAL(word, COMMANDS[i]))
            return COMMANDS[i + 1];
    }
    return *word == '-' ? "stands before a command; demgrad --help lists them" : NULL;
}

static bool is_number(const char *word) {
    char *end;
    CPLStrtod(word, &end);
    return end > word && !*end;
}

const char *dg_foreign_name(const char *name, bool is_band) {
    struct stat found;
    const char *value = strchr(name, '=');
    if (strpbrk(name, ":/<") || stat(name, &found) == 0)
        return NULL;
    if (value && value > name && value[1])
        return CPLSPrintf("is no file; a name stands alone (%s), an option has hyphens (--%s)",
                          value + 1, name);
    if (is_band || is_number(name))
        return "is no file; several values of an option have commas between them, and no spaces";
    return NULL;
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
