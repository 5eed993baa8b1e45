#include "terminal.h"

#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* Asks the terminal what it is (DEC's primary device attributes); what it answers within a quarter of a
 * second is in `answer`, "" if there is none. */
static void ask_attributes(char answer[64]) {
    static const char question[] = "\033[c";
    struct termios before, raw;
    *answer = '\0';
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &before) != 0)
        return;
    raw = before;
    raw.c_lflag &= (tcflag_t) ~(ICANON | ECHO);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) != 0)
        return;
    size_t length = 0;
    struct pollfd wait = {.fd = STDIN_FILENO, .events = POLLIN};
    if (write(STDOUT_FILENO, question, sizeof question - 1) > 0) {
        while (length < 63 && poll(&wait, 1, 250) > 0 &&
               read(STDIN_FILENO, answer + length, 1) == 1 && answer[length] != 'c')
            length++;
    }
    answer[length] = '\0';
    tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

/* Attribute 4 is sixel graphics. */
static bool knows_sixels(void) {
    char answer[64];
    ask_attributes(answer);
    return strstr(answer, ";4;") ||
           (strlen(answer) > 2 && strcmp(answer + strlen(answer) - 2, ";4") == 0);
}

static bool knows_kitty(void) {
    const char *term = getenv("TERM"), *program = getenv("TERM_PROGRAM");
    return getenv("KITTY_WINDOW_ID") || (term && strstr(term, "kitty")) ||
           (program && (strcmp(program, "WezTerm") == 0 || strcmp(program, "ghostty") == 0));
}

dg_terminal dg_terminal_choose(dg_terminal wanted) {
    if (wanted != DG_TERMINAL_AUTO)
        return wanted;
    if (!isatty(STDOUT_FILENO))
        return DG_TERMINAL_BLOCKS;
    return knows_kitty()    ? DG_TERMINAL_KITTY
           : knows_sixels() ? DG_TERMINAL_SIXEL
                            : DG_TERMINAL_BLOCKS;
}

void dg_terminal_size(dg_terminal terminal, int *width, int *height) {
    struct winsize size = {.ws_col = 80, .ws_row = 24};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 2 || size.ws_row < 4)
        size = (struct winsize){.ws_col = 80, .ws_row = 24};
    *width = size.ws_col;
    *height = 2 * (size.ws_row - 2);
    if (terminal !=
        DG_TERMINAL_BLOCKS) { /* pixels, where the terminal tells; else as most have them */
        const int cell_width = size.ws_xpixel ? size.ws_xpixel / size.ws_col : 8;
        const int cell_height = size.ws_ypixel ? size.ws_ypixel / size.ws_row : 16;
        *width = size.ws_col * cell_width;
        *height = (size.ws_row - 2) * cell_height;
    }
}

/* Text and background in 24 bits, or of the 256 colours' cube where the terminal does not say that it
 * knows the former. */
static void set_colour(FILE *file, const unsigned char *c, bool is_text, bool is_true_colour) {
    const int code = is_text ? 38 : 48;
    if (c[3] == 0)
        fprintf(file, "\033[%dm", code + 1);
    else if (is_true_colour)
        fprintf(file, "\033[%d;2;%d;%d;%dm", code, c[0], c[1], c[2]);
    else
        fprintf(file, "\033[%d;5;%dm", code,
                16 + 36 * ((c[0] * 5 + 127) / 255) + 6 * ((c[1] * 5 + 127) / 255) +
                    (c[2] * 5 + 127) / 255);
}

/* A character is two pixels: its upper half in the text's colour, its lower one in the background's. */
static void show_blocks(const unsigned char *pixels, int width, int height, FILE *file) {
    static const unsigned char none[4] = {0};
    const char *colours = getenv("COLORTERM");
    const bool is_true = colours && (strstr(colours, "truecolor") || strstr(colours, "24bit"));
    for (int y = 0; y < height; y += 2) {
        for (int x = 0; x < width; x++) {
            const unsigned char *upper = pixels + 4 * ((size_t)y * (size_t)width + (size_t)x);
            const unsigned char *lower = y + 1 < height ? upper + 4 * (size_t)width : none;
            const bool is_lower_half = upper[3] == 0 && lower[3] != 0;
            set_colour(file, is_lower_half ? lower : upper, true, is_true);
            set_colour(file, is_lower_half ? upper : lower, false, is_true);
            fputs(is_lower_half ? "\342\226\204" : upper[3] ? "\342\226\200" : " ", file);
        }
        fputs("\033[0m\n", file);
    }
}

/* The nearest of 6 x 7 x 6 colours. */
static int sixel_colour(const unsigned char *c) {
    return (c[0] * 5 + 127) / 255 * 42 + (c[1] * 6 + 127) / 255 * 6 + (c[2] * 5 + 127) / 255;
}

enum { SIXEL_COLOURS = 252 };

/* Six rows of pixels, once for each colour that is among them. */
static void show_sixel_band(const unsigned char *pixels, int width, int rows, unsigned char *bits,
                            FILE *file) {
    memset(bits, 0, (size_t)width * SIXEL_COLOURS);
    bool is_used[SIXEL_COLOURS] = {false};
    for (int y = 0; y < rows; y++) {
        for (int x = 0; x < width; x++) {
            const unsigned char *c = pixels + 4 * ((size_t)y * (size_t)width + (size_t)x);
            if (c[3] == 0)
                continue;
            const int colour = sixel_colour(c);
            is_used[colour] = true;
            bits[colour * width + x] |= (unsigned char)(1 << y);
        }
    }
    for (int colour = 0; colour < SIXEL_COLOURS; colour++) {
        if (!is_used[colour])
            continue;
        fprintf(file, "#%d", colour);
        for (int x = 0; x < width; x++)
            fputc(63 + bits[colour * width + x], file);
        fputc('$', file);
    }
    fputc('-', file);
}

/* false, with errno set, where memory is short. */
static bool show_sixels(const unsigned char *pixels, int width, int height, FILE *file) {
    unsigned char *bits = malloc((size_t)width * SIXEL_COLOURS);
    if (!bits)
        return false;
    fprintf(file, "\033P0;1q\"1;1;%d;%d", width, height);
    for (int i = 0; i < SIXEL_COLOURS; i++)
        fprintf(file, "#%d;2;%d;%d;%d", i, i / 42 * 20, i / 6 % 7 * 100 / 6, i % 6 * 20);
    for (int y = 0; y < height; y += 6)
        show_sixel_band(pixels + 4 * (size_t)y * (size_t)width, width,
                        height - y < 6 ? height - y : 6, bits, file);
    fputs("\033\\\n", file);
    free(bits);
    return true;
}

static void put_base64(const unsigned char *bytes, size_t count, FILE *file) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < count; i += 3) {
        const uint32_t b = (uint32_t)bytes[i] << 16 |
                           (i + 1 < count ? (uint32_t)bytes[i + 1] << 8 : 0) |
                           (i + 2 < count ? bytes[i + 2] : 0);
        fputc(digits[b >> 18], file);
        fputc(digits[b >> 12 & 63], file);
        fputc(i + 1 < count ? digits[b >> 6 & 63] : '=', file);
        fputc(i + 2 < count ? digits[b & 63] : '=', file);
    }
}

/* Kitty's graphics protocol: 32-bit pixels in base 64, 3,072 bytes at a time. */
static void show_kitty(const unsigned char *pixels, int width, int height, FILE *file) {
    const size_t all = (size_t)width * (size_t)height * 4;
    enum { CHUNK = 3072 };
    for (size_t i = 0; i < all; i += CHUNK) {
        const size_t n = all - i < CHUNK ? all - i : CHUNK;
        if (i == 0)
            fprintf(file, "\033_Ga=T,f=32,s=%d,v=%d,m=%d;", width, height, n < all);
        else
            fprintf(file, "\033_Gm=%d;", i + n < all);
        put_base64(pixels + i, n, file);
        fputs("\033\\", file);
    }
    fputc('\n', file);
}

bool dg_terminal_show(dg_terminal terminal, const unsigned char *pixels, int width, int height,
                      FILE *file) {
    if (terminal == DG_TERMINAL_KITTY)
        show_kitty(pixels, width, height, file);
    else if (terminal == DG_TERMINAL_SIXEL && !show_sixels(pixels, width, height, file))
        return false;
    else if (terminal == DG_TERMINAL_BLOCKS)
        show_blocks(pixels, width, height, file);
    return fflush(file) == 0 && !ferror(file);
}
