#pragma once

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

// inflateInit2 is a macro over the versioned symbol, which Swift does not import.
static inline int steno_inflate_init(z_stream *stream, int window_bits) {
    return inflateInit2(stream, window_bits);
}

// So is deflateInit2. Window bits of 31: with gzip's header and end.
static inline int steno_deflate_init(z_stream *stream, int level, int window_bits) {
    return deflateInit2(stream, level, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
}
