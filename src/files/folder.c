#include "folder.h"

#include "containers.h"
#include "file_kind.h"
#include "holds_raster.h"
#include "memory.h"
#include "opened.h"
#include "path.h"
#include "real_path.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What a scan of a folder, and of those in it, has found. */
typedef struct scan {
    const dg_expand_options *options;
    const dg_name_filter *filter;
    size_t root_length;   /* of the folder that the user named, with its slash */
    dg_list rasters;      /* that GDAL knows */
    dg_list unknown;      /* that it does not */
    dg_list containers;   /* that it knows */
    dg_list outputs;      /* that `skip` leaves out */
    dg_list left_out;     /* rasters that the user does not want */
    dg_list partial;      /* containers of rasters that are there and of others */
    dg_list hidden;       /* rasters under hidden names */
    dg_list not_searched; /* subfolders */
    dg_list archives;
    bool is_short; /* there was no memory for a path that was looked at */
} scan;

static demgrad_status scan_folder(scan *s, const char *folder, demgrad_error *error);

/* Of the vector data of Arc/Info's grids beside them. */
static bool is_info(scan *s, const char *path) {
    if (!EQUAL(dg_path_name(path), "info"))
        return false;
    char *index = dg_path_join(path, "arc.dir");
    s->is_short |= !index;
    const bool has = index && dg_is_there(index);
    free(index);
    return has;
}

/* Whether it is a link to one of the folders that it is in, which would lead in a circle. */
static bool is_circle(scan *s, const char *path) {
    char *folder = dg_path_folder(path);
    char *place = dg_real_path(path), *from = folder ? dg_real_path(folder) : NULL;
    const size_t length = place ? strlen(place) : 0;
    s->is_short |= !place || !from;
    const bool is = place && from && strncmp(from, place, length) == 0 && strchr("/", from[length]);
    free(from);
    free(place);
    free(folder);
    return is;
}

static demgrad_status scan_subfolder(scan *s, const char *path, demgrad_error *error) {
    if (is_info(s, path) || is_circle(s, path) ||
        (s->options->skip && s->options->skip(path, s->options->user)))
        return DEMGRAD_OK;
    if (s->options->is_recursive)
        return scan_folder(s, path, error);
    dg_list_add(&s->not_searched, dg_path_name(path));
    return DEMGRAD_OK;
}

static bool is_vrt(const char *path) {
    const char *ending = strrchr(path, '.');
    return ending && EQUAL(ending, ".vrt");
}

static void scan_file(scan *s, const char *path, dg_file_kind kind, bool is_raster) {
    if (s->options->skip && s->options->skip(path, s->options->user))
        dg_list_add(&s->outputs, path);
    else if (kind == DG_FILE_CONTAINER && is_raster)
        dg_list_add(&s->containers, path);
    else if (is_raster)
        dg_list_add(&s->rasters, path);
    else if (kind == DG_FILE_RASTER || is_vrt(path))
        dg_list_add(&s->unknown, path);
    else if (kind == DG_FILE_ARCHIVE)
        dg_list_add(&s->archives, dg_path_name(path));
}

/* A pipe or a device would be waited for. */
static bool is_special(const char *path) {
    VSIStatBufL stat;
    return VSIStatL(path, &stat) == 0 && (S_ISFIFO(stat.st_mode) || S_ISSOCK(stat.st_mode) ||
                                          S_ISCHR(stat.st_mode) || S_ISBLK(stat.st_mode));
}

/* A side file is a raster where the user asks for its ending. */
static dg_file_kind kind_of(const scan *s, const char *path) {
    const dg_file_kind kind = dg_file_kind_of(dg_path_name(path));
    const bool can_be = kind == DG_FILE_SIDE || kind == DG_FILE_TEXT;
    return can_be && dg_name_filter_asks(s->filter, path + s->root_length) ? DG_FILE_RASTER : kind;
}

static demgrad_status scan_entry(scan *s, const char *path, demgrad_error *error) {
    const bool is_folder = dg_is_folder(path);
    const dg_file_kind kind = kind_of(s, path);
    if (!is_folder && (kind == DG_FILE_PART || kind == DG_FILE_SIDE))
        return DEMGRAD_OK;
    if (is_special(path)) {
        dg_warn(s->options->messages, "%s: is neither a file nor a folder, and is left out", path);
        return DEMGRAD_OK;
    }
    const bool is_raster = kind == DG_FILE_TEXT ? dg_holds_text_grid(path) : dg_holds_raster(path);
    if (is_folder && !is_raster)
        return kind == DG_FILE_OTHER ? DEMGRAD_OK : scan_subfolder(s, path, error);
    if (dg_name_filter_takes(s->filter, path + s->root_length))
        scan_file(s, path, kind, is_raster);
    else
        dg_list_add(&s->left_out, path);
    return DEMGRAD_OK;
}

/* Folders such as .git are nobody's tiles; nor does GDAL know what macOS lays beside a file as ._NAME. */
static void scan_hidden(scan *s, const char *path) {
    const char *name = dg_path_name(path);
    const bool is_raster = dg_file_kind_of(name) == DG_FILE_RASTER && !is_special(path) &&
                           !dg_is_folder(path) && dg_holds_raster(path);
    if (is_raster && dg_name_filter_takes(s->filter, path + s->root_length))
        dg_list_add(&s->hidden, name);
}

static demgrad_status scan_folder(scan *s, const char *folder, demgrad_error *error) {
    errno = 0;
    char **names = VSIReadDir(folder);
    if (!names && errno != 0)
        return dg_fail(error, DEMGRAD_READ_FAILED, "%s: this folder cannot be searched: %s", folder,
                       strerror(errno));
    dg_texts_sort(names, (size_t)CSLCount((CSLConstList)names));
    demgrad_status status = DEMGRAD_OK;
    for (int i = 0; names && names[i] && !status; i++) {
        char *path = dg_path_join(folder, names[i]);
        if (!path)
            status = dg_fail_memory(error, "the names in a folder");
        else if (names[i][0] == '.')
            scan_hidden(s, path);
        else
            status = scan_entry(s, path, error);
        free(path);
    }
    CSLDestroy(names);
    return status;
}

static bool has_place(scan *s, const dg_list *places, const char *path) {
    char *place = dg_real_path(path);
    bool has = false;
    s->is_short |= !place || places->is_short;
    for (size_t i = 0; i < places->count && place && !has; i++)
        has = strcmp(places->items[i], place) == 0;
    free(place);
    return has;
}

/* Drops what belongs to another raster, such as the values beside a header. */
static void drop_parts(scan *s, const dg_list *rasters) {
    for (size_t i = 0; s->unknown.count > 0 && i < rasters->count; i++) {
        dg_list places = dg_raster_places(rasters->items[i]), kept = {0};
        for (size_t j = 0; j < s->unknown.count; j++) {
            if (!has_place(s, &places, s->unknown.items[j]))
                dg_list_add(&kept, s->unknown.items[j]);
        }
        kept.is_short |= s->unknown.is_short;
        dg_list_free(&s->unknown);
        dg_list_free(&places);
        s->unknown = kept;
    }
}

/* Takes the containers that stand for no raster that is there itself, or was not wanted. */
static void take_containers(scan *s) {
    dg_list known = {0}, taken = {0};
    const dg_list *const lists[] = {&s->rasters, &s->outputs, &s->unknown, &s->left_out};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        dg_list_add_all(&known, dg_list_items(lists[i]));
    dg_containers_sort_out(&s->containers, &known, &taken, &s->partial);
    dg_list_add_all(&s->rasters, dg_list_items(&taken));
    s->rasters.is_short |= known.is_short || taken.is_short;
    dg_list_free(&taken);
    dg_list_free(&known);
}

static void warn_of_list(const scan *s, const char *folder, const dg_list *names,
                         const char *text) {
    char named[DEMGRAD_MESSAGE_SIZE / 2];
    dg_list_name_some(names, named, sizeof named);
    if (names->count > 0)
        dg_warn(s->options->messages, text, folder, named);
}

static demgrad_status take_found(scan *s, const char *folder, dg_list *paths,
                                 demgrad_error *error) {
    drop_parts(s, &s->rasters);
    drop_parts(s, &s->outputs);
    take_containers(s);
    dg_list_add_all(&s->rasters, dg_list_items(&s->unknown));
    dg_texts_sort(s->rasters.items, s->rasters.count);
    dg_list_add_all(paths, dg_list_items(&s->rasters));
    warn_of_list(s, folder, &s->not_searched,
                 "%s: its subfolders are not searched: %s; give --recursive, or name them");
    warn_of_list(s, folder, &s->archives,
                 "%s: archives in it are not opened: %s; unpack them, or name what is in them as "
                 "/vsizip/ARCHIVE/NAME or /vsitar/ARCHIVE/NAME");
    warn_of_list(
        s, folder, &s->partial,
        "%s: what is made of rasters in it and of others is an input only by its name: %s");
    warn_of_list(s, folder, &s->hidden,
                 "%s: rasters with hidden names are inputs only by their names: %s");
    const bool is_none = s->rasters.count == 0 && s->outputs.count == 0 && s->left_out.count == 0;
    return is_none ? dg_fail(error, DEMGRAD_READ_FAILED, "%s: no raster is in this folder", folder)
                   : DEMGRAD_OK;
}

demgrad_status dg_folder_expand(const char *folder, const dg_expand_options *options,
                                const dg_name_filter *filter, dg_list *paths,
                                demgrad_error *error) {
    const size_t length = strlen(folder);
    const bool has_slash = length > 0 && folder[length - 1] == '/';
    scan s = {.options = options, .filter = filter, .root_length = length + (has_slash ? 0 : 1)};
    dg_list *const lists[] = {&s.rasters, &s.unknown, &s.containers,   &s.outputs, &s.left_out,
                              &s.partial, &s.hidden,  &s.not_searched, &s.archives};
    demgrad_status status = scan_folder(&s, folder, error);
    if (!status)
        status = take_found(&s, folder, paths, error);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (lists[i]->is_short)
            status = dg_list_check(lists[i], error);
        dg_list_free(lists[i]);
    }
    return s.is_short && !status ? dg_fail_memory(error, "the names in a folder") : status;
}
