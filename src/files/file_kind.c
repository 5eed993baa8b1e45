#include "file_kind.h"

#include <cpl_port.h>
#include <string.h>

/* docs/batch.md has the same table for users. */
static const struct row {
    dg_file_kind kind;
    const char *endings;
} TABLE[] = {
    /* Of GDAL, Erdas and Esri, beside a raster: metadata, overviews, masks, values, colours. */
    {DG_FILE_PART,
     ".aux.xml .aux .ovr .msk .rrd .rde .ige .stx .clr .rat .imd .rpb .rdc .sgrd .mgrd "
     ".gri"},
    /* Placement: CRSs, world files, MapInfo's tables. */
    {DG_FILE_PART, ".prj .qpj .tab .wld .tfw .tfwx .tifw .tiffw .jgw .jgwx .jpgw .pgw .pgwx .pngw "
                   ".j2w .jp2w .blw .bilw .bpw .bqw .gfw .gifw .igw .imgw .ascw .sdw .eww"},
    /* Pictures, tables and documents, some of which GDAL would open. */
    {DG_FILE_SIDE, ".jpg .jpeg .gif .svg .kml .kmz .pdf .csv .tsv .json .htm .html .xsl .css .js "
                   ".md .doc .docx .odt .rtf .xls .xlsx .ods .log .met .yml .yaml .toml .ini .cfg "
                   ".md5 .sha1 .sha256 .sha512 .sum .sig .torrent .url .lnk"},
    {DG_FILE_SIDE, "readme license licence copying makefile md5sums sha256sums checksums thumbs.db "
                   "desktop.ini"},
    /* Programs, projects, styles. */
    {DG_FILE_SIDE,
     ".sh .bat .ps1 .py .r .ipynb .qgs .qgz .qml .qmd .qlr .sld .lyr .lyrx .mxd .aprx"},
    /* Vector data and point clouds: tile indexes, outlines, contours. */
    {DG_FILE_SIDE, ".shp .shx .dbf .cpg .sbn .sbx .qix .geojson .fgb .gml .gfs .xsd .gpx .dxf .dwg "
                   ".parquet .las .laz .gpkg-wal .gpkg-shm"},
    {DG_FILE_TEXT, ".txt"},
    {DG_FILE_OTHER, ".gpkg .gdb .sqlite .hdr"},
    {DG_FILE_ARCHIVE, ".zip .7z .rar .tar .tgz .gz .bz2 .xz .zst"},
    {DG_FILE_CONTAINER, ".vrt .xml"},
};

static bool ends_with_any(const char *name, const char *endings) {
    const size_t length = strlen(name);
    for (const char *ending = endings; *ending; ending += strspn(ending, " ")) {
        const size_t n = strcspn(ending, " ");
        if (length >= n && EQUALN(name + length - n, ending, n))
            return true;
        ending += n;
    }
    return false;
}

dg_file_kind dg_file_kind_of(const char *name) {
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        if (ends_with_any(name, TABLE[i].endings))
            return TABLE[i].kind;
    }
    return DG_FILE_RASTER;
}

bool dg_file_is_part(const char *ending) {
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        const char *at = TABLE[i].kind == DG_FILE_PART ? TABLE[i].endings : "";
        for (; *at; at += strspn(at, " ")) {
            const size_t n = strcspn(at, " ");
            if (strlen(ending) == n && EQUALN(ending, at, n))
                return true;
            at += n;
        }
    }
    return false;
}
