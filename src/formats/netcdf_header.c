/* By "The netCDF file format specifications" (Unidata): CDF-1, and with 64-bit offsets CDF-2, and with 64-bit
 * counts too CDF-5. Numbers are big-endian; names and values are padded to four bytes. */
#include "netcdf_header.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { MOST_DIMENSIONS = 1024, RECORDS_UNKNOWN = -1 };

/* What a header of garbage may tell of is counted in doubles, which do not overflow. */
static const double MOST_BYTES = 0x1p62;

typedef struct header {
    VSILFILE *file;
    int version;
    bool is_bad;
    int64_t records, dimensions;
    int64_t lengths[MOST_DIMENSIONS];
    double end;          /* of what does not come in records */
    double record_end;   /* of the first record */
    double record_bytes; /* from one record to the next */
    double only_bytes;   /* the same where there is one record variable, which is not padded */
    int record_variables;
} header;

static int64_t take(header *h, int bytes) {
    unsigned char raw[8];
    uint64_t number = 0;
    h->is_bad |= VSIFReadL(raw, 1, (size_t)bytes, h->file) != (size_t)bytes;
    for (int i = 0; i < bytes && !h->is_bad; i++)
        number = number << 8 | raw[i];
    return (int64_t)number;
}

static int64_t take_count(header *h) {
    const int64_t count = take(h, h->version == 5 ? 8 : 4);
    h->is_bad |= count < 0;
    return h->is_bad ? 0 : count;
}

static double pad(double bytes) {
    return ceil(bytes / 4) * 4;
}

static void skip(header *h, double bytes) {
    const double to = (double)VSIFTellL(h->file) + pad(bytes);
    h->is_bad |= to > MOST_BYTES || VSIFSeekL(h->file, (vsi_l_offset)to, SEEK_SET) != 0;
}

static void skip_name(header *h) {
    skip(h, (double)take_count(h));
}

static int type_size(header *h) {
    static const int SIZES[] = {1, 1, 2, 4, 4, 8, 1, 2, 4, 8, 8}; /* from NC_BYTE, 1, on */
    const int64_t type = take(h, 4);
    h->is_bad |= type < 1 || type > (int64_t)(sizeof SIZES / sizeof *SIZES);
    return h->is_bad ? 0 : SIZES[type - 1];
}

/* How many a list has, whose kind comes before. */
static int64_t take_list(header *h) {
    take(h, 4);
    return take_count(h);
}

static void skip_attributes(header *h) {
    for (int64_t n = take_list(h); n > 0 && !h->is_bad; n--) {
        skip_name(h);
        const int size = type_size(h);
        skip(h, size * (double)take_count(h));
    }
}

static void read_dimensions(header *h) {
    h->dimensions = take_list(h);
    h->is_bad |= h->dimensions > MOST_DIMENSIONS;
    for (int64_t i = 0; i < h->dimensions && !h->is_bad; i++) {
        skip_name(h);
        h->lengths[i] = take_count(h);
    }
}

/* Values of a variable, or of one record of it. */
static double count_values(header *h, bool *has_records) {
    double values = 1;
    const int64_t rank = take_count(h);
    for (int64_t i = 0; i < rank && !h->is_bad; i++) {
        const int64_t id = take_count(h);
        h->is_bad |= id >= h->dimensions;
        const int64_t length = h->is_bad ? 1 : h->lengths[id];
        *has_records |= i == 0 && length == 0;
        values *= length > 0 ? (double)length : 1;
    }
    return values;
}

static void read_variable(header *h) {
    bool has_records = false;
    skip_name(h);
    const double values = count_values(h, &has_records);
    skip_attributes(h);
    const double bytes = values * type_size(h);
    take_count(h); /* its size, which may be too large to be told */
    const double end = (double)take(h, h->version == 1 ? 4 : 8) + bytes;
    if (!has_records) {
        h->end = fmax(h->end, end);
        return;
    }
    h->record_end = fmax(h->record_end, end);
    h->record_bytes += pad(bytes);
    h->only_bytes = bytes;
    h->record_variables++;
}

static double find_end(const header *h) {
    if (h->record_variables == 0 || h->records <= 0)
        return h->end;
    const double step = h->record_variables == 1 ? h->only_bytes : h->record_bytes;
    return fmax(h->end, h->record_end + (double)(h->records - 1) * step);
}

static int64_t read_header(header *h) {
    h->version = (int)take(h, 1);
    h->records = take(h, h->version == 5 ? 8 : 4);
    if (h->version != 5 && h->records == UINT32_MAX)
        h->records = RECORDS_UNKNOWN;
    read_dimensions(h);
    skip_attributes(h);
    for (int64_t n = take_list(h); n > 0 && !h->is_bad; n--)
        read_variable(h);
    const double end = find_end(h);
    return h->is_bad || end > MOST_BYTES ? 0 : (int64_t)end;
}

int64_t dg_netcdf_bytes(VSILFILE *file) {
    header *h = calloc(1, sizeof *h);
    if (!h)
        return 0;
    h->file = file;
    h->is_bad = VSIFSeekL(file, 3, SEEK_SET) != 0;
    const int64_t bytes = read_header(h);
    free(h);
    return bytes;
}
