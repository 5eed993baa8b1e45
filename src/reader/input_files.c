#include "input_files.h"

#include "clock.h"
#include "gdal_driver.h"
#include "memory.h"
#include "number_text.h"
#include "opened.h"
#include "pam.h"
#include "path.h"
#include "vrt_source.h"
#include "whole_file.h"

#include <cpl_conv.h>
#include <cpl_minixml.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <ogr_api.h>
#include <stdlib.h>
#include <string.h>

/* How deep files may refer to others; each is looked at once all the same. */
enum { DEEPEST = 40, MOST_PARTS = 16 };

/* A walk from file to file. */
typedef struct walk {
    dg_file_set *set;  /* of all inputs */
    dg_file_set *seen; /* on this walk */
    dg_stamper *stamper;
    dg_hash *stamp;
    const char *label; /* the input, for messages */
    int depth;
    bool has_index; /* files may be vector ones that list rasters */
    bool has_memory;
    demgrad_status status; /* of files that are cut short */
    demgrad_error *error;
} walk;

static void add_name(walk *w, const char *name);

/* What others note beside a raster is read when it is opened. */
static void add_file(walk *w, const char *path) {
    dg_clock_settle(path);
    w->has_memory &=
        (dg_is_pam(path) ? dg_file_set_add : dg_file_set_watch)(w->set, path, w->label);
    w->has_memory &= dg_file_set_add(w->seen, path, w->label);
    if (w->stamper)
        w->has_memory &= dg_stamp_add(w->stamper, w->stamp, path);
}

/* GDAL's file systems that read from another file: what follows their name, up to the file's. */
static const struct archive {
    const char *prefix, *before;
} ARCHIVES[] = {{"/vsizip/", ""},      {"/vsitar/", ""},        {"/vsigzip/", ""},
                {"/vsi7z/", ""},       {"/vsirar/", ""},        {"/vsisparse/", ""},
                {"/vsisubfile/", ","}, {"/vsicrypt/", "file="}, {"/vsicached?", "file="}};

/* What is in the archive's name, which may be another one's; NULL: no archive. */
static const char *inside(const char *path) {
    for (size_t i = 0; i < sizeof ARCHIVES / sizeof *ARCHIVES; i++) {
        const struct archive *a = &ARCHIVES[i];
        const size_t length = strlen(a->prefix);
        if (strncmp(path, a->prefix, length) != 0)
            continue;
        const char *rest = strstr(path + length, a->before);
        return rest ? rest + strlen(a->before) : path + length;
    }
    return NULL;
}

/* Adds the shortest leading part of `path` that is a file. */
static void add_leading_file(walk *w, const char *path) {
    char *name = strdup(path);
    VSIStatBufL found;
    w->has_memory &= name != NULL;
    for (char *end = name; end;) {
        end = strpbrk(end + 1, "/}&");
        const char cut = end ? *end : '\0';
        if (end)
            *end = '\0';
        if (VSIStatL(name, &found) == 0 && VSI_ISREG(found.st_mode)) {
            add_name(w, name);
            break;
        }
        if (end)
            *end = cut;
    }
    free(name);
}

static bool is_remote(const char *name) {
    return dg_path_is_virtual(name) && !inside(name) && strncmp(name, "/vsimem/", 8) != 0;
}

static void add_archive(walk *w, const char *path) {
    const char *rest = path, *next;
    while ((next = inside(rest)))
        rest = *next == '{' ? next + 1 : next;
    if (strncmp(path, "/vsistdin", 9) == 0)
        w->has_memory &= dg_file_set_add(w->set, "/dev/stdin", w->label);
    else if (strncmp(path, "/vsimem/", 8) == 0)
        add_file(w, path);
    else if (rest != path && !dg_path_is_virtual(rest))
        add_leading_file(w, rest);
}

/* A part of a name, as seen from `folder` (NULL: the working one), if it is a file. */
static void add_part(walk *w, const char *part, size_t length, const char *folder) {
    VSIStatBufL found;
    char *text = strndup(part, length);
    char *path = text && folder && !dg_path_is_virtual(text) ? dg_path_join(folder, text) : text;
    w->has_memory &= path != NULL;
    if (path && *text && (dg_path_is_virtual(path) || VSIStatL(path, &found) == 0))
        add_name(w, path);
    if (path != text)
        free(path);
    free(text);
}

/* Adds what parts of a name such as NETCDF:"x.nc":z or vrt://x.tif?bands=1 are files. */
static void add_parts(walk *w, const char *name, const char *folder) {
    static const char BETWEEN[] = "\":,?";
    const char *more = name;
    if (EQUALN(name, "vrt://", 6))
        add_part(w, name + 6, strcspn(name + 6, "?"), folder);
    for (int i = 0; i < MOST_PARTS && more; i++)
        more = strpbrk(more + (*more != '\0'), BETWEEN);
    if (more) /* a text, and no name */
        return;
    for (const char *begin = name; *begin; begin += strcspn(begin, BETWEEN), begin += *begin != 0) {
        for (size_t n = strcspn(begin, BETWEEN);; n += 1 + strcspn(begin + n + 1, BETWEEN)) {
            if (begin != name || begin[n])
                add_part(w, begin, n, folder);
            if (!begin[n])
                break;
        }
    }
}

/* Adds the file that a text is the name of, be it of those that count from `folder` (NULL: none do), or of
 * the others. */
static void add_text(walk *w, const char *text, const char *folder, bool may_be_other) {
    enum { LONGEST = 8192 };
    const bool is_tree = *text == '<';
    if (!is_tree && (dg_is_number_text(text) || strlen(text) > LONGEST))
        return;
    if (folder && !is_tree) {
        add_part(w, text, strlen(text), folder);
        add_parts(w, text, folder);
    }
    if (may_be_other || is_tree || !folder)
        add_name(w, text);
}

/* Adds the files that the texts of an XML tree name, each as its element says. */
static void add_xml(walk *w, const CPLXMLNode *node, const char *folder) {
    for (const CPLXMLNode *child = node->psChild; child; child = child->psNext) {
        const char *relative = CPLGetXMLValue((CPLXMLNode *)node, "relativeToVRT", NULL);
        if (child->eType == CXT_Element)
            add_xml(w, child, folder);
        else if (child->eType == CXT_Text && node->eType == CXT_Element)
            add_text(w, child->pszValue, relative && EQUAL(relative, "0") ? NULL : folder,
                     !relative || !EQUAL(relative, "1"));
    }
}

static void check_raw_band(walk *w, const CPLXMLNode *vrt, const CPLXMLNode *band,
                           const char *folder) {
    char *path;
    w->has_memory &= dg_vrt_source_path(band, folder, true, &path);
    if (path && !w->status)
        w->status = dg_check_whole_raw(vrt, band, path, w->error);
    free(path);
}

/* Of the VRT, or of what it has as its mask. */
static void check_raw_bands(walk *w, const CPLXMLNode *vrt, const CPLXMLNode *parent,
                            const char *folder) {
    for (const CPLXMLNode *band = parent->psChild; band; band = band->psNext) {
        if (EQUAL(CPLGetXMLValue((CPLXMLNode *)band, "subClass", ""), "VRTRawRasterBand"))
            check_raw_band(w, vrt, band, folder);
        else if (EQUAL(band->pszValue, "MaskBand"))
            check_raw_bands(w, vrt, band, folder);
    }
}

static void add_xml_trees(walk *w, CPLXMLNode *tree, const char *folder) {
    for (const CPLXMLNode *root = tree; root; root = root->psNext) {
        check_raw_bands(w, root, root, folder);
        add_xml(w, root, folder);
    }
    if (tree)
        CPLDestroyXMLNode(tree);
}

/* Adds the rasters that a tile index names. */
static void add_index(walk *w, const char *path, const char *folder) {
    dg_opened opened;
    dg_opened_begin(&opened, path);
    GDALDatasetH index = GDALOpenEx(opened.name, GDAL_OF_VECTOR, NULL, NULL, NULL);
    opened.dataset = index;
    for (int i = 0; index && i < GDALDatasetGetLayerCount(index); i++) {
        OGRLayerH layer = GDALDatasetGetLayer(index, i);
        const int fields = OGR_FD_GetFieldCount(OGR_L_GetLayerDefn(layer));
        for (OGRFeatureH f; (f = OGR_L_GetNextFeature(layer)); OGR_F_Destroy(f)) {
            for (int j = 0; j < fields; j++) {
                if (OGR_Fld_GetType(OGR_F_GetFieldDefnRef(f, j)) == OFTString)
                    add_text(w, OGR_F_GetFieldAsString(f, j), folder, true);
            }
        }
    }
    dg_opened_end(&opened);
}

/* GDAL itself tells where pixels of a TIFF end too early. */
static bool is_tiff(const unsigned char *head) {
    static const char *const BEGINS[] = {"II*\0", "II+\0", "MM\0*", "MM\0+"};
    bool is = false;
    for (size_t i = 0; i < sizeof BEGINS / sizeof *BEGINS; i++)
        is |= memcmp(head, BEGINS[i], 4) == 0;
    return is;
}

/* Of what the input takes its pixels from. */
static void check_source(walk *w, const char *name) {
    if (!w->status)
        w->status = dg_check_whole_source(name, w->error);
}

static bool is_xml(const char *text) {
    return text[strspn(text, "\xef\xbb\xbf \t\r\n")] == '<';
}

/* Checks that a file is whole as far as its head tells, and says whether it is XML. */
static bool look_at_head(walk *w, const char *path) {
    unsigned char head[DG_HEAD_BYTES + 1] = "";
    VSILFILE *file = VSIFOpenL(path, "rb");
    if (!file)
        return false;
    VSIFReadL(head, 1, DG_HEAD_BYTES, file);
    if (!w->status)
        w->status = dg_check_whole(path, head, file, w->error);
    VSIFCloseL(file);
    if (w->depth > 1 && !is_tiff(head))
        check_source(w, path);
    return is_xml((const char *)head);
}

static void check_pam_of(walk *w, const char *raster) {
    if (!w->status)
        w->status = dg_check_pam_of(raster, w->error);
}

/* VRTs and tile indexes say all themselves. */
static bool has_pam(const CPLXMLNode *tree) {
    CPLXMLNode *root = (CPLXMLNode *)tree;
    return !CPLGetXMLNode(root, "=VRTDataset") && !CPLGetXMLNode(root, "=GDALTileIndexDataset");
}

static void check_pams(walk *w, const char *path, const CPLXMLNode *tree) {
    if (w->status)
        return;
    if (dg_is_pam(path))
        w->status = dg_check_pam(path, w->error);
    else if (tree && !has_pam(tree))
        w->status = dg_check_numbers(tree, path, w->error);
    else
        check_pam_of(w, path);
}

static void look_inside(walk *w, const char *path) {
    char *folder = dg_path_base(path);
    w->has_memory &= folder != NULL;
    w->depth++;
    const bool has_xml = look_at_head(w, path);
    CPLXMLNode *tree = folder && has_xml ? CPLParseXMLFile(path) : NULL;
    check_pams(w, path, tree);
    if (folder && has_xml)
        add_xml_trees(w, tree, folder);
    else if (folder && w->has_index)
        add_index(w, path, folder);
    w->depth--;
    free(folder);
}

/* A tile index that GDAL takes for a raster is told by its name. */
static bool names_index(const char *name) {
    return EQUALN(name, "GTI:", 4) || strstr(name, ".gti");
}

/* What is in an archive, or in memory. */
static void look_at_packed(walk *w, const char *name) {
    VSIStatBufL found;
    w->has_memory &= dg_file_set_add(w->seen, name, w->label);
    if (VSIStatL(name, &found) == 0 && VSI_ISREG(found.st_mode))
        look_inside(w, name);
    else
        check_pam_of(w, name);
}

/* Adds what GDAL would open under a name. */
static void add_name(walk *w, const char *name) {
    VSIStatBufL found;
    w->has_index |= names_index(name);
    if (w->depth > DEEPEST || !*name)
        return;
    if (*name == '<') {
        w->depth++;
        add_xml_trees(w, CPLParseXMLString(name), NULL);
        w->depth--;
    } else if (dg_path_is_virtual(name)) {
        const bool is_seen = dg_file_set_has(w->seen, name);
        add_archive(w, name);
        if (!is_seen && !is_remote(name))
            look_at_packed(w, name);
    } else if (VSIStatL(name, &found) != 0) {
        w->depth++;
        add_parts(w, name, NULL);
        w->depth--;
    } else if (!dg_file_set_has(w->seen, name)) {
        add_file(w, name);
        if (VSI_ISREG(found.st_mode))
            look_inside(w, name);
        else
            check_pam_of(w, name);
    }
}

/* Whether notes on rasters (.aux.xml) may be elsewhere, where GDAL alone knows which are whose. */
static bool has_proxies(void) {
    return CPLGetConfigOption("GDAL_PAM_PROXY_DIR", NULL) != NULL;
}

/* What its files are, in a plain case. */
static bool is_one_file(GDALDatasetH dataset, const char *name) {
    VSIStatBufL found;
    return dg_has_driver(dataset, "GTiff") && !dg_path_is_virtual(name) &&
           VSIStatL(name, &found) == 0 && !has_proxies();
}

static void add_dataset(walk *w, GDALDatasetH dataset, const char *name) {
    if (is_one_file(dataset, name)) {
        add_file(w, name);
        check_pam_of(w, name);
        return;
    }
    if (is_remote(name))
        check_pam_of(w, name);
    w->has_index |= dg_has_driver(dataset, "GTI");
    add_name(w, name);
    const bool is_packed = is_remote(name) || inside(name);
    char **files = is_packed && !has_proxies() ? NULL : GDALGetFileList(dataset);
    for (int i = 0; files && files[i]; i++)
        add_name(w, files[i]);
    CSLDestroy(files);
}

/* Also where its files are not of this machine, or in an archive. */
static void add_input(walk *w, GDALDatasetH dataset, const char *name) {
    dg_gdal_errors ignored;
    if (dataset)
        w->status = dg_check_whole_dataset(dataset, w->error);
    dg_gdal_errors_begin(&ignored);
    if (w->stamper)
        w->has_memory &= dg_stamp_add_name(w->stamp, name);
    if (dataset)
        add_dataset(w, dataset, name);
    else
        add_name(w, name);
    dg_gdal_errors_end(&ignored);
}

demgrad_status dg_input_files_add(dg_file_set *set, GDALDatasetH dataset, const char *name,
                                  dg_stamper *stamper, dg_hash *stamp, demgrad_error *error) {
    char *label = dg_format(NULL, "the input %s", name);
    walk w = {.set = set,
              .seen = dg_file_set_new(),
              .stamper = stamper,
              .stamp = stamp,
              .label = label,
              .has_memory = true,
              .error = error};
    w.has_memory = label && w.seen;
    if (w.has_memory)
        add_input(&w, dataset, name);
    dg_file_set_free(w.seen);
    free(label);
    return w.has_memory ? w.status : dg_fail_memory(error, "the names of an input's files");
}
