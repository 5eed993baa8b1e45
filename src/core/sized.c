#include "sized.h"

#include <string.h>

/* A structure in three ranges: up to the inner one, that, and what follows. */
static void cut(dg_form f, size_t begin[3], size_t length[3]) {
    begin[0] = 0;
    length[0] = f.inner;
    begin[1] = f.inner;
    length[1] = f.inner_size;
    begin[2] = f.inner + f.inner_size;
    length[2] = f.size - begin[2];
}

void dg_sized_copy(void *to, dg_form to_form, const void *from, dg_form from_form) {
    size_t to_begin[3], to_length[3], begin[3], length[3];
    cut(to_form, to_begin, to_length);
    cut(from_form, begin, length);
    for (int i = 0; i < 3; i++)
        memcpy((char *)to + to_begin[i], (const char *)from + begin[i],
               length[i] < to_length[i] ? length[i] : to_length[i]);
}

static void set_sizes(void *options, dg_form form) {
    if (form.inner_size > 0)
        memcpy((char *)options + form.inner, &form.inner_size, sizeof form.inner_size);
    memcpy(options, &form.size, sizeof form.size);
}

void dg_sized_init(void *options, dg_form form, const void *defaults, dg_form own_form) {
    if (!options)
        return;
    memset(options, 0, form.size);
    dg_sized_copy(options, form, defaults, own_form);
    set_sizes(options, form);
}

static bool is_sound(dg_form form, dg_form own) {
    enum { MOST = 1 << 16 };
    return form.size % sizeof(void *) == 0 && form.size <= MOST &&
           form.inner_size % sizeof(void *) == 0 && form.inner_size <= MOST &&
           form.size > form.inner + form.inner_size &&
           (form.inner_size > 0) == (own.inner_size > 0);
}

/* Whether something is set beyond what the library knows. */
static bool has_more(const void *options, dg_form form, dg_form own) {
    size_t begin[3], length[3], own_begin[3], own_length[3];
    cut(form, begin, length);
    cut(own, own_begin, own_length);
    for (int i = 0; i < 3; i++) {
        for (size_t at = own_length[i]; at < length[i]; at++) {
            if (((const char *)options)[begin[i] + at] != 0)
                return true;
        }
    }
    return false;
}

demgrad_status dg_sized_take(void *own, dg_form own_form, const void *options, dg_form form,
                             demgrad_error *error) {
    if (!is_sound(form, own_form))
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "the options were not set up; call their init first");
    if (has_more(options, form, own_form))
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "the options ask for what demgrad %s does not know yet; use a newer library",
                       demgrad_version());
    dg_sized_copy(own, own_form, options, form);
    set_sizes(own, own_form);
    return DEMGRAD_OK;
}
