/* What a user may have meant. */
#ifndef DG_SUGGEST_H
#define DG_SUGGEST_H

#include <stddef.h>

/* The word number `index` of a list, NULL beyond the last. */
typedef const char *(*dg_words)(size_t index, void *user);

/* The word that is nearest to `wrong`, by letters that are missing, too many, wrong or swapped, whatever
 * their case; of several as near the one that begins alike for longest; or NULL where none is near. */
const char *dg_suggest(const char *wrong, dg_words words, void *user);

#endif
