/* Some drivers keep the name that they create a file under as text in it; private to the writer. */
#ifndef DG_FINAL_NAMES_H
#define DG_FINAL_NAMES_H

#include "draft.h"

/* In the closed draft's files, makes names in its temporary folder names in its output's, of the same length:
 * DIR/.demgrad-0123456789abcdef/new/x.pix becomes DIR/././ ... ./x.pix. */
demgrad_status dg_final_names(const dg_draft *draft, demgrad_error *error);

#endif
