/* Where a report goes. */
#ifndef DG_REPORT_H
#define DG_REPORT_H

#include "arguments.h"

/* Whether a report can be written to arguments->report without harm; says on stderr why not. Asked
 * before the work, which should not be lost for it. */
bool dg_report_is_possible(const dg_arguments *arguments);

#endif
