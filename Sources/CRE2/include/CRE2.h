#pragma once

// RE2 behind C. A regex may be matched by any number of threads at once.

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cre2_regex cre2_regex;

// Compiles. NULL on a bad expression, with the reason in `error`, cut to fit and ended by a zero byte.
cre2_regex *cre2_compile(const char *expression, size_t length, char *error, size_t error_capacity);

// The same for an expression that is known to be good: it is compiled when it is first used. Should that not be possible,
// it is found everywhere.
__attribute__((returns_nonnull)) cre2_regex *cre2_defer(const char *expression, size_t length);

void cre2_free(cre2_regex *regex);

// The number of capture groups, the whole match not counted.
int cre2_group_count(cre2_regex *regex);

// Looks for the leftmost match that begins at or behind `start` and ends at or before `end`; what surrounds that range
// counts for `\b`, `^` and `$`. Writes a pair of offsets for the whole match and for each of the first `groups - 1`
// capture groups, a pair of -1 for a group that took no part.
bool cre2_find(cre2_regex *regex, const char *text, size_t length, size_t start, size_t end,
               ptrdiff_t *offsets, int groups);

#ifdef __cplusplus
}
#endif
