#include "refuse.h"

int dg_refuse(const dg_arguments *a, const char *what, const char *why) {
    dg_message_error("%s: %s; see demgrad help %s", what, why, a->name);
    return EXIT_USAGE;
}
