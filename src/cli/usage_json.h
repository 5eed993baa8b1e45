/* The command's description of itself for other programs: QGIS' dialogs come from it. */
#ifndef DG_USAGE_JSON_H
#define DG_USAGE_JSON_H

/* Prints it to stdout: commands, options, bands and ramps, each as its table has it. */
void dg_usage_json(void);

#endif
