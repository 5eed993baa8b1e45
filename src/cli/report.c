#include "report.h"

#include "file_set.h"
#include "message.h"
#include "path.h"
#include "publish.h"
#include "raster_options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How every report begins. */
static const char BEGIN[] = "{\n  \"program\": \"demgrad\",\n  \"version\": ";

bool dg_report_is_stdout(const dg_arguments *a) {
    return a->report &&
           (strcmp(a->report, "-") == 0 || dg_path_descriptor(a->report) == STDOUT_FILENO);
}

/* A pipe, a terminal, /dev/null, /dev/fd/3: what is written to it goes on somewhere else, or after what is
 * there. */
static bool is_stream(const char *path) {
    struct stat found;
    return dg_path_descriptor(path) >= 0 ||
           (stat(path, &found) == 0 && (S_ISFIFO(found.st_mode) || S_ISCHR(found.st_mode)));
}

/* Whether it can be written to; else errno says why not. */
static bool may_write(const char *stream) {
    const int descriptor = dg_path_descriptor(stream);
    if (descriptor < 0)
        return access(stream, W_OK) == 0;
    const int flags = fcntl(descriptor, F_GETFL);
    errno = EBADF;
    return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

/* To be closed, but stdout. */
static FILE *open_stream(const dg_arguments *a) {
    const int descriptor = dg_path_descriptor(a->report);
    if (dg_report_is_stdout(a))
        return stdout;
    if (descriptor < 0)
        return fopen(a->report, "we");
    const int own = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    return own < 0 ? NULL : fdopen(own, "w");
}

/* Whether the file may be replaced without being asked: it is an older report, or empty. */
static bool is_report(const char *path, const char *origin) {
    (void)origin;
    char text[sizeof BEGIN - 1];
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    const size_t length = fread(text, 1, sizeof text, file);
    fclose(file);
    return length == 0 || (length == sizeof text && memcmp(text, BEGIN, length) == 0);
}

static dg_target target_of(const dg_arguments *a, bool overwrite) {
    return (dg_target){.path = a->report, .overwrite = overwrite, .is_own = is_report};
}

/* The plain cases, told before any file is opened; those of files that inputs refer to are found later. */
static bool is_in_use(const dg_arguments *a) {
    dg_file_set *files = dg_file_set_new();
    bool has_all = files != NULL;
    for (size_t i = 0; has_all && i < a->input_count; i++)
        has_all = dg_file_set_add(files, a->inputs[i], a->inputs[i]);
    if (has_all && a->output)
        has_all = dg_file_set_add_future(files, a->output, a->output);
    const char *taken = NULL;
    if (has_all)
        dg_file_set_find(files, a->report, &taken, NULL);
    struct stat found;
    const bool is_in_use = taken && (stat(taken, &found) != 0 || S_ISREG(found.st_mode));
    if (is_in_use)
        dg_message_error("%s: the report would replace %s; give it another name", a->report, taken);
    dg_file_set_free(files);
    return is_in_use;
}

bool dg_report_is_possible(dg_arguments *a) {
    if (!a->report || strcmp(a->report, "-") == 0)
        return true;
    if (is_in_use(a))
        return false;
    if (is_stream(a->report)) {
        if (may_write(a->report))
            return true;
        dg_message_error("%s: the report cannot be written there: %s; nothing was done", a->report,
                         strerror(errno));
        return false;
    }
    struct stat found;
    a->report_exists = stat(a->report, &found) == 0;
    demgrad_error error;
    const dg_target target = target_of(a, a->raster.overwrite);
    if (dg_publish_may(&target, &error) == DEMGRAD_OK)
        return true;
    dg_message_error("%s (the report; nothing was done)", error.message);
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

/* What a number means, always; what is taken in place of what the input says, where it is. */
static bool is_reported(const dg_option *o, const demgrad_raster_options *options) {
    const bool is_given = dg_raster_option_is_set(o, options);
    if (o->group == DG_GROUP_INPUT || o->kind == DG_OPTION_DISTANCES)
        return is_given;
    return (o->group == DG_GROUP_MEANING || o->group == DG_GROUP_BANDS) &&
           o->kind != DG_OPTION_COORDINATES;
}

void dg_report_options(dg_json *json, const demgrad_raster_options *options) {
    for (size_t i = 0; i < dg_raster_option_count; i++) {
        if (is_reported(&dg_raster_options[i], options))
            write_option(json, &dg_raster_options[i], options);
    }
}

static void write_warnings(dg_json *json, char **warnings) {
    dg_json_open(json, "warnings", '[');
    for (int i = 0; warnings && warnings[i]; i++)
        dg_json_string(json, NULL, warnings[i]);
    dg_json_close(json, ']');
}

/* What a report consists of. */
typedef struct contents {
    dg_report_members members;
    const void *user;
    char **warnings;
} contents;

/* Writes to an open file, and closes it unless it is stdout; false with errno. */
static bool write_to(FILE *file, const contents *c) {
    if (!file)
        return false;
    dg_json json = {.file = file};
    dg_json_open(&json, NULL, '{');
    dg_json_string(&json, "program", "demgrad");
    dg_json_string(&json, "version", demgrad_version());
    c->members(&json, c->user);
    write_warnings(&json, c->warnings);
    dg_json_close(&json, '}');
    const bool is_written = fflush(file) == 0 && !ferror(file);
    return (file == stdout || fclose(file) == 0) && is_written;
}

static demgrad_status write_file(const dg_arguments *a, const contents *c, demgrad_error *error) {
    dg_publication *publication;
    const dg_target target = target_of(a, a->raster.overwrite && a->report_exists);
    demgrad_status status = dg_publish_begin(&target, &publication, error);
    if (status)
        return status;
    if (write_to(fopen(dg_publication_temporary(publication), "we"), c))
        return dg_publish(publication, error);
    status = dg_fail(error, DEMGRAD_WRITE_FAILED, "%s: the report cannot be written: %s", a->report,
                     strerror(errno));
    status = dg_publish_explain(publication, status, error);
    dg_publish_discard(publication);
    return status;
}

int dg_report_write(const dg_arguments *arguments, dg_report_members members, const void *user,
                    char **warnings) {
    const dg_arguments *a = arguments;
    const contents c = {members, user, warnings};
    demgrad_error error;
    if (!a->report)
        return EXIT_DONE;
    demgrad_status status = DEMGRAD_OK;
    if (!dg_report_is_stdout(a) && !is_stream(a->report))
        status = write_file(a, &c, &error);
    else if (!write_to(open_stream(a), &c))
        status = dg_fail(&error, DEMGRAD_WRITE_FAILED, "%s: the report cannot be written: %s",
                         a->report, strerror(errno));
    if (status)
        dg_message_error("%s; what was computed is whole", error.message);
    return status ? EXIT_FAILED : EXIT_DONE;
}
