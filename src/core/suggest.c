#include "suggest.h"

#include <ctype.h>
#include <string.h>

/* Longer words are no one's mistake. */
enum { LONGEST = 63 };

static int least(int a, int b) {
    return a < b ? a : b;
}

static int letter(const char *word, int index) {
    const int c = tolower((unsigned char)word[index]);
    return c == '_' ? '-' : c;
}

/* Damerau's and Levenshtein's distance, with each swap of two neighbours as one (optimal string
 * alignment). */
static int distance(const char *a, const char *b) {
    const int m = (int)strlen(a), n = (int)strlen(b);
    int d[LONGEST + 2][LONGEST + 2];
    if (m > LONGEST || n > LONGEST)
        return LONGEST;
    for (int i = 0; i <= m; i++)
        d[i][0] = i;
    for (int j = 0; j <= n; j++)
        d[0][j] = j;
    for (int i = 1; i <= m; i++) {
        for (int j = 1; j <= n; j++) {
            const int changed = letter(a, i - 1) != letter(b, j - 1);
            d[i][j] = least(d[i - 1][j - 1] + changed, least(d[i - 1][j], d[i][j - 1]) + 1);
            if (i > 1 && j > 1 && letter(a, i - 1) == letter(b, j - 2) &&
                letter(a, i - 2) == letter(b, j - 1))
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[m][n];
}

/* How many letters both begin with. */
static int same_letters(const char *a, const char *b) {
    int n = 0;
    while (a[n] && b[n] && letter(a, n) == letter(b, n))
        n++;
    return n;
}

const char *dg_suggest(const char *wrong, dg_words words, void *user) {
    const char *best = NULL, *word;
    /* A third of the letters may be wrong; of a short word, one. */
    int nearest = (int)strlen(wrong) / 3 + 1;
    for (size_t i = 0; (word = words(i, user)); i++) {
        const int far = distance(wrong, word);
        if (far > nearest || far >= (int)strlen(word))
            continue;
        /* Of words that are as near, the one that is right for longer: mistakes come late in a word. */
        if (!best || far < nearest || same_letters(wrong, word) > same_letters(wrong, best))
            best = word;
        nearest = far;
    }
    return best;
}
