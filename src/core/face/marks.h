/* The metadata items by which a batch knows its outputs. */
#ifndef DG_MARKS_H
#define DG_MARKS_H

/* All that can change the output's bytes, as batch/fingerprint.h says. */
#define DG_FINGERPRINT_KEY "DEMGRAD_FINGERPRINT"

/* The one path of the file that it was made of, with %XX as in an address. */
#define DG_ORIGIN_KEY "DEMGRAD_INPUT"

#endif
