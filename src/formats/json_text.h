/* A look into text that is JSON, as GDAL has the labels of planetary images. */
#ifndef DG_JSON_TEXT_H
#define DG_JSON_TEXT_H

#include <stddef.h>

/* Puts the text, or the first of a list of them, that `key` has right in an object of the name `object`, at
 * whatever depth, into `text`, cut to `size`; "" where there is none. */
void dg_json_text_find(const char *json, const char *object, const char *key, char *text,
                       size_t size);

#endif
