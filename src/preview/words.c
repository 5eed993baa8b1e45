#include "words.h"

#include "text.h"

#include <string.h>

const dg_words_style DG_TITLE_TEXT = {17, true, 3};
const dg_words_style DG_LABEL_TEXT = {12, false, 1};
const dg_words_style DG_NOTE_TEXT = {10, false, 8};

/* Line height by font size. */
static const double LEADING = 1.3;

/* The longest text that is drawn, in bytes; what comes after it is cut. */
enum { MOST_BYTES = 4096 };

static const char ELLIPSIS[] = "\342\200\246";

static void choose_font(cairo_t *cr, dg_words_style style) {
    dg_cairo.select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                              style.is_bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    dg_cairo.set_font_size(cr, style.size);
}

static double measure(cairo_t *cr, const char *text, size_t length) {
    char part[MOST_BYTES + 8];
    memcpy(part, text, length);
    part[length] = '\0';
    cairo_text_extents_t extents;
    dg_cairo.text_extents(cr, part, &extents);
    return extents.x_advance;
}

static size_t step(const char *text) {
    size_t length;
    dg_text_character(text, &length);
    return length;
}

/* The bytes of the text's next line: up to the last space that fits, or in a long word up to the last
 * character; one character at least. */
static size_t break_line(cairo_t *cr, const char *text, double width) {
    size_t fits = 0, last_space = 0;
    while (text[fits]) {
        const size_t next = fits + step(text + fits);
        if (next > MOST_BYTES || measure(cr, text, next) > width)
            break;
        fits = next;
        if (text[fits] == ' ' || text[fits] == '\0')
            last_space = fits;
    }
    if (last_space > 0)
        return last_space;
    return fits > 0 ? fits : step(text);
}

/* The bytes that fit before an ellipsis. */
static size_t cut_line(cairo_t *cr, const char *text, double width) {
    const double room = width - measure(cr, ELLIPSIS, strlen(ELLIPSIS));
    size_t fits = 0;
    while (text[fits]) {
        const size_t next = fits + step(text + fits);
        if (next > MOST_BYTES || measure(cr, text, next) > room)
            break;
        fits = next;
    }
    return fits;
}

static void show_line(cairo_t *cr, const char *text, size_t length, bool is_cut, double x, double y,
                      double width, double align) {
    char line[MOST_BYTES + 8];
    memcpy(line, text, length);
    strcpy(line + length, is_cut ? ELLIPSIS : "");
    const double free_width = width - measure(cr, line, strlen(line));
    dg_cairo.move_to(cr, x + (free_width > 0 ? align * free_width : 0), y);
    dg_cairo.show_text(cr, line);
}

/* Goes through the lines, draws them where `is_drawn`, and counts them. */
static int set_lines(cairo_t *cr, const char *text, double x, double y, double width, double align,
                     dg_words_style style, bool is_drawn) {
    choose_font(cr, style);
    int lines = 0;
    while (*text && lines < style.most_lines) {
        size_t length = break_line(cr, text, width);
        const bool is_cut = lines + 1 == style.most_lines && text[length] != '\0';
        if (is_cut)
            length = cut_line(cr, text, width);
        lines++;
        if (is_drawn)
            show_line(cr, text, length, is_cut, x, y + style.size * (LEADING * (lines - 1) + 1),
                      width, align);
        text += length;
        text += strspn(text, " ");
        if (is_cut)
            break;
    }
    return lines;
}

double dg_words_height(cairo_t *cr, const char *text, double width, dg_words_style style) {
    return set_lines(cr, text, 0, 0, width, 0, style, false) * LEADING * style.size;
}

double dg_words_width(cairo_t *cr, const char *text, dg_words_style style) {
    choose_font(cr, style);
    const size_t length = strlen(text);
    return measure(cr, text, length < MOST_BYTES ? length : MOST_BYTES);
}

void dg_words_draw(cairo_t *cr, const char *text, double x, double y, double width, double align,
                   dg_words_style style) {
    set_lines(cr, text, x, y, width, align, style, true);
}
