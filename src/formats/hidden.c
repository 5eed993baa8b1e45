#include "hidden.h"

#include "memory.h"
#include "path.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <stdlib.h>

/* What a file is called after the raster's name, what it holds, and which settings hide it. */
static const struct side_file {
    const char *ending, *what;
    struct setting {
        const char *key, *value;
    } settings[2];
} SIDE_FILES[] = {
    {".msk", "its mask", {{"GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR"}, {NULL, NULL}}},
    {".aux.xml",
     "its nodata value, scale, unit or CRS",
     {{"GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR"}, {"GDAL_PAM_ENABLED", "NO"}}},
};

static const struct setting *find_setting(const struct side_file *side) {
    for (size_t i = 0; i < sizeof side->settings / sizeof *side->settings; i++) {
        const struct setting *s = &side->settings[i];
        const char *value = s->key ? CPLGetConfigOption(s->key, NULL) : NULL;
        const bool is_off = value && EQUAL(s->value, "NO") && !CPLTestBool(value);
        if (is_off || (value && EQUAL(value, s->value)))
            return s;
    }
    return NULL;
}

bool dg_hides_mask(void) {
    return find_setting(&SIDE_FILES[0]) != NULL;
}

bool dg_hides_pam(void) {
    return find_setting(&SIDE_FILES[1]) != NULL;
}

static void note_beside(const char *file, char **files, const char *name, dg_notes *notes) {
    for (size_t i = 0; i < sizeof SIDE_FILES / sizeof *SIDE_FILES; i++) {
        const struct side_file *side = &SIDE_FILES[i];
        const struct setting *setting = find_setting(side);
        char *path = setting ? dg_format(NULL, "%s%s", file, side->ending) : NULL;
        VSIStatBufL found;
        if (path && CSLFindString(files, path) < 0 && VSIStatL(path, &found) == 0)
            dg_note(notes, name, "%s%s, which may hold %s, is left out by %s=%s; unset that", file,
                    side->ending, side->what, setting->key, setting->value);
        notes->is_short |= setting && !path;
        free(path);
    }
}

void dg_note_hidden(GDALDatasetH dataset, const char *name, dg_notes *notes) {
    if (!dg_hides_mask() && !dg_hides_pam())
        return;
    char **files = GDALGetFileList(dataset);
    for (int i = 0; files && files[i]; i++) {
        if (!dg_path_is_virtual(files[i]))
            note_beside(files[i], files, name, notes);
    }
    CSLDestroy(files);
}
