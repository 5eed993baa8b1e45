#include "guarded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static size_t page_size(void) {
    return (size_t)sysconf(_SC_PAGESIZE);
}

guarded guarded_create(size_t size, bool at_end) {
    const size_t page = page_size();
    const size_t inside = (size + page - 1) / page * page;
    guarded m = {.size = size, .map_size = inside + 2 * page};
    m.map = mmap(NULL, m.map_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (m.map == MAP_FAILED || mprotect(m.map + page, inside, PROT_READ | PROT_WRITE) != 0) {
        perror("guarded memory");
        abort();
    }
    m.data = m.map + page + (at_end ? inside - size : 0);
    guarded_reset(&m);
    return m;
}

void guarded_destroy(guarded *memory) {
    munmap(memory->map, memory->map_size);
    *memory = (guarded){0};
}

void guarded_reset(guarded *memory) {
    const size_t page = page_size();
    memset(memory->map + page, GUARDED_BYTE, memory->map_size - 2 * page);
}

bool guarded_is_clean(const guarded *memory) {
    const size_t page = page_size();
    const char *end = memory->map + memory->map_size - page;
    for (const char *c = memory->map + page; c < end; c++) {
        const bool is_data = c >= memory->data && c < memory->data + memory->size;
        if (!is_data && *c != (char)GUARDED_BYTE)
            return false;
    }
    return true;
}
