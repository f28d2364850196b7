"""A wall clock that the test sets: Steno's, and no other process's."""

import os
import pathlib
import subprocess

SOURCE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *time) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, time);
    if (result != 0 || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return result;
    char text[32] = "";
    int file = open(getenv("CLOCK_OFFSET_FILE"), O_RDONLY | O_CLOEXEC);
    if (file >= 0 && read(file, text, sizeof text - 1) > 0) time->tv_sec += atol(text);
    if (file >= 0) close(file);
    return result;
}
"""


class Clock:
    def __init__(self, folder: pathlib.Path) -> None:
        library, self._offset = folder / "clock.so", folder / "clock-offset"
        compiler = os.environ.get("CC", "cc")
        subprocess.run(
            [compiler, "-shared", "-fPIC", "-x", "c", "-", "-o", library, "-ldl"], input=SOURCE, text=True, check=True
        )
        self.environment = {"LD_PRELOAD": str(library), "CLOCK_OFFSET_FILE": str(self._offset)}
        self.set(0)

    def set(self, seconds: int) -> None:
        """Ahead of the machine's clock by so much."""
        new = self._offset.with_name("clock-offset-new")
        new.write_text(str(seconds))
        new.rename(self._offset)
