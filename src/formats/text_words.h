/* The words of a text and the lines that they are on, for what checks numbers. */
#ifndef DG_TEXT_WORDS_H
#define DG_TEXT_WORDS_H

#include "fail.h"

#include <cpl_vsi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DG_WORD_SIZE = 512 };

typedef struct dg_words {
    const char *path;
    VSILFILE *file;
    const char *separators; /* beside blanks */
    unsigned char *buffer;
    size_t count, at;
    int64_t line, word_line;  /* where reading is; where the word is */
    int64_t blank_line;       /* the last one that is nothing but blanks; -1: there was none */
    int column;               /* bytes of the line that fields were taken from */
    bool has_blank, has_word; /* the line, so far */
    bool ends_at_comma;       /* what was read last is one */
    bool is_after_comma;      /* the word is */
    char word[DG_WORD_SIZE];
} dg_words;

/* How many bytes were read. */
int64_t dg_words_place(const dg_words *w);

/* Of a word that is too long only the beginning is kept. False at the end of the text. */
bool dg_next_word(dg_words *w);

/* The next `width` bytes of a line as a word, without the blanks around them, after `lead` bytes that each line
 * begins with. What is left of a line is a field where it is more than blanks. */
bool dg_next_field(dg_words *w, int width, int lead);

/* The next line as a word, without the blanks around it. */
bool dg_next_line(dg_words *w);

/* The rest of the word's line, without any blanks. */
void dg_next_rest(dg_words *w);

/* What CPLStrtod reads as a whole; CPLAtofM also reads a decimal comma. */
bool dg_is_number(const char *word, bool may_have_comma);

demgrad_status dg_fail_word(const dg_words *w, demgrad_error *error);
demgrad_status dg_fail_header_word(const dg_words *w, const char *key, demgrad_error *error);

/* Goes to the beginning of the file. */
demgrad_status dg_words_begin(dg_words *w, const char *path, VSILFILE *file, const char *separators,
                              demgrad_error *error);
void dg_words_end(dg_words *w);

#endif
