#pragma once

#include <linux/aio_abi.h>
#include <malloc.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// For mappings of files that nobody writes to: what is needed again comes back from the file.
static inline int steno_forget_pages(uintptr_t start, size_t length) {
    return madvise((void *)start, length, MADV_DONTNEED);
}

// What a TCP connection's peer has acknowledged; negative for any other socket. `struct tcp_info` (linux/tcp.h), which
// glibc's own header knows the beginning of only, read as words: its sixteenth is `tcpi_bytes_acked`.
static inline int64_t steno_acknowledged_bytes(int fd) {
    uint64_t words[16];
    socklen_t size = sizeof words;
    if (getsockopt(fd, 6 /* IPPROTO_TCP */, 11 /* TCP_INFO */, words, &size) != 0 || size < sizeof words) return -1;
    return (int64_t)words[15];
}

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

// The kernel's completion ring is mapped at the context's address (struct aio_ring in fs/aio.c): whoever only drops what is
// there needs no system call for it. libaio and QEMU read it likewise.
struct steno_aio_ring {
    unsigned id, size, head, tail, magic, compatible, incompatible, header_length;
};

static inline void steno_aio_reap(aio_context_t context) {
    struct steno_aio_ring *ring = (struct steno_aio_ring *)context;
    if (ring->magic == 0xa10a10a1 && ring->incompatible == 0) {
        __atomic_store_n(&ring->head, __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE), __ATOMIC_RELEASE);
        return;
    }
    struct io_event events[4];
    syscall(SYS_io_getevents, context, 0, 4, events, NULL);
}

static inline long steno_aio_destroy(aio_context_t context) { return syscall(SYS_io_destroy, context); }
