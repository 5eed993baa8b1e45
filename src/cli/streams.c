#include "streams.h"

#include "arguments.h"
#include "message.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool dg_streams_open(void) {
    /* Each for what it is not used for, so that using it is still an error. */
    static const int modes[] = {
        [STDIN_FILENO] = O_WRONLY, [STDOUT_FILENO] = O_RDONLY, [STDERR_FILENO] = O_RDONLY};
    for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++) {
        /* The lowest free number is what open() takes. */
        if (fcntl(i, F_GETFD) < 0 && errno == EBADF && open("/dev/null", modes[i]) != i)
            return false;
    }
    return true;
}

int dg_streams_finish(int exit_code) {
    const bool is_flushed = fflush(stdout) == 0;
    if ((is_flushed && !ferror(stdout)) || exit_code)
        return exit_code;
    if (errno == EPIPE)
        return EXIT_SIGNAL + SIGPIPE;
    dg_message_error("stdout: cannot be written: %s", strerror(errno));
    return EXIT_FAILED;
}
