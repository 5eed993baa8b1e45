#include "complete.h"

#include "command_table.h"
#include "option_table.h"

#include <cpl_conv.h>
#include <cpl_minixml.h>
#include <cpl_string.h>
#include <gdal.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <string.h>

/* The word to complete, and the command line before it. */
typedef struct line {
    const char *begun;
    int named; /* bytes before it that name its option, in the same word */
    int count; /* words before */
    char **words;
    dg_arguments *arguments;
} line;

static void offer(const line *l, const char *word) {
    if (strncmp(word, l->begun, strlen(l->begun)) == 0)
        printf("%.*s%s\n", l->named, l->begun - l->named, word);
}

static void offer_commands(const line *l) {
    const dg_command_row *row;
    for (size_t i = 0; (row = dg_command_at(i)); i++)
        offer(l, row->name);
    offer(l, "help");
    offer(l, "--help");
    offer(l, "--version");
    offer(l, "--json-usage");
}

static bool is_named(const dg_option *o, const char *word) {
    if (word[0] == '-' && o->letter && word[1] == o->letter && word[2] == '\0')
        return true;
    const char *name = word + strspn(word, "-"); /* long ones have one hyphen or two */
    char **aliases = CSLTokenizeString2(o->alias ? o->alias : "", " ", 0);
    const bool is =
        name[0] && name[1] && (strcmp(o->name, name) == 0 || CSLFindString(aliases, name) >= 0);
    CSLDestroy(aliases);
    return is;
}

/* The option of the command that a word is, or NULL. */
static const dg_option *find_option(const line *l, const char *word) {
    const dg_option *o;
    void *options;
    for (size_t i = 0; (o = dg_option_at(i, l->arguments, &options)); i++) {
        if ((o->commands & (int)l->arguments->command) && is_named(o, word))
            return o;
    }
    return NULL;
}

static void offer_options(const line *l) {
    const dg_option *o;
    void *options;
    for (size_t i = 0; (o = dg_option_at(i, l->arguments, &options)); i++) {
        if (o->commands & (int)l->arguments->command)
            offer(l, CPLSPrintf("--%s", o->name));
    }
}

/* The formats that can do one of two things. */
static void offer_drivers(const line *l, const char *ability, const char *other) {
    GDALAllRegister();
    for (int i = 0; i < GDALGetDriverCount(); i++) {
        GDALDriverH driver = GDALGetDriver(i);
        if (GDALGetMetadataItem(driver, GDAL_DCAP_RASTER, NULL) &&
            (GDALGetMetadataItem(driver, ability, NULL) ||
             GDALGetMetadataItem(driver, other, NULL)))
            offer(l, GDALGetDriverShortName(driver));
    }
}

/* The format that the line chose so far. */
static const char *chosen_format(const line *l) {
    const char *format = "GTiff";
    for (int i = 0; i < l->count; i++) {
        const char *value = strchr(l->words[i], '=');
        char *name = CPLStrdup(CPLSPrintf("%.*s", (int)strcspn(l->words[i], "="), l->words[i]));
        const dg_option *o = *name == '-' ? find_option(l, name) : NULL;
        CPLFree(name);
        if (o && strcmp(o->name, "output-format") == 0 && (value || i + 1 < l->count))
            format = value ? value + 1 : l->words[i + 1];
    }
    return format;
}

/* Names of the format's creation options with "=", and the values of the one that is begun. */
static void offer_creation_options(const line *l) {
    GDALAllRegister();
    GDALDriverH driver = GDALGetDriverByName(chosen_format(l));
    const char *list =
        driver ? GDALGetMetadataItem(driver, GDAL_DMD_CREATIONOPTIONLIST, NULL) : NULL;
    CPLXMLNode *root = list ? CPLParseXMLString(list) : NULL;
    for (CPLXMLNode *node = root ? root->psChild : NULL; node; node = node->psNext) {
        const char *name = CPLGetXMLValue(node, "name", NULL);
        if (!name)
            continue;
        const size_t length = strlen(name);
        const bool is_begun = strncmp(l->begun, name, length) == 0 && l->begun[length] == '=';
        if (!is_begun)
            offer(l, CPLSPrintf("%s=", name));
        for (CPLXMLNode *value = node->psChild; value && is_begun; value = value->psNext) {
            if (value->eType == CXT_Element && strcmp(value->pszValue, "Value") == 0)
                offer(l, CPLSPrintf("%s=%s", name, CPLGetXMLValue(value, "", "")));
        }
    }
    CPLDestroyXMLNode(root);
}

/* Codes of PROJ's database once their authority is begun. */
static void offer_crs(const line *l) {
    static const char *const authorities[] = {"EPSG", "ESRI", "IAU_2015", NULL};
    for (int i = 0; authorities[i]; i++) {
        const char *prefix = CPLSPrintf("%s:", authorities[i]);
        if (strncmp(l->begun, prefix, strlen(prefix)) != 0) {
            offer(l, prefix);
            continue;
        }
        int count = 0;
        OSRCRSInfo **list = OSRGetCRSInfoListFromDatabase(authorities[i], NULL, &count);
        for (int j = 0; j < count; j++)
            offer(l, CPLSPrintf("%s:%s", authorities[i], list[j]->pszCode));
        OSRDestroyCRSInfoList(list);
    }
}

/* A list's last name, after the others. */
static void offer_names(const line *l, const dg_option *o) {
    const char *comma = strrchr(l->begun, ',');
    const int kept = comma ? (int)(comma - l->begun) + 1 : 0;
    for (size_t i = 0; dg_option_choice(o, i); i++)
        offer(l, CPLSPrintf("%.*s%s", kept, l->begun, dg_option_choice(o, i)));
}

static void offer_value(const line *l, const dg_option *o) {
    if (dg_option_choice(o, 0))
        offer_names(l, o);
    else if (strcmp(o->name, "output-format") == 0)
        offer_drivers(l, GDAL_DCAP_CREATE, GDAL_DCAP_CREATECOPY);
    else if (strcmp(o->name, "if") == 0)
        offer_drivers(l, GDAL_DCAP_OPEN, GDAL_DCAP_OPEN);
    else if (strcmp(o->name, "co") == 0)
        offer_creation_options(l);
    else if (strcmp(o->name, "crs") == 0)
        offer_crs(l);
    else if (strcmp(o->value, "DIR") == 0)
        puts("@folders");
    else if (strcmp(o->value, "FILE") == 0)
        puts("@files");
}

/* --option=VALUE */
static void complete_word(const line *l) {
    const int length = (int)strcspn(l->begun, "=");
    char *name = CPLStrdup(CPLSPrintf("%.*s", length, l->begun));
    const dg_option *o = find_option(l, name);
    line value = *l;
    value.named = length + 1;
    value.begun += length + 1;
    if (o && o->value)
        offer_value(&value, o);
    CPLFree(name);
}

static void complete_command(const line *l) {
    const char *before = l->count > 0 ? l->words[l->count - 1] : "";
    const dg_option *o = *before == '-' ? find_option(l, before) : NULL;
    if (o && o->value)
        offer_value(l, o);
    else if (strncmp(l->begun, "--", 2) == 0 && strchr(l->begun, '='))
        complete_word(l);
    else if (*l->begun == '-')
        offer_options(l);
    else
        puts("@files");
}

void dg_complete(int count, char **words) {
    if (count < 1)
        return;
    dg_arguments arguments;
    line l = {words[count - 1], 0, count - 1, words, &arguments};
    const bool is_help = count > 1 && strcmp(words[0], "help") == 0;
    const dg_command_row *row = count > 1 ? dg_command_find(words[0]) : NULL;
    dg_arguments_init(row ? row : dg_command_row_of(DG_GRADIENT), &arguments);
    if (row)
        complete_command(&l);
    else if (count == 1 || (is_help && count == 2))
        offer_commands(&l);
    if (is_help)
        offer(&l, "all");
}
