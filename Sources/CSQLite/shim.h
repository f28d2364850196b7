#pragma once

#include <sqlite3.h>

// sqlite3_config is variadic, which Swift can't call.
static inline int steno_sqlite_config_memstatus(int is_on) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, is_on);
}
