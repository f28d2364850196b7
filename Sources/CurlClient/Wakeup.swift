import CLinux
import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// Wakes an event loop when a descriptor becomes readable. An eventfd carries the word; NIO reads it as a pipe.
///
/// Who writes to the eventfd: the kernel by itself (Linux AIO's poll), or where that is refused (hardened containers,
/// `fs.aio-max-nr` used up) a small thread that polls. Both report once for each `arm()`.
@safe final class Wakeup {
    var onWakeup: () -> Void = {}

    private let watched: CInt
    private let eventFD: CInt
    private var channel: (any Channel)?
    private var isArmed = false
    private var source: Source

    private enum Source {
        case aio(aio_context_t)
        case thread(PollingThread)
    }

    init(watching descriptor: CInt, eventLoop: any EventLoop) throws {
        watched = descriptor
        eventFD = eventfd(0, CInt(EFD_NONBLOCK | EFD_CLOEXEC))
        guard eventFD >= 0 else { throw IOError(errnoCode: errno, reason: "eventfd") }
        var context: aio_context_t = 0
        if unsafe steno_aio_setup(8, &context) == 0 {
            source = .aio(context)
        } else {
            source = .thread(try PollingThread(watching: descriptor, signalling: eventFD))
        }
        let handler = NIOLoopBound(WakeupHandler { [weak self] in self?.wake() }, eventLoop: eventLoop)
        NIOPipeBootstrap(group: eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(handler.value)
                }
            }
            .takingOwnershipOfDescriptor(input: eventFD)
            .assumeIsolated()
            .whenSuccess { [weak self] in self?.channel = $0 }
    }

    func arm() {
        guard !isArmed else { return }
        isArmed = true
        switch source {
        case .aio(let context):
            // The ring was emptied in `wake`, so there is room.
            if steno_aio_poll(context, watched, eventFD) != 1 { isArmed = false }
        case .thread(let thread):
            thread.arm()
        }
    }

    func shutDown() {
        onWakeup = {}
        switch source {
        case .aio(let context): steno_aio_destroy(context)
        case .thread(let thread): thread.stop()
        }
        channel?.close(promise: nil)
    }

    private func wake() {
        if case .aio(let context) = source { steno_aio_reap(context) }
        isArmed = false
        onWakeup()
        arm()
    }
}

private final class WakeupHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let onRead: () -> Void

    init(onRead: @escaping () -> Void) {
        self.onRead = onRead
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        onRead()
    }
}

/// Polls one descriptor each time it is armed.
private final class PollingThread: Sendable {
    private let armFD: CInt
    private let isStopped = Atomic(false)

    init(watching descriptor: CInt, signalling eventFD: CInt) throws {
        armFD = eventfd(0, CInt(EFD_CLOEXEC))
        guard armFD >= 0 else { throw IOError(errnoCode: errno, reason: "eventfd") }
        // A thread of its own, as it blocks for its whole life.
        NIOThreadPool.singleUse { [self] in
            var word: UInt64 = 0
            while unsafe read(armFD, &word, 8) == 8, !isStopped.load(ordering: .acquiring) {
                var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                while unsafe poll(&request, 1, 500) == 0, !isStopped.load(ordering: .acquiring) {}
                word = 1
                unsafe write(eventFD, &word, 8)
            }
            close(armFD)
        }
    }

    func arm() {
        var word: UInt64 = 1
        unsafe write(armFD, &word, 8)
    }

    func stop() {
        isStopped.store(true, ordering: .releasing)
        arm()
    }
}

extension NIOThreadPool {
    fileprivate static func singleUse(_ body: @escaping @Sendable () -> Void) {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        pool.submit { _ in
            body()
            pool.shutdownGracefully { _ in }
        }
    }
}
