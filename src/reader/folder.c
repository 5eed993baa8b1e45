#include "folder.h"

#include "file_kind.h"
#include "path.h"
#include "real_path.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <errno.h>
#include <gdal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool dg_folder_is(const char *path) {
    VSIStatBufL stat;
    return VSIStatExL(path, &stat, VSI_STAT_NATURE_FLAG) == 0 && VSI_ISDIR(stat.st_mode);
}

static bool opens_as(const char *path, unsigned flags) {
    GDALDatasetH dataset = GDALOpenEx(path, flags, NULL, NULL, NULL);
    const bool holds_rasters =
        dataset && (GDALGetRasterCount(dataset) > 0 || GDALGetMetadata(dataset, "SUBDATASETS"));
    const bool opens = flags & GDAL_OF_RASTER ? holds_rasters : dataset != NULL;
    if (dataset)
        GDALClose(dataset);
    return opens;
}

bool dg_folder_is_raster(const char *path) {
    GDALDriverH driver = GDALIdentifyDriverEx(path, GDAL_OF_RASTER, NULL, NULL);
    /* Some formats hold rasters, or vector data alone, or both. */
    return driver && (!GDALGetMetadataItem(driver, GDAL_DCAP_VECTOR, NULL) ||
                      opens_as(path, GDAL_OF_RASTER) || !opens_as(path, GDAL_OF_VECTOR));
}

/* What a scan of a folder, and of those in it, has found. */
typedef struct scan {
    const dg_expand_options *options;
    const dg_name_filter *filter;
    size_t root_length;  /* of the folder that the user named, with its slash */
    char **rasters;      /* that GDAL knows */
    char **unknown;      /* that it does not */
    char **containers;   /* that it knows */
    char **outputs;      /* that `skip` leaves out */
    bool left_out;       /* there was a raster that the user does not want */
    char **not_searched; /* subfolders */
    char **archives;
} scan;

static demgrad_status scan_folder(scan *s, const char *folder, demgrad_error *error);

static void add(char ***list, const char *path) {
    *list = CSLAddString(*list, path);
}

/* Of the vector data of Arc/Info's grids beside them. */
static bool is_info(const char *path) {
    if (!EQUAL(dg_path_name(path), "info"))
        return false;
    VSIStatBufL stat;
    char *index = dg_path_join(path, "arc.dir");
    const bool has = index && VSIStatExL(index, &stat, VSI_STAT_EXISTS_FLAG) == 0;
    free(index);
    return has;
}

/* Whether it is a link to one of the folders that it is in, which would lead in a circle. */
static bool is_circle(const char *path) {
    char *folder = dg_path_folder(path);
    char *place = dg_real_path(path), *from = folder ? dg_real_path(folder) : NULL;
    const size_t length = place ? strlen(place) : 0;
    const bool is = from && strncmp(from, place, length) == 0 && strchr("/", from[length]);
    free(from);
    free(place);
    free(folder);
    return is;
}

static demgrad_status scan_subfolder(scan *s, const char *path, demgrad_error *error) {
    if (is_info(path) || is_circle(path) ||
        (s->options->skip && s->options->skip(path, s->options->user)))
        return DEMGRAD_OK;
    if (s->options->is_recursive)
        return scan_folder(s, path, error);
    add(&s->not_searched, dg_path_name(path));
    return DEMGRAD_OK;
}

static bool is_vrt(const char *path) {
    const char *ending = strrchr(path, '.');
    return ending && EQUAL(ending, ".vrt");
}

static void scan_file(scan *s, const char *path, dg_file_kind kind, bool is_raster) {
    if (s->options->skip && s->options->skip(path, s->options->user))
        add(&s->outputs, path);
    else if (kind == DG_FILE_CONTAINER && is_raster)
        add(&s->containers, path);
    else if (is_raster)
        add(&s->rasters, path);
    else if (kind == DG_FILE_RASTER || is_vrt(path))
        add(&s->unknown, path);
    else if (kind == DG_FILE_ARCHIVE)
        add(&s->archives, dg_path_name(path));
}

/* A pipe or a device would be waited for. */
static bool is_special(const char *path) {
    VSIStatBufL stat;
    return VSIStatL(path, &stat) == 0 && (S_ISFIFO(stat.st_mode) || S_ISSOCK(stat.st_mode) ||
                                          S_ISCHR(stat.st_mode) || S_ISBLK(stat.st_mode));
}

static demgrad_status scan_entry(scan *s, const char *path, demgrad_error *error) {
    const dg_file_kind kind = dg_file_kind_of(dg_path_name(path));
    if (kind == DG_FILE_SIDE)
        return DEMGRAD_OK;
    if (is_special(path)) {
        dg_warn(s->options->messages, "%s: is neither a file nor a folder, and is left out", path);
        return DEMGRAD_OK;
    }
    const bool is_folder = dg_folder_is(path), is_raster = dg_folder_is_raster(path);
    if (is_folder && !is_raster)
        return kind == DG_FILE_OTHER ? DEMGRAD_OK : scan_subfolder(s, path, error);
    if (dg_name_filter_takes(s->filter, path + s->root_length))
        scan_file(s, path, kind, is_raster);
    else
        s->left_out = true;
    return DEMGRAD_OK;
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort(char **list) {
    if (list)
        qsort(list, (size_t)CSLCount((CSLConstList)list), sizeof *list, compare_names);
}

static demgrad_status scan_folder(scan *s, const char *folder, demgrad_error *error) {
    errno = 0;
    char **names = VSIReadDir(folder);
    if (!names && errno != 0)
        return dg_fail(error, DEMGRAD_READ_FAILED, "%s: this folder cannot be searched: %s", folder,
                       strerror(errno));
    sort(names);
    demgrad_status status = DEMGRAD_OK;
    for (int i = 0; names && names[i] && !status; i++) {
        if (names[i][0] == '.')
            continue;
        char *path = dg_path_join(folder, names[i]);
        status = path ? scan_entry(s, path, error) : dg_fail_memory(error, "the names in a folder");
        free(path);
    }
    CSLDestroy(names);
    return status;
}

/* The places of the files that make up the raster. */
static char **places_of(const char *raster) {
    GDALDatasetH dataset = GDALOpenEx(raster, GDAL_OF_RASTER, NULL, NULL, NULL);
    char **files = dataset ? GDALGetFileList(dataset) : NULL, **places = NULL;
    for (int i = 0; files && files[i]; i++) {
        char *place = dg_real_path(files[i]);
        add(&places, place);
        free(place);
    }
    CSLDestroy(files);
    if (dataset)
        GDALClose(dataset);
    return places;
}

static bool has_place(char **places, const char *path) {
    char *place = dg_real_path(path);
    const bool has = CSLFindStringCaseSensitive((CSLConstList)places, place) >= 0;
    free(place);
    return has;
}

/* Drops what belongs to another raster, such as the values beside a header. */
static void drop_parts(scan *s) {
    for (int i = 0; s->unknown && s->rasters && s->rasters[i]; i++) {
        char **places = places_of(s->rasters[i]), **kept = NULL;
        for (int j = 0; s->unknown && s->unknown[j]; j++) {
            if (!has_place(places, s->unknown[j]))
                add(&kept, s->unknown[j]);
        }
        CSLDestroy(s->unknown);
        CSLDestroy(places);
        s->unknown = kept;
    }
}

static bool has_any(char **places, char **paths) {
    bool has = false;
    for (int i = 0; paths && paths[i] && !has; i++)
        has = has_place(places, paths[i]);
    return has;
}

/* Takes the containers that stand for no raster that is there itself. */
static void take_containers(scan *s) {
    char **taken = NULL;
    for (int i = 0; s->containers && s->containers[i]; i++) {
        char **places = places_of(s->containers[i]);
        if (!has_any(places, s->rasters) && !has_any(places, s->outputs) &&
            !has_any(places, s->unknown))
            add(&taken, s->containers[i]);
        CSLDestroy(places);
    }
    s->rasters = CSLInsertStrings(s->rasters, -1, (CSLConstList)taken);
    CSLDestroy(taken);
}

static void warn_of_list(const scan *s, const char *folder, char **names, const char *text) {
    enum { NAMED = 3 };
    const int count = CSLCount((CSLConstList)names);
    if (count == 0)
        return;
    char *named = CPLStrdup(names[0]);
    for (int i = 1; i < count && i < NAMED; i++) {
        char *longer = CPLStrdup(CPLSPrintf("%s, %s", named, names[i]));
        CPLFree(named);
        named = longer;
    }
    const char *more = count > NAMED ? CPLSPrintf(" and %d more", count - NAMED) : "";
    dg_warn(s->options->messages, text, folder, named, more);
    CPLFree(named);
}

static demgrad_status take_found(scan *s, const char *folder, char ***paths, demgrad_error *error) {
    drop_parts(s);
    take_containers(s);
    char **found = CSLInsertStrings(s->rasters, -1, (CSLConstList)s->unknown);
    s->rasters = NULL;
    sort(found);
    *paths = CSLInsertStrings(*paths, -1, (CSLConstList)found);
    warn_of_list(s, folder, s->not_searched,
                 "%s: its subfolders are not searched: %s%s; give --recursive, or name them");
    warn_of_list(s, folder, s->archives,
                 "%s: archives in it are not opened: %s%s; unpack them, or name what is in them as "
                 "/vsizip/ARCHIVE/NAME or /vsitar/ARCHIVE/NAME");
    const bool is_none = !found && !s->outputs && !s->left_out;
    CSLDestroy(found);
    return is_none ? dg_fail(error, DEMGRAD_READ_FAILED, "%s: no raster is in this folder", folder)
                   : DEMGRAD_OK;
}

demgrad_status dg_folder_expand(const char *folder, const dg_expand_options *options,
                                const dg_name_filter *filter, char ***paths, demgrad_error *error) {
    const size_t length = strlen(folder);
    const bool has_slash = length > 0 && folder[length - 1] == '/';
    scan s = {.options = options, .filter = filter, .root_length = length + (has_slash ? 0 : 1)};
    demgrad_status status = scan_folder(&s, folder, error);
    if (!status)
        status = take_found(&s, folder, paths, error);
    CSLDestroy(s.rasters);
    CSLDestroy(s.unknown);
    CSLDestroy(s.containers);
    CSLDestroy(s.outputs);
    CSLDestroy(s.not_searched);
    CSLDestroy(s.archives);
    return status;
}
