#include "text_format.h"

#include "memory.h"
#include "text_words.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <stdlib.h>
#include <string.h>

/* What a header tells of the numbers after it. */
typedef struct layout {
    int64_t columns, rows;
    int width,
        lead; /* of fields that have no blanks between them, and of what each line begins with */
    char dummy[64]; /* the word for nodata, where the format has one */
    bool has_grid;  /* else there is nothing to check, or GDAL refuses the file */
} layout;

struct dg_text_format {
    const char *driver, *begin;
    demgrad_status (*read_header)(dg_words *, layout *, demgrad_error *);
    bool has_rows; /* each begins on a line of its own, and a line of blanks counts as a number */
    bool wants_point; /* without one, GDAL multiplies by 10 to the number of decimals */
    bool goes_on;     /* there is more after the numbers */
};

static demgrad_status check_key(const dg_words *w, const char *key, demgrad_error *error) {
    return dg_is_number(w->word, false) ? DEMGRAD_OK : dg_fail_header_word(w, key, error);
}

/* Surfer: DSAA, columns, rows, the ends of x, y and z. */
static demgrad_status read_surfer(dg_words *w, layout *l, demgrad_error *error) {
    static const char *const KEYS[] = {"columns", "rows",      "least x", "largest x",
                                       "least y", "largest y", "least z", "largest z"};
    demgrad_status status = DEMGRAD_OK;
    l->has_grid = dg_next_word(w);
    for (int i = 0; i < 8 && l->has_grid && !status; i++) {
        l->has_grid = dg_next_word(w);
        status = l->has_grid ? check_key(w, KEYS[i], error) : status;
        if (i == 0)
            l->columns = strtoll(w->word, NULL, 10);
        if (i == 1)
            l->rows = strtoll(w->word, NULL, 10);
    }
    return status;
}

/* The value of a line such as `lat min : 45.5`, whose key is left; NULL: it is none. */
static const char *take_value(dg_words *w, char key[DG_WORD_SIZE]) {
    CPLStrlcpy(key, w->word, DG_WORD_SIZE);
    char *end = strpbrk(key, ":=");
    if (!end)
        return NULL;
    const char *value = w->word + (end - key) + 1;
    memmove(w->word, value + strspn(value, " \t"), strlen(value + strspn(value, " \t")) + 1);
    while (end > key && (unsigned char)end[-1] <= ' ')
        end--;
    *end = '\0';
    return w->word;
}

/* GDAL reads degrees and minutes since 3.9. */
static bool is_degrees(const char *value) {
    return strstr(value, "\xc2\xb0") && atoi(GDALVersionInfo("VERSION_NUM")) >= 3090000;
}

/* The International Service for the Geoid. */
static demgrad_status read_geoid(dg_words *w, layout *l, demgrad_error *error) {
    static const char *const NUMBERS[] = {"lat min",   "lat max", "lon min", "lon max", "delta lat",
                                          "delta lon", "nrows",   "ncols",   "nodata",  NULL};
    char key[DG_WORD_SIZE];
    demgrad_status status = DEMGRAD_OK;
    while (!l->has_grid && !status && dg_next_line(w)) {
        l->has_grid = strstr(w->word, "end_of_head") != NULL;
        const char *value = take_value(w, key);
        if (!value || CSLFindStringCaseSensitive((CSLConstList)NUMBERS, key) < 0)
            continue;
        status = is_degrees(value) ? status : check_key(w, key, error);
        if (strcmp(key, "nrows") == 0)
            l->rows = strtoll(value, NULL, 10);
        if (strcmp(key, "ncols") == 0)
            l->columns = strtoll(value, NULL, 10);
    }
    return status;
}

static void take_geosoft(layout *l, const char *key, const char *value) {
    if (STARTS_WITH_CI(key, "#POIN"))
        l->columns = strtoll(value, NULL, 10);
    if (STARTS_WITH_CI(key, "#ROWS"))
        l->rows = strtoll(value, NULL, 10);
    if (STARTS_WITH_CI(key, "#DUMM"))
        CPLStrlcpy(l->dummy, value, sizeof l->dummy);
}

/* Geosoft: a key's value is on the next line. Grids that are compressed (#GTYPE) are no numbers. */
static demgrad_status read_geosoft(dg_words *w, layout *l, demgrad_error *error) {
    static const char *const NUMBERS[] = {"#POIN", "#ROWS", "#PTSE", "#RWSE", "#XORI",
                                          "#YORI", "#ROTA", "#SENS", "#GTYP"};
    char key[DG_WORD_SIZE] = "";
    demgrad_status status = DEMGRAD_OK;
    bool is_packed = false;
    while (!status && dg_next_line(w)) {
        if (STARTS_WITH_CI(w->word, "#GRID")) {
            l->has_grid = !is_packed;
            break;
        }
        bool is_wanted = false;
        for (size_t i = 0; i < sizeof NUMBERS / sizeof *NUMBERS; i++)
            is_wanted |= STARTS_WITH_CI(*w->word == '#' ? w->word : key, NUMBERS[i]);
        if (*w->word == '#') {
            CPLStrlcpy(key, w->word, sizeof key);
            if ((is_wanted || STARTS_WITH_CI(key, "#DUMM")) && strpbrk(key, " \t"))
                status = dg_fail_header_word(w, "(on one line)", error);
        } else {
            status = is_wanted ? check_key(w, key, error) : status;
            is_packed |= STARTS_WITH_CI(key, "#GTYP") && atoi(w->word) != 0;
            take_geosoft(l, key, w->word);
            *key = '\0';
        }
    }
    return status;
}

/* What is between the commas of a header's line; a line of comment begins with '!'. */
static dg_list next_parts(dg_words *w) {
    bool is_there = dg_next_line(w);
    while (is_there && *w->word == '!')
        is_there = dg_next_line(w);
    dg_list parts = {0};
    dg_list_split(&parts, is_there ? w->word : "", ",");
    return parts;
}

static demgrad_status check_parts(dg_words *w, const dg_list *parts, const char *const *names,
                                  demgrad_error *error) {
    demgrad_status status = DEMGRAD_OK;
    for (int i = 0; names[i] && !status; i++) {
        const char *part = parts->items[i] + strspn(parts->items[i], " ");
        CPLStrlcpy(w->word, part, 1 + (size_t)(strcspn(part, " ")));
        status = check_key(w, names[i], error);
    }
    return status;
}

/* ZMap: a name, GRID, numbers a line; a field's width, nodata, ...; rows, columns, the ends of x and y; a line
 * that GDAL leaves out; @. */
static demgrad_status read_zmap(dg_words *w, layout *l, demgrad_error *error) {
    static const char *const OF_FIELD[] = {"width", "nodata", NULL};
    static const char *const OF_SIZE[] = {"rows",    "columns",   "least x", "largest x",
                                          "least y", "largest y", NULL};
    dg_list name = next_parts(w), field = next_parts(w), size = next_parts(w);
    demgrad_status status = name.is_short || field.is_short || size.is_short
                                ? dg_fail_memory(error, "a header")
                                : DEMGRAD_OK;
    l->has_grid = !status && name.count == 3 && *name.items[0] == '@' && field.count == 5 &&
                  size.count == 6 && dg_next_line(w) && dg_next_line(w) && *w->word == '@' &&
                  atoi(field.items[0]) > 0;
    if (l->has_grid) {
        l->width = atoi(field.items[0]);
        l->rows = strtoll(size.items[0], NULL, 10);
        l->columns = strtoll(size.items[1], NULL, 10);
        status = check_parts(w, &field, OF_FIELD, error);
        status = status ? status : check_parts(w, &size, OF_SIZE, error);
    }
    dg_list_free(&name);
    dg_list_free(&field);
    dg_list_free(&size);
    return status;
}

/* R's objects as text: RDA2, A, five numbers, the flags, the length and the letters of a name, what the object
 * is (the last byte: 14 for numbers), how many numbers. */
static demgrad_status read_r(dg_words *w, layout *l, demgrad_error *error) {
    (void)error;
    bool is_there = true;
    for (int i = 0; i < 11 && is_there; i++)
        is_there = dg_next_word(w);
    l->has_grid = is_there && atoi(w->word) % 256 == 14 && dg_next_word(w);
    l->rows = 1;
    l->columns = strtoll(w->word, NULL, 10);
    return DEMGRAD_OK;
}

/* Japan's mesh: columns and rows stand in the first line, of 1011 bytes; the others begin with nine characters,
 * and have decimetres in five characters each after them. */
static demgrad_status read_japanese(dg_words *w, layout *l, demgrad_error *error) {
    (void)error;
    char size[4] = "";
    l->has_grid = dg_next_line(w) && strlen(w->word) > 29 && dg_words_place(w) == 1011;
    if (l->has_grid) {
        memcpy(size, w->word + 23, 3);
        l->columns = atoi(size);
        memcpy(size, w->word + 26, 3);
        l->rows = atoi(size);
    }
    l->width = 5;
    l->lead = 9;
    return DEMGRAD_OK;
}

static const dg_text_format FORMATS[] = {
    {.driver = "GSAG", .begin = "DSAA", .read_header = read_surfer},
    {.driver = "ISG", .begin = "begin_of_head", .read_header = read_geoid},
    {.driver = "GXF", .begin = "#", .read_header = read_geosoft, .has_rows = true},
    {.driver = "ZMap", .begin = "!", .read_header = read_zmap, .wants_point = true},
    {.driver = "ZMap", .begin = "@", .read_header = read_zmap, .wants_point = true},
    {.driver = "R", .begin = "RDA2\nA", .read_header = read_r, .goes_on = true},
    {.driver = "JDEM", .read_header = read_japanese},
};

const dg_text_format *dg_text_format_of_driver(const char *driver) {
    for (size_t i = 0; i < sizeof FORMATS / sizeof *FORMATS; i++) {
        if (EQUAL(driver, FORMATS[i].driver))
            return &FORMATS[i];
    }
    return NULL;
}

const dg_text_format *dg_text_format_of_head(const char *head) {
    for (size_t i = 0; i < sizeof FORMATS / sizeof *FORMATS; i++) {
        if (FORMATS[i].begin && STARTS_WITH(head, FORMATS[i].begin))
            return &FORMATS[i];
    }
    return NULL;
}

const char *dg_text_format_driver(const dg_text_format *format) {
    return format->driver;
}

/* GDAL takes what a nodata word begins with for nodata too, and the number that the word begins with, or 0. */
static demgrad_status check_dummy(const dg_words *w, const char *dummy, demgrad_error *error) {
    const bool is_hidden = !dg_is_number(dummy, false) && CPLAtof(w->word) == CPLAtof(dummy);
    if (strncmp(w->word, dummy, strlen(w->word)) != 0 && !is_hidden)
        return DEMGRAD_OK;
    return dg_fail(
        error, DEMGRAD_READ_FAILED,
        "%s: line %lld has \"%.40s\", which GDAL takes for the nodata value \"%s\"; give "
        "nodata a number that no other begins like (#DUMMY)",
        w->path, (long long)w->word_line + 1, w->word, dummy);
}

static demgrad_status check_number(const dg_text_format *f, const layout *l, const dg_words *w,
                                   demgrad_error *error) {
    if (*l->dummy && strcmp(w->word, l->dummy) == 0)
        return DEMGRAD_OK;
    if (!dg_is_number(w->word, false) || (f->wants_point && strspn(w->word, "+-nNaAiIfF") > 1))
        return dg_fail_word(w, error);
    if (f->wants_point && !strchr(w->word, '.') && CPLAtof(w->word) != 0)
        return dg_fail(error, DEMGRAD_READ_FAILED,
                       "%s: line %lld has \"%.40s\" without a decimal point, which GDAL multiplies "
                       "by 10 to the number of decimals; write it with a point",
                       w->path, (long long)w->word_line + 1, w->word);
    return *l->dummy ? check_dummy(w, l->dummy, error) : DEMGRAD_OK;
}

/* A row begins where a line does, and nowhere else. */
static demgrad_status check_place(const layout *l, const dg_words *w, int64_t count, int64_t line,
                                  demgrad_error *error) {
    const bool begins = count % l->columns == 0;
    if (w->blank_line > line)
        return dg_fail(error, DEMGRAD_READ_FAILED,
                       "%s: line %lld has blanks alone, which GDAL takes for a number; remove it",
                       w->path, (long long)w->blank_line + 1);
    if (begins && count > 0 && w->word_line == line)
        return dg_fail(error, DEMGRAD_READ_FAILED,
                       "%s: line %lld has more numbers than are left of a row of %lld; begin each "
                       "row on a line of its own",
                       w->path, (long long)w->word_line + 1, (long long)l->columns);
    return DEMGRAD_OK;
}

static demgrad_status fail_count(const dg_words *w, const layout *l, int64_t count,
                                 demgrad_error *error) {
    return dg_fail(
        error, DEMGRAD_READ_FAILED,
        "%s: holds %s%lld numbers, and its header tells of %lld x %lld; one of them is wrong",
        w->path, count > l->rows * l->columns ? "more than " : "",
        (long long)(count > l->rows * l->columns ? count - 1 : count), (long long)l->columns,
        (long long)l->rows);
}

static demgrad_status check_numbers(const dg_text_format *f, const layout *l, dg_words *w,
                                    demgrad_error *error) {
    const int64_t all = l->rows * l->columns;
    demgrad_status status = DEMGRAD_OK;
    int64_t count = 0, line = w->line - 1;
    while (!status && !(f->goes_on && count == all) &&
           (l->width ? dg_next_field(w, l->width, l->lead) : dg_next_word(w))) {
        status = count < all ? check_number(f, l, w, error) : DEMGRAD_OK;
        if (!status && f->has_rows && count < all)
            status = check_place(l, w, count, line, error);
        line = w->word_line;
        if (++count > all)
            break;
    }
    return status || count == all ? status : fail_count(w, l, count, error);
}

demgrad_status dg_check_text_format(const dg_text_format *format, const char *path, VSILFILE *file,
                                    demgrad_error *error) {
    layout l = {0};
    dg_words w;
    demgrad_status status = dg_words_begin(&w, path, file, "", error);
    if (!status)
        status = format->read_header(&w, &l, error);
    if (!status && l.has_grid && l.rows > 0 && l.columns > 0 && l.rows < INT32_MAX &&
        l.columns < INT32_MAX)
        status = check_numbers(format, &l, &w, error);
    dg_words_end(&w);
    return status;
}
