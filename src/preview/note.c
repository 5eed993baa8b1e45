#include "note.h"

#include "text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Scales that differ by less over a raster are one to the eye. */
static const double SAME_SCALE = 0.01;

static int add(char *note, int length, const char *text) {
    if (!*text || length >= DG_NOTE_SIZE - 1)
        return length;
    const int n = snprintf(note + length, (size_t)(DG_NOTE_SIZE - length), "%s%s",
                           length > 0 ? " \302\267 " : "", text);
    return n < DG_NOTE_SIZE - length ? length + n : DG_NOTE_SIZE - 1;
}

static const char *metric_text(const dg_surface *s) {
    static const char *const texts[] = {
        [DEMGRAD_METRIC_GROUND] = "metres on the ground",
        [DEMGRAD_METRIC_MAP] = "metres of the map",
        [DEMGRAD_METRIC_SPACING] = "metres as given",
    };
    if (s->kind == DG_SURFACE_GRADIENT)
        return strcmp(s->marks.metric, "map") == 0       ? texts[DEMGRAD_METRIC_MAP]
               : strcmp(s->marks.metric, "spacing") == 0 ? texts[DEMGRAD_METRIC_SPACING]
                                                         : texts[DEMGRAD_METRIC_GROUND];
    return texts[s->info.metric];
}

static void reduction_text(const dg_surface *s, bool is_longest, char text[192]) {
    const char *what = s->kind == DG_SURFACE_GRADIENT ? "gradient" : "slopes of the surface";
    const double across = (double)s->info.width / s->grid.width;
    const double down = (double)s->info.height / s->grid.height;
    const dg_reduction reduction = is_longest ? DG_REDUCTION_SPARSE : s->reduction;
    *text = '\0';
    if (reduction == DG_REDUCTION_SPARSE)
        snprintf(
            text, 192,
            "a sparse sample, %d x %d of %d x %d pixels: gdaladdo makes overviews for a better "
            "one",
            s->grid.width, s->grid.height, s->info.width, s->info.height);
    else if (reduction != DG_REDUCTION_NONE)
        snprintf(text, 192, "%s in means of %.3g x %.3g pixels%s", what, across, down,
                 reduction == DG_REDUCTION_OVERVIEWS ? " of overviews" : "");
}

void dg_note_write(const dg_surface *s, const demgrad_preview_options *o,
                   const dg_painting *painting, char note[DG_NOTE_SIZE]) {
    char text[192];
    const bool is_true = s->kind == DG_SURFACE_GRADIENT ? s->marks.is_frame_true
                                                        : o->raster.frame == DEMGRAD_FRAME_TRUE;
    *note = '\0';
    dg_text_clean(text, sizeof text, *s->info.crs ? s->info.crs : "no CRS");
    int length = add(note, 0, text);
    snprintf(text, sizeof text, "%s, %s", metric_text(s), is_true ? "true frame" : "grid frame");
    length = add(note, length, text);
    reduction_text(s, painting == NULL, text);
    length = add(note, length, text);
    *text = '\0';
    if (!painting || painting->exaggeration > 1)
        snprintf(text, sizeof text, "relief exaggerated %.15g times",
                 painting ? painting->exaggeration : 8888.0);
    length = add(note, length, text);
    snprintf(text, sizeof text, "demgrad %s", demgrad_version());
    add(note, length, text);
}

void dg_note_title(const char *first, size_t count, const demgrad_preview_options *o, char *title,
                   size_t size) {
    const char *slash = strrchr(first, '/');
    const char *name = slash && slash[1] ? slash + 1 : first;
    char more[32] = "";
    if (count > 1 && !o->title)
        snprintf(more, sizeof more, " and %zu more", count - 1);
    dg_text_clean(title, size - sizeof more, o->title ? o->title : name);
    strcat(title, more);
}

void dg_note_where(const dg_surface *s, char where[48]) {
    const demgrad_raster_info *i = &s->info;
    double least = i->pixel_m[0][0], most = least;
    for (int p = 1; p < 5; p++) {
        least = fmin(least, i->pixel_m[p][0]);
        most = fmax(most, i->pixel_m[p][0]);
    }
    *where = '\0';
    if (most <= least * (1 + SAME_SCALE))
        return;
    const double latitude = fabs(s->compass.latitude_deg);
    if (!isfinite(latitude))
        snprintf(where, 48, "in the middle");
    else if (latitude < 0.05)
        snprintf(where, 48, "at the equator");
    else
        snprintf(where, 48, "at %.1f\302\260 %c", latitude,
                 s->compass.latitude_deg < 0 ? 'S' : 'N');
}
