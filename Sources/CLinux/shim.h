#pragma once

#include <linux/aio_abi.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// Linux AIO has no wrappers in glibc. See io_setup(2), io_submit(2) with IOCB_CMD_POLL (kernel 4.18).

static inline long steno_aio_setup(unsigned count, aio_context_t *context) {
    *context = 0;
    return syscall(SYS_io_setup, count, context);
}

// One completion, signalled on `event_fd`, once `fd` is readable.
static inline long steno_aio_poll(aio_context_t context, int fd, int event_fd) {
    struct iocb control;
    memset(&control, 0, sizeof control);
    control.aio_fildes = (uint32_t)fd;
    control.aio_lio_opcode = IOCB_CMD_POLL;
    control.aio_buf = POLLIN;
    control.aio_flags = IOCB_FLAG_RESFD;
    control.aio_resfd = (uint32_t)event_fd;
    struct iocb *list = &control;
    return syscall(SYS_io_submit, context, 1, &list);
}

static inline long steno_aio_reap(aio_context_t context) {
    struct io_event events[4];
    return syscall(SYS_io_getevents, context, 0, 4, events, NULL);
}

static inline long steno_aio_destroy(aio_context_t context) { return syscall(SYS_io_destroy, context); }
