/* An option: a row of a table that says all there is to say of it. The command line and its help, the
 * fingerprint of a batch's outputs, their metadata and the report read the rows. */
#ifndef DG_OPTION_H
#define DG_OPTION_H

#include <stdbool.h>
#include <stddef.h>

/* What the value is, and with it the type of the field. */
typedef enum dg_option_kind {
    DG_OPTION_FLAG,        /* bool; takes no value */
    DG_OPTION_INTEGER,     /* int, least ... most by `step` */
    DG_OPTION_NUMBER,      /* double, least ... most; a NaN where `most` is one */
    DG_OPTION_TEXT,        /* const char * */
    DG_OPTION_UNIT,        /* the same, of a length */
    DG_OPTION_CHOICE,      /* int, an enum's: the index among the choices */
    DG_OPTION_NAME,        /* const char *: one of the choices */
    DG_OPTION_NAMES,       /* NULL-terminated list: some of the choices, each once, with commas */
    DG_OPTION_TEXTS,       /* NULL-terminated list, one for each time that the option is given */
    DG_OPTION_SETTINGS,    /* the same, each K=V */
    DG_OPTION_THREADS,     /* int: a number, or 0 for ALL_CPUS */
    DG_OPTION_MEMORY,      /* int64_t, bytes */
    DG_OPTION_DISTANCES,   /* double[2]: DX[,DY] */
    DG_OPTION_COORDINATES, /* const double *, and a size_t after it: a file's */
    DG_OPTION_NUMBERS,     /* the same, at most `most` of any numbers with commas between */
    DG_OPTION_WINDOW,      /* int[4]: COL,ROW,WIDTH,HEIGHT */
    DG_OPTION_BOX,         /* double[4], and a const char * after it: X0,Y0,X1,Y1[,CRS] */
    DG_OPTION_CALL,        /* whatever `call` makes of it */
} dg_option_kind;

typedef enum dg_option_group {
    DG_GROUP_INPUT,
    DG_GROUP_MEANING,
    DG_GROUP_BANDS,
    DG_GROUP_OUTPUT,
    DG_GROUP_BATCH,
    DG_GROUP_PICTURE,
    DG_GROUP_RUN,
    DG_GROUP_COUNT
} dg_option_group;

/* The commands that take an option; a set of bits. */
typedef enum dg_command {
    DG_GRADIENT = 1,
    DG_INFO = 2,
    DG_BATCH = 4,
    DG_PREVIEW = 8,
    DG_WRITING = DG_GRADIENT | DG_BATCH,
    DG_COMPUTING = DG_WRITING | DG_PREVIEW,
    DG_ALL = DG_COMPUTING | DG_INFO
} dg_command;

typedef struct dg_option {
    const char *name;  /* without "--" */
    char letter;       /* or 0 */
    const char *alias; /* other names, with spaces between them, or NULL */
    const char *value; /* the value's name in the help; NULL: a flag */
    int commands;      /* set of dg_command */
    dg_option_group group;
    const char *help;
    const char *usual; /* the default, in the help; NULL: as the field has it, "": none */
    dg_option_kind kind;
    size_t field;                        /* its offset in the options' struct */
    double least, most;                  /* of integers and numbers; a `most` of NaN: any number */
    int step;                            /* of integers; 0: any */
    const char *const *choices;          /* words, NULL-terminated; or */
    const char *(*choice)(size_t index); /* the word number `index`, NULL beyond the last */
    const char *(*about)(size_t index);  /* what it means, in a few words; or NULL */
    const char
        *implied; /* the word for what other options make of an enum, after its choices; or NULL */
    const char *must_be;  /* that a wrong value is told: "it must be ..." */
    const char *of_one;   /* the option that is meant where the value has no comma; or NULL */
    const char *excludes; /* an option that it cannot be given with, or NULL */
    /* Why it changes nothing along with the other options, "as ...", or NULL; itself NULL where there is
     * no such case. */
    const char *(*idle)(const void *options);
    bool may_be_empty; /* a text */
    bool is_common;    /* dialogs show it before the advanced ones */
    bool
        is_for_lines; /* makes sense on a command line only: dialogs have a field or a way of their own */
    bool changes_output; /* the value decides about the bytes of an output */
    const char *(*call)(void *options, const char *value); /* NULL, or what is wrong */
} dg_option;

/* What the group is called in the help. */
const char *dg_option_group_name(dg_option_group group);

/* The word number `index` of an option's choices; NULL beyond the last, and where it has none. */
const char *dg_option_choice(const dg_option *option, size_t index);

/* Whether the field is a NULL-terminated list of texts. */
bool dg_option_is_list(const dg_option *option);

/* The value as a user would write it, cut to `size` bytes; "" for what has no such text. */
void dg_option_text(const dg_option *option, const void *options, char *text, size_t size);

#endif
