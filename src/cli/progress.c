#include "progress.h"

#include "clock.h"
#include "interrupt.h"
#include "json.h"
#include "message.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Seconds between two lines of progress. */
static const double INTERVAL = 0.1;

void dg_progress_start(dg_progress *progress, dg_progress_form form, bool quiet) {
    const bool is_for_people = isatty(STDERR_FILENO) && !dg_message_is_json();
    if (form == DG_PROGRESS_AUTO)
        form = quiet ? DG_PROGRESS_NONE : is_for_people ? DG_PROGRESS_BAR : DG_PROGRESS_GDAL;
    *progress = (dg_progress){.form = form, .started = dg_clock_now(), .told = -1};
}

double dg_progress_elapsed(const dg_progress *progress) {
    return dg_clock_now() - progress->started;
}

void dg_progress_time(const dg_progress *progress, char text[DG_TIME_SIZE]) {
    const double elapsed = dg_progress_elapsed(progress);
    const int seconds = (int)elapsed;
    if (elapsed < 59.995)
        snprintf(text, DG_TIME_SIZE, "%.2f s", elapsed);
    else if (elapsed < 3600)
        snprintf(text, DG_TIME_SIZE, "%d:%02d min", seconds / 60, seconds % 60);
    else
        snprintf(text, DG_TIME_SIZE, "%d:%02d:%02d h", seconds / 3600, seconds / 60 % 60,
                 seconds % 60);
}

/* Seconds; `done` is the share that is done. */
static double remaining(const dg_progress *p, double done) {
    return done > 0 ? dg_progress_elapsed(p) * (1 - done) / done : (double)NAN;
}

/* As GDAL's tools print it, a tick for each 2.5 %. Past stdio: what is lost of it is no error. */
static int tell_ticks(dg_progress *p, double done) {
    enum { TICKS = 40 };
    char ticks[80] = ""; /* more than all of them */
    size_t length = 0;
    for (; p->ticks <= TICKS && p->ticks <= done * (double)TICKS; p->ticks++) {
        if (p->ticks % 4 == 0)
            snprintf(ticks + length, sizeof ticks - length, "%d", p->ticks / 4 * 10);
        else
            snprintf(ticks + length, sizeof ticks - length, ".");
        length = strlen(ticks);
    }
    if (length == 0)
        return 0;
    const bool is_last = p->ticks > TICKS;
    const int printed = dprintf(STDOUT_FILENO, "%s%s", ticks, is_last ? " - done.\n" : "");
    if (printed > 0)
        dg_message_begin_after(is_last ? -1 : STDOUT_FILENO);
    return printed;
}

static int tell_bar(const dg_progress *p, double done, double pixels) {
    enum { WIDTH = 40 };
    char bar[WIDTH + 1];
    for (int i = 0; i < WIDTH; i++)
        bar[i] = i < done * (double)WIDTH ? '=' : ' ';
    bar[WIDTH] = '\0';
    const double elapsed = dg_progress_elapsed(p);
    const double rate = elapsed > 0 ? pixels / elapsed * 1e-6 : 0;
    const double left = done > 0 ? remaining(p, done) : 0;
    char pieces[64] = "";
    dg_message_begin_after(STDERR_FILENO);
    if (p->pieces_all > 0)
        snprintf(pieces, sizeof pieces, "%zu of %zu, ", p->pieces_done, p->pieces_all);
    return fprintf(stderr, "\r%3.0f %% [%s] %s%.1f Mpx/s, %d:%02d:%02d left  ", 100 * done, bar,
                   pieces, rate, (int)left / 3600, (int)left / 60 % 60, (int)left % 60);
}

static int tell_json(const dg_progress *p, double done) {
    dg_json json;
    dg_json_line_open(&json);
    if (!json.file)
        return 0;
    dg_json_number(&json, "done", round(done * 1e4) / 1e4);
    dg_json_seconds(&json, "elapsed_s", dg_progress_elapsed(p));
    dg_json_seconds(&json, "remaining_s", remaining(p, done));
    if (p->pieces_all > 0) {
        dg_json_integer(&json, "tiles_done", (int64_t)p->pieces_done);
        dg_json_integer(&json, "tiles", (int64_t)p->pieces_all);
    }
    return dg_json_line_close(&json, stderr);
}

/* Not too often; but the end, which a program at the other end would miss, always, and once. */
static bool is_due(dg_progress *p, double done) {
    const double time = dg_clock_now();
    const bool is_news = done != p->told_done || p->pieces_done != p->told_pieces;
    if (p->told >= 0 && (done < 1 ? time - p->told < INTERVAL : !is_news))
        return false;
    p->told = time;
    p->told_done = done;
    p->told_pieces = p->pieces_done;
    return true;
}

static int print(dg_progress *p, double done, double pixels) {
    switch (p->form) {
    case DG_PROGRESS_GDAL:
        return tell_ticks(p, done);
    case DG_PROGRESS_BAR:
        return is_due(p, done) ? tell_bar(p, done, pixels) : 0;
    case DG_PROGRESS_JSON:
        return is_due(p, done) ? tell_json(p, done) : 0;
    default:
        return 0;
    }
}

int dg_progress_tell(int64_t done, int64_t all, void *progress) {
    dg_progress *p = progress;
    errno = 0;
    if (print(p, (double)done / (double)all, (double)done) < 0 && errno == EPIPE)
        dg_interrupt_raise(SIGPIPE);
    return dg_interrupt_signal() == 0;
}

void dg_progress_end(dg_progress *progress) {
    dg_message_end_line();
    progress->form = DG_PROGRESS_NONE;
}
