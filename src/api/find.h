/* From what a pass saw to what the user should know of; private to the api. */
#ifndef DG_FIND_H
#define DG_FIND_H

#include "findings.h"
#include "setup_inside.h"
#include "watch.h"

dg_findings dg_findings_of(const dg_setup *setup, const dg_watch *watch, dg_type type);

#endif
