#pragma once

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

// inflateInit2 is a macro over the versioned symbol, which Swift does not import.
static inline int steno_inflate_init(z_stream *stream, int window_bits) {
    return inflateInit2(stream, window_bits);
}
