#include "report.h"

#include "message.h"
#include "raster_options.h"

#include <cpl_conv.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_same_file(const char *a, const char *b) {
    struct stat stat_a, stat_b;
    if (strcmp(a, b) == 0)
        return true;
    return stat(a, &stat_a) == 0 && stat(b, &stat_b) == 0 && stat_a.st_dev == stat_b.st_dev &&
           stat_a.st_ino == stat_b.st_ino;
}

static bool is_raster_of(const dg_arguments *a, const char *path) {
    for (size_t i = 0; i < a->input_count; i++) {
        if (is_same_file(path, a->inputs[i]))
            return true;
    }
    return a->output && is_same_file(path, a->output);
}

bool dg_report_is_possible(const dg_arguments *a) {
    if (is_raster_of(a, a->report)) {
        dg_message_error("%s: the report would replace this raster; give it another name",
                         a->report);
        return false;
    }
    const char *folder = CPLGetPath(a->report);
    struct stat there;
    const bool is_there = stat(a->report, &there) == 0;
    errno = is_there && S_ISDIR(there.st_mode) ? EISDIR : 0;
    if (errno == 0 && access(is_there ? a->report : *folder ? folder : ".", W_OK) == 0)
        return true;
    dg_message_error("%s: the report cannot be written there: %s; nothing was done", a->report,
                     strerror(errno));
    return false;
}

static void write_option(dg_json *json, const dg_option *o, const demgrad_raster_options *options) {
    const void *field = (const char *)options + o->field;
    char key[32], text[256];
    snprintf(key, sizeof key, "%s", o->name);
    for (char *c = key; *c; c++)
        *c = *c == '-' ? '_' : *c;
    dg_option_text(o, options, text, sizeof text);
    if (o->kind == DG_OPTION_INTEGER)
        dg_json_integer(json, key, *(const int *)field);
    else if (o->kind == DG_OPTION_NUMBER)
        dg_json_number(json, key, *(const double *)field);
    else
        dg_json_string(json, key, text);
}

void dg_report_options(dg_json *json, const demgrad_raster_options *options) {
    for (size_t i = 0; i < dg_raster_option_count; i++) {
        const dg_option *o = &dg_raster_options[i];
        if ((o->group == DG_GROUP_MEANING || o->group == DG_GROUP_BANDS) &&
            o->kind != DG_OPTION_COORDINATES && o->kind != DG_OPTION_DISTANCES)
            write_option(json, o, options);
    }
}

static void write_warnings(dg_json *json, char **warnings) {
    dg_json_open(json, "warnings", '[');
    for (int i = 0; warnings && warnings[i]; i++)
        dg_json_string(json, NULL, warnings[i]);
    dg_json_close(json, ']');
}

int dg_report_write(const dg_arguments *arguments, dg_report_members members, const void *user,
                    char **warnings) {
    if (!arguments->report)
        return EXIT_DONE;
    FILE *file = fopen(arguments->report, "w");
    if (file) {
        dg_json json = {.file = file};
        dg_json_open(&json, NULL, '{');
        dg_json_string(&json, "version", demgrad_version());
        members(&json, user);
        write_warnings(&json, warnings);
        dg_json_close(&json, '}');
        const bool written = !ferror(file);
        if (fclose(file) == 0 && written)
            return EXIT_DONE;
    }
    dg_message_error("%s: the report cannot be written: %s; what was computed is whole",
                     arguments->report, strerror(errno));
    return EXIT_FAILED;
}
