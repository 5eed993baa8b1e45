#include "guarded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static size_t page_size(void) {
    return (size_t)sysconf(_SC_PAGESIZE);
}

/* Maps that nobody has now: the system takes long to make and to remove one. */
enum { MOST_SPARE = 256 };
static guarded spare[MOST_SPARE];
static int spare_count;

/* Gives one of that size, where there is any. */
static char *take_spare(size_t map_size) {
    for (int i = 0; i < spare_count; i++) {
        if (spare[i].map_size == map_size) {
            char *map = spare[i].map;
            spare[i] = spare[--spare_count];
            return map;
        }
    }
    return NULL;
}

static char *make_map(size_t map_size) {
    const size_t page = page_size();
    char *map = mmap(NULL, map_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED ||
        mprotect(map + page, map_size - 2 * page, PROT_READ | PROT_WRITE) != 0) {
        perror("guarded memory");
        abort();
    }
    return map;
}

guarded guarded_create(size_t size, bool at_end) {
    const size_t page = page_size();
    const size_t inside = (size + page - 1) / page * page;
    guarded m = {.size = size, .map_size = inside + 2 * page};
    m.map = take_spare(m.map_size);
    if (!m.map)
        m.map = make_map(m.map_size);
    m.data = m.map + page + (at_end ? inside - size : 0);
    guarded_reset(&m);
    return m;
}

void guarded_destroy(guarded *memory) {
    if (spare_count < MOST_SPARE && memory->map)
        spare[spare_count++] = *memory;
    else
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
