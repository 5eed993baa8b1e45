/* Memory that is not enough for all at once. */
#ifndef DG_FIT_H
#define DG_FIT_H

/* How what must be in memory at a time fits in what is allowed. */
typedef enum dg_fit {
    DG_FIT_NOT,
    DG_FIT_IN_PANELS, /* ranges of columns, one after the other: what lies at their edges is read twice */
    DG_FIT_WHOLE,
} dg_fit;

#endif
