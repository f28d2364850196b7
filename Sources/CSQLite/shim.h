#pragma once

#include <sqlite3.h>

// SQLITE_TRANSIENT is a cast that Swift can't see: SQLite takes a copy.
static inline int steno_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int count) {
    return sqlite3_bind_blob(statement, index, bytes, count, SQLITE_TRANSIENT);
}

static inline int steno_bind_text(sqlite3_stmt *statement, int index, const void *utf8, int count) {
    return sqlite3_bind_text(statement, index, (const char *)utf8, count, SQLITE_TRANSIENT);
}
