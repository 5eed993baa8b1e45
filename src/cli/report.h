/* What all reports have in common: where they go, and how. */
#ifndef DG_REPORT_H
#define DG_REPORT_H

#include "arguments.h"
#include "json.h"

/* Whether the report is wanted on stdout ("-"), where nothing else may be said then. */
bool dg_report_is_stdout(const dg_arguments *arguments);

/* Whether a report, where one is wanted, can be written without harm; says on stderr why not. Asked before
 * the work, which should not be lost for it. */
bool dg_report_is_possible(dg_arguments *arguments);

/* Writes what the user chose of the numbers' meaning and of the bands, as members. */
void dg_report_options(dg_json *json, const demgrad_raster_options *options);

/* Writes the members of a report's outermost object. */
typedef void (*dg_report_members)(dg_json *json, const void *user);

/* Writes arguments->report, where one is wanted: the version, the members, and the list of warnings
 * (which may be NULL). It appears whole, in place of an older report, or of anything else with --overwrite if
 * that was there before the work. Gives the exit code, and says on stderr what went wrong. */
int dg_report_write(const dg_arguments *arguments, dg_report_members members, const void *user,
                    char **warnings);

#endif
