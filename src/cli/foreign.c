#include "foreign.h"

#include <stddef.h>
#include <string.h>

static const struct foreign {
    const char *word;
    char *own;           /* means the same; or NULL */
    const char *instead; /* what to type */
} FOREIGN[] = {
    {"-of", "--output-format", NULL},
    {"-co", "--co", NULL},
    {"-oo", "--oo", NULL},
    {"-if", "--if", NULL},
    {"-ot", "--ot", NULL},
    {"-a_nodata", "--nodata", NULL},
    {"-az", "--azimuth", NULL},
    {"-alt", "--altitude", NULL},
    {"-z", "--z-exaggeration", NULL},
    {"-s", NULL,
     "demgrad knows the units of map and elevations; where the input does not say them, type "
     "--z-unit or "
     "--z-factor, metres per unit of elevation"},
    {"-p", NULL, "type --bands slope-percent"},
    {"-alg", NULL, "type --method horn (Horn) or --method central (ZevenbergenThorne)"},
    {"-compute_edges", NULL,
     "edges are computed anyway; type --nodata-edges propagate to have nodata there"},
    {"-multidirectional", NULL, "type --hillshade multidirectional"},
    {"-combined", NULL, "type --hillshade combined"},
    {"-igor", NULL, "demgrad has no such hillshade; type --hillshade multidirectional"},
    {"-trigonometric", NULL, "aspects are clockwise from north; take 90 less them"},
    {"-srcwin", NULL, "type --window COL,ROW,WIDTH,HEIGHT"},
    {"--srcwin", NULL, "type --window COL,ROW,WIDTH,HEIGHT"},
    {"-projwin", NULL, "type --bbox X0,Y0,X1,Y1"},
    {"-te", NULL, "type --bbox X0,Y0,X1,Y1"},
    {"--bbox-crs", NULL, "type --bbox X0,Y0,X1,Y1,CRS"},
    {"-t_srs", NULL, "the gradient is on the input's own pixels; gdalwarp its input before"},
    {"-zero_for_flat", NULL, "type --aspect-flat 0"},
};

char *dg_foreign_word(char *word, const char **instead) {
    *instead = NULL;
    for (size_t i = 0; i < sizeof FOREIGN / sizeof *FOREIGN; i++) {
        if (strcmp(word, FOREIGN[i].word) != 0)
            continue;
        *instead = FOREIGN[i].instead;
        return FOREIGN[i].own ? FOREIGN[i].own : word;
    }
    return word;
}
