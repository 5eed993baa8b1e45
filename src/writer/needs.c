#include "needs.h"

#include "format.h"
#include "gdal_type.h"
#include "integers.h"

#include <cpl_conv.h>
#include <cpl_multiproc.h>
#include <cpl_string.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a packer takes at each of its levels, MiB, as ZSTD and LZMA themselves reckon it. */
typedef struct packer {
    const char *name, *level; /* of the codec, and the creation option */
    int usual;                /* GDAL's default level */
    int level_count;
    short mib[23];
} packer;

static const packer PACKERS[] = {
    {"ZSTD", "ZSTD_LEVEL", 9, 23, {2,  2,  2,  4,  5,  6,  6,  9,  9,   17,  29, 29,
                                   53, 53, 53, 69, 69, 69, 69, 90, 194, 386, 778}},
    {"LZMA", "LZMA_PRESET", 6, 10, {3, 9, 17, 32, 48, 94, 94, 186, 370, 674}},
    {"DEFLATE", "ZLEVEL", 6, 13, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 9, 9, 9}},
};

static int64_t packer_bytes(const packer *p, char **options) {
    const char *text = CSLFetchNameValue(options, p->level);
    const int level = text ? atoi(text) : p->usual;
    return (int64_t)p->mib[dg_min(dg_max(level, 0), p->level_count - 1)] << 20;
}

static bool is_cog(GDALDriverH driver) {
    return EQUAL(GDALGetDriverShortName(driver), "COG");
}

static const char *codec_of(GDALDriverH driver, char **options) {
    return CSLFetchNameValueDef(options, "COMPRESS", is_cog(driver) ? "LZW" : "NONE");
}

/* One packer, without its blocks; 0: none. */
static int64_t state_bytes(GDALDriverH driver, char **options) {
    const char *codec = codec_of(driver, options);
    if (STARTS_WITH_CI(codec, "LERC_")) /* it packs what LERC makes */
        codec += strlen("LERC_");
    for (size_t i = 0; i < sizeof PACKERS / sizeof *PACKERS; i++) {
        if (EQUAL(codec, PACKERS[i].name))
            return packer_bytes(&PACKERS[i], options);
    }
    return EQUAL(codec, "NONE") ? 0 : (int64_t)1 << 20;
}

/* GDAL takes a 0 for its own default. */
static int read_size(char **options, const char *name, int usual) {
    const int size = atoi(CSLFetchNameValueDef(options, name, "0"));
    return size > 0 ? size : usual;
}

/* More than any machine has. */
static const double MOST_BYTES = 0x1p50;

dg_file_block dg_needs_block(const dg_output *output, char **options) {
    const bool is_tiled = CPLTestBool(CSLFetchNameValueDef(options, "TILED", "NO"));
    const bool is_by_pixel = EQUAL(CSLFetchNameValueDef(options, "INTERLEAVE", ""), "PIXEL");
    const int width = is_tiled ? read_size(options, "BLOCKXSIZE", 256) : output->grid.width;
    const int height = read_size(options, "BLOCKYSIZE", is_tiled ? 256 : 1);
    const double bytes = (double)width * height * (is_by_pixel ? output->band_count : 1) *
                         (double)dg_type_size(output->type);
    return (dg_file_block){width, height, (int64_t)fmin(bytes, MOST_BYTES)};
}

/* Of a block as the codec takes it; 0 where it is not known. */
static int64_t block_bytes(const dg_output *output, GDALDriverH driver, char **options) {
    if (is_cog(driver)) {
        const int64_t side = dg_min(read_size(options, "BLOCKSIZE", 512), 1 << 15);
        return side * side * output->band_count * (int64_t)dg_type_size(output->type);
    }
    return dg_format_is_gtiff(driver) ? dg_needs_block(output, options).bytes : 0;
}

/* What each of GDAL's codec threads holds: a block that waits, one at work and the predictor's, and what
 * became of them. Without threads there is one at work, and one more that a heap of the C library keeps. */
enum { BLOCKS_PER_THREAD = 5, BLOCKS_AT_WORK = 4 };

static int64_t thread_bytes(const dg_output *output, GDALDriverH driver, char **options) {
    const int64_t block = block_bytes(output, driver, options);
    return block > 0 ? BLOCKS_PER_THREAD * block + state_bytes(driver, options) : 0;
}

static int asked_threads(const dg_output *output, char **options) {
    const char *asked =
        CSLFetchNameValueDef(options, "NUM_THREADS", CPLGetConfigOption("GDAL_NUM_THREADS", NULL));
    if (!asked)
        return output->threads;
    return EQUAL(asked, "ALL_CPUS") ? CPLGetNumCPUs() : atoi(asked);
}

int dg_needs_threads(const dg_output *output, GDALDriverH driver, char **options) {
    if (dg_format_is_gtiff(driver) && state_bytes(driver, options) == 0)
        return 1; /* GDAL has none for blocks that are not packed */
    const int64_t bytes = thread_bytes(output, driver, options);
    const int asked = dg_max(asked_threads(output, options), 1);
    if (bytes == 0 || output->codec_memory == 0 || output->codec_memory / bytes >= asked)
        return asked;
    return dg_max((int)(output->codec_memory / bytes), 1);
}

int64_t dg_needs_codec(const dg_output *output, GDALDriverH driver, char **options) {
    const int64_t state = state_bytes(driver, options);
    const int64_t block = block_bytes(output, driver, options);
    const int threads = atoi(CSLFetchNameValueDef(options, "NUM_THREADS", "1"));
    if (state == 0)
        return 2 * block;
    return threads > 1 ? block + thread_bytes(output, driver, options) * threads
                       : block * BLOCKS_AT_WORK + state;
}

/* A format that is copied to in the end has its blocks in a GTiff of the usual ones until then; of others
 * nothing is known but rows. */
dg_writer_needs dg_needs_expect(const dg_output *output, GDALDriverH driver, char **options) {
    const bool is_gtiff = dg_format_is_gtiff(driver);
    const char *interleave = is_gtiff ? CSLFetchNameValueDef(options, "INTERLEAVE", "") : "";
    enum { STAGED = 256 };
    dg_file_block b = {.width = output->grid.width, .height = 1};
    if (is_gtiff)
        b = dg_needs_block(output, options);
    else if (!dg_format_takes_blocks(driver))
        b = (dg_file_block){.width = STAGED, .height = STAGED};
    dg_block_rows rows = {.type = dg_gdal_type(output->type),
                          .width = output->grid.width,
                          .height = output->grid.height,
                          .band_count = output->band_count,
                          .block_width = b.width,
                          .file_block_height = b.height};
    dg_block_rows_shape(&rows, !EQUAL(interleave, "PIXEL"));
    return dg_needs_of(&rows, dg_needs_codec(output, driver, options));
}

dg_writer_needs dg_needs_of(const dg_block_rows *rows, int64_t codec) {
    return (dg_writer_needs){.block_width = rows->block_width,
                             .block_height = rows->block_height,
                             .codec = codec + (int64_t)rows->block_bytes,
                             .row = (int64_t)dg_block_rows_bytes(rows)};
}
