#include "real_path.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char BEGINS[] = "\":,?={&", ENDS[] = "\":,}&/";

/* Whether a part of a name that ends before `end` is there: a file, or a folder that the name does not go on
 * in. */
static bool is_there(const char *part, char end) {
    struct stat about;
    return *part && stat(part, &about) == 0 &&
           (S_ISREG(about.st_mode) || (S_ISDIR(about.st_mode) && end != '/'));
}

/* How long the longest part that is there is, of those that `text` begins with; 0: none. */
static size_t find_longest(const char *text) {
    char *part = strdup(text);
    size_t longest = 0;
    for (size_t n = strcspn(text, ENDS); part; n += 1 + strcspn(text + n + 1, ENDS)) {
        part[n] = '\0';
        if (is_there(part, text[n]))
            longest = n;
        part[n] = text[n];
        if (!text[n])
            break;
    }
    free(part);
    return longest;
}

/* How much at the begin of `text` names a file system of GDAL's. */
static size_t virtual_prefix(const char *text) {
    if (strncmp(text, "/vsi", 4) != 0)
        return 0;
    size_t length = 4;
    while (islower((unsigned char)text[length]) || isdigit((unsigned char)text[length]) ||
           text[length] == '_')
        length++;
    return text[length] == '/' ? length + 1 : 0;
}

bool dg_is_plain_path(const char *name) {
    size_t word = 0;
    while (isalnum((unsigned char)name[word]) || name[word] == '_')
        word++;
    return strncmp(name, "/vsi", 4) != 0 && (word == 0 || name[word] != ':');
}

dg_named_file dg_find_named_file(const char *name) {
    dg_named_file found = {0, 0};
    if (dg_is_plain_path(name))
        return (dg_named_file){0, strlen(name)};
    for (const char *begin = name;;) {
        for (size_t prefix; (prefix = virtual_prefix(begin)) > 0;)
            begin += prefix;
        const size_t length = find_longest(begin);
        if (length > found.length)
            found = (dg_named_file){(size_t)(begin - name), length};
        begin = strpbrk(begin, BEGINS);
        if (!begin)
            return found;
        begin++;
    }
}

/* The name with `place` for the file in it. */
static char *put(const char *name, dg_named_file file, const char *place) {
    const size_t size = strlen(name) + strlen(place) + 1;
    char *joined = malloc(size);
    if (joined)
        snprintf(joined, size, "%.*s%s%s", (int)file.begin, name, place,
                 name + file.begin + file.length);
    return joined;
}

char *dg_real_path(const char *path) {
    char *place = realpath(path, NULL);
    if (place)
        return place;
    const dg_named_file file = dg_find_named_file(path);
    char *named = strndup(path + file.begin, file.length);
    place = named && *named ? realpath(named, NULL) : NULL;
    char *whole = place ? put(path, file, place) : strdup(path);
    free(place);
    free(named);
    return whole;
}

bool dg_is_same_path(const char *a, const char *b) {
    char *place_a = dg_real_path(a), *place_b = dg_real_path(b);
    const bool is_same = place_a && place_b && strcmp(place_a, place_b) == 0;
    free(place_a);
    free(place_b);
    return is_same;
}
