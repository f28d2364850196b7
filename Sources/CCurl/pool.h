#pragma once

#include <curl/curl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Memory for libcurl: some forty blocks come and go with each request, more than malloc's own cache of a thread holds.
//
// Blocks are kept in lists by size, one set of lists for each thread that asked for it (event loops, which live as long as
// the process); all others go to malloc. A block may be freed on another thread than it was made on: what lies in a list
// belongs to the list. Each block has its class in the sixteen bytes before it.

enum {
    steno_pool_step = 32,
    steno_pool_small = 64, // multiples of the step, up to 2 KB
    steno_pool_large_step = 1024,
    steno_pool_large = 6, // multiples of the larger step, up to 8 KB: an easy handle among them; then libcurl's buffers of 16 KB
    steno_pool_largest = 16 * 1024 + steno_pool_step,
    steno_pool_classes = steno_pool_small + steno_pool_large + 1,
    steno_pool_none = steno_pool_classes,
    steno_pool_header = 16,
    steno_pool_limit = 256 * 1024, // bytes kept in the lists of one thread
};

struct steno_pool {
    void *first[steno_pool_classes];
    size_t kept;
    int is_used;
};

// Of this thread. Inside a function, as Swift's importer makes no variable of a header's.
static inline struct steno_pool *steno_pool_here(void) {
    static __thread struct steno_pool pool;
    return &pool;
}

static inline unsigned steno_pool_class(size_t size) {
    if (size <= steno_pool_step * steno_pool_small) return size == 0 ? 0 : (unsigned)((size - 1) / steno_pool_step);
    size_t large = (size - steno_pool_step * steno_pool_small - 1) / steno_pool_large_step;
    if (large < steno_pool_large) return steno_pool_small + (unsigned)large;
    return size <= steno_pool_largest ? steno_pool_classes - 1 : steno_pool_none;
}

static inline size_t steno_pool_size(unsigned class) {
    if (class < steno_pool_small) return (class + 1) * (size_t)steno_pool_step;
    if (class == steno_pool_classes - 1) return steno_pool_largest;
    return steno_pool_step * steno_pool_small + (class - steno_pool_small + 1) * (size_t)steno_pool_large_step;
}

static inline unsigned *steno_pool_mark(void *block) { return (unsigned *)((char *)block - steno_pool_header); }

static inline void *steno_pool_malloc(size_t size) {
    unsigned class = steno_pool_class(size);
    if (class != steno_pool_none) {
        struct steno_pool *pool = steno_pool_here();
        void *block = pool->first[class];
        if (block) {
            pool->first[class] = *(void **)block;
            pool->kept -= steno_pool_size(class);
            return block;
        }
        size = steno_pool_size(class);
    }
    if (size > SIZE_MAX - steno_pool_header) return NULL;
    char *base = (char *)malloc(size + steno_pool_header);
    if (!base) return NULL;
    *(unsigned *)base = class;
    return base + steno_pool_header;
}

static inline void steno_pool_free(void *block) {
    if (!block) return;
    unsigned class = *steno_pool_mark(block);
    struct steno_pool *pool = steno_pool_here();
    if (class != steno_pool_none && pool->is_used && pool->kept < steno_pool_limit) {
        *(void **)block = pool->first[class];
        pool->first[class] = block;
        pool->kept += steno_pool_size(class);
        return;
    }
    free(steno_pool_mark(block));
}

static inline void *steno_pool_realloc(void *block, size_t size) {
    if (!block) return steno_pool_malloc(size);
    unsigned class = *steno_pool_mark(block);
    if (class == steno_pool_none && steno_pool_class(size) == steno_pool_none) {
        if (size > SIZE_MAX - steno_pool_header) return NULL;
        char *base = (char *)realloc(steno_pool_mark(block), size + steno_pool_header);
        return base ? base + steno_pool_header : NULL;
    }
    if (class == steno_pool_class(size)) return block;
    void *other = steno_pool_malloc(size);
    if (!other) return NULL;
    // A block of no class is larger than all that have one.
    size_t had = class == steno_pool_none ? size : steno_pool_size(class);
    memcpy(other, block, had < size ? had : size);
    steno_pool_free(block);
    return other;
}

static inline void *steno_pool_calloc(size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) return NULL;
    void *block = steno_pool_malloc(bytes);
    return block ? memset(block, 0, bytes) : NULL;
}

static inline char *steno_pool_strdup(const char *text) {
    size_t size = strlen(text) + 1;
    char *copy = (char *)steno_pool_malloc(size);
    return copy ? (char *)memcpy(copy, text, size) : NULL;
}

static inline CURLcode steno_global_init(void) {
    return curl_global_init_mem(
        CURL_GLOBAL_ALL, steno_pool_malloc, steno_pool_free, steno_pool_realloc, steno_pool_strdup, steno_pool_calloc);
}

// This thread keeps blocks from now on.
//
// A thread's heap grows by single pages with a system call (mprotect) each, some ten for each new connection, but not over
// what it has had before: so it is made large once, and given back. malloc maps blocks from 128 KB on by themselves.
static inline void steno_pool_use(void) {
    enum { block_size = 120 * 1024, block_count = 256 };
    if (steno_pool_here()->is_used) return;
    steno_pool_here()->is_used = 1;
    void *volatile blocks[block_count];
    for (int index = 0; index < block_count; index++) blocks[index] = malloc(block_size);
    for (int index = block_count - 1; index >= 0; index--) free(blocks[index]);
}
