#include "gdal_errors.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <string.h>

/* Some of GDAL's texts have several lines. */
static void keep(const char *text, char kept[DEMGRAD_MESSAGE_SIZE]) {
    CPLStrlcpy(kept, text, DEMGRAD_MESSAGE_SIZE);
    for (char *c = kept; (c = strpbrk(c, "\r\n"));)
        *c = ' ';
}

static void CPL_STDCALL collect(CPLErr level, CPLErrorNum number, const char *text) {
    if (level == CE_Debug) {
        CPLDefaultErrorHandler(level, number, text);
        return;
    }
    dg_gdal_errors *errors = CPLGetErrorHandlerUserData();
    if (level >= CE_Warning && errors->tell)
        errors->tell(text, level >= CE_Failure, errors->user);
    if (level == CE_Warning && !errors->warning[0])
        keep(text, errors->warning);
    if (level < CE_Failure || errors->failed)
        return;
    errors->failed = true;
    errors->no_memory = number == CPLE_OutOfMemory;
    keep(text, errors->text);
}

void dg_gdal_errors_begin(dg_gdal_errors *errors) {
    errors->failed = errors->no_memory = false;
    errors->text[0] = errors->warning[0] = '\0';
    errors->tell = NULL;
    CPLPushErrorHandlerEx(collect, errors);
    dg_quiet_begin(&errors->quiet);
}

void dg_gdal_errors_watch(dg_gdal_errors *errors,
                          void (*tell)(const char *text, bool is_error, void *user), void *user) {
    dg_gdal_errors_begin(errors);
    errors->tell = tell;
    errors->user = user;
}

void dg_gdal_errors_end(dg_gdal_errors *errors) {
    dg_quiet_end(&errors->quiet);
    CPLPopErrorHandler();
    CPLErrorReset();
}

const char *dg_gdal_errors_text(const dg_gdal_errors *errors, const char *otherwise) {
    return errors->text[0] ? errors->text : otherwise;
}
