import CCurl
package import NIOCore
import NIOPosix

/// libcurl's multi interface, confined to one event loop: one connection cache, no locks, no queues.
///
/// All of libcurl's work happens in `tick()`, which runs when a socket is ready, when libcurl's timer is due, or when
/// something was asked for (`enqueue`). libcurl must not be called from within its callbacks, and a write to the app's
/// connection can close it right there: so callbacks only note what is to be done, and the tick does it afterwards.
@safe package final class CurlMulti {
    enum Action {
        case start(Transfer)
        case resume(Transfer)
        case cancel(Transfer)
    }

    package let eventLoop: any EventLoop
    let readiness: SocketReadiness
    private let multi: UnsafeMutableRawPointer
    private let share: OpaquePointer?
    /// By whether the handles once had a CA file, which cannot be taken from them again.
    private var idle: (withFile: [EasyHandle], withoutFile: [EasyHandle]) = ([], [])
    private var active: [Transfer] = []
    private var actions: [Action] = []
    private var touched: [Transfer] = []
    private var isTicking = false
    private var isTickScheduled = false
    private var isTimerDue = false
    private var timerDeadline: NIODeadline?
    private var timer: Scheduled<Void>?
    private var isShutDown = false

    private static let idleHandleLimit = 512
    private static let idleConnectionLimit = 2048
    /// On one HTTP/2 connection.
    private static let streamLimit = 32
    /// From so many on that slow apps hold, further requests do without HTTP/2.
    private static let heldStreamLimit = 4
    private static let globalInit = steno_global_init()

    /// On the event loop.
    package init(eventLoop: any EventLoop) throws {
        eventLoop.preconditionInEventLoop()
        _ = Self.globalInit
        steno_pool_use()
        guard let multi = unsafe curl_multi_init() else {
            throw CurlError(kind: .invalidRequest, message: "libcurl could not be started")
        }
        self.eventLoop = eventLoop
        unsafe self.multi = multi
        unsafe share = OpaquePointer(curl_share_init())
        readiness = try SocketReadiness(eventLoop: eventLoop)
        if let share = unsafe share {
            // One thread uses the share, so it needs no lock functions.
            unsafe steno_share_data(UnsafeMutableRawPointer(share), CURL_LOCK_DATA_SSL_SESSION)
            unsafe steno_share_data(UnsafeMutableRawPointer(share), CURL_LOCK_DATA_DNS)
        }
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe steno_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, context)
        unsafe steno_multi_set_pointer(multi, CURLMOPT_TIMERDATA, context)
        unsafe steno_multi_set_socket_function(multi, onSocketWanted)
        unsafe steno_multi_set_timer_function(multi, onTimer)
        unsafe steno_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Self.idleConnectionLimit)
        unsafe steno_multi_set_long(multi, CURLMOPT_MAX_CONCURRENT_STREAMS, Self.streamLimit)
        readiness.onReady = { [weak self] in self?.tick(socketsAreReady: true) }
        // Not only while it is paused: between resuming it and libcurl's next look at the socket it is not wanted either.
        readiness.isInUse = { [weak self] socket in
            guard let self else { return false }
            return active.contains { $0.handle?.socket == socket }
        }
    }

    deinit {
        unsafe curl_multi_cleanup(multi)
        if let share = unsafe share { unsafe curl_share_cleanup(UnsafeMutableRawPointer(share)) }
    }

    static func from(_ context: UnsafeMutableRawPointer?) -> CurlMulti? {
        unsafe context.map { unsafe Unmanaged<CurlMulti>.fromOpaque($0).takeUnretainedValue() }
    }

    package var transfersInFlight: Int { active.count }

    /// On the event loop. The delegate and the transfer are held until the end.
    package func start(_ request: TransferRequest, to upstream: Upstream, delegate: any TransferDelegate) -> Transfer {
        let transfer = Transfer(upstream: upstream, request: request, delegate: delegate, multi: self)
        enqueue(.start(transfer))
        return transfer
    }

    /// Cancels all transfers and closes all connections; nothing may be started afterwards.
    package func shutDown() {
        guard !isShutDown else { return }
        isShutDown = true
        timer?.cancel()
        for case .start(let transfer) in actions { transfer.delegate = nil }
        actions = []
        for transfer in active {
            let delegate = transfer.delegate
            remove(transfer, reusing: false)
            delegate?.transferDidEnd(
                .failure(CurlError(kind: .cancelled, message: "shutting down")), times: TransferTimes())
        }
        idle = ([], [])
        readiness.shutDown()
    }

    func enqueue(_ action: Action) {
        guard !isShutDown else { return }
        actions.append(action)
        scheduleTick()
    }

    func touch(_ transfer: Transfer) {
        touched.append(transfer)
    }

    func timer(in milliseconds: Int) {
        switch milliseconds {
        case ..<0: timerDeadline = nil
        case 0: isTimerDue = true
        default: timerDeadline = .now() + .milliseconds(Int64(milliseconds))
        }
    }

    private func scheduleTick() {
        guard !isTicking, !isTickScheduled else { return }
        isTickScheduled = true
        eventLoop.assumeIsolated().execute {
            self.isTickScheduled = false
            self.tick(socketsAreReady: false)
        }
    }

    private func tick(socketsAreReady: Bool) {
        guard !isTicking, !isShutDown else { return }
        isTicking = true
        if socketsAreReady {
            readiness.collect { socket, events in
                var running: CInt = 0
                unsafe curl_multi_socket_action(multi, socket, events, &running)
                finishEnded()
                deliverTouched()
            }
        }
        // Delivering may ask for more, which may be done at once; a bound keeps other channels of the loop alive.
        var rounds = 0
        repeat {
            perform()
            if isTimerDue || timerDeadline.map({ $0 <= .now() }) == true {
                isTimerDue = false
                timerDeadline = nil
                var running: CInt = 0
                unsafe curl_multi_socket_action(multi, steno_socket_timeout, 0, &running)
                finishEnded()
                deliverTouched()
            }
            rounds += 1
        } while (isTimerDue || !actions.isEmpty) && rounds < 8
        readiness.apply()
        isTicking = false
        if isTimerDue || !actions.isEmpty { scheduleTick() } else { scheduleTimer() }
    }

    private func perform() {
        while !actions.isEmpty {
            var index = 0
            while index < actions.count {
                switch actions[index] {
                case .start(let transfer): begin(transfer)
                case .cancel(let transfer): remove(transfer, reusing: true)
                case .resume(let transfer): resume(transfer)
                }
                index += 1
            }
            actions.removeAll(keepingCapacity: true)
            deliverTouched()
        }
    }

    private func begin(_ transfer: Transfer) {
        // Cancelled before it began.
        guard transfer.delegate != nil else { return }
        guard let handle = takeHandle(for: transfer.upstream) else {
            transfer.delegate?.transferDidEnd(
                .failure(CurlError(kind: .invalidRequest, message: "libcurl has no memory")), times: TransferTimes())
            return
        }
        handle.prepare(transfer, avoidingHTTP2: transfer.upstream.http != .one && hasManyHeldStreams)
        transfer.requestWasTaken()
        transfer.handle = handle
        transfer.index = active.count
        active.append(transfer)
        unsafe curl_multi_add_handle(multi, handle.pointer)
        isTimerDue = true
    }

    /// A stream that is held keeps what its window lets in (32 MiB in libcurl 7.88, and no option changes that); a
    /// connection of HTTP/1.1 leaves it in the kernel.
    private var hasManyHeldStreams: Bool {
        var count = 0
        for transfer in active where transfer.isReceivingPaused && transfer.upstream.http != .one { count += 1 }
        return count >= Self.heldStreamLimit
    }

    private func resume(_ transfer: Transfer) {
        guard let handle = transfer.handle else { return }
        if transfer.isReceivingPaused, transfer.isReceivingHeld, !transfer.isSendingPaused { return }
        var mask: CInt = 0
        transfer.isSendingPaused = false
        if transfer.isReceivingPaused {
            if transfer.isReceivingHeld { mask = CURLPAUSE_RECV } else { transfer.isReceivingPaused = false }
        }
        unsafe curl_easy_pause(handle.pointer, mask)
        isTimerDue = true
    }

    /// Hands on what has come; whoever stopped at `Transfer.receiveLimit` goes on if the app's side still takes more.
    private func deliverTouched() {
        var index = 0
        while index < touched.count {
            let transfer = touched[index]
            transfer.deliver()
            if transfer.isReceivingPaused, !transfer.isReceivingHeld { actions.append(.resume(transfer)) }
            index += 1
        }
        touched.removeAll(keepingCapacity: true)
    }

    /// Before what came is flushed, so that a response's last bytes and its end go in one write.
    private func finishEnded() {
        var left: CInt = 0
        while let message = unsafe curl_multi_info_read(multi, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE else { continue }
            let code = unsafe steno_message_result(message)
            var context: UnsafeMutableRawPointer?
            unsafe steno_get_pointer(message.pointee.easy_handle, CURLINFO_PRIVATE, &context)
            guard let handle = unsafe EasyHandle.from(context), let transfer = handle.transfer else { continue }
            transfer.deliverReceived()
            if let socket = handle.multiplexedSocket { readiness.didMultiplex(on: socket) }
            let times = handle.times()
            let delegate = transfer.delegate
            let trailers = transfer.head.trailers
            remove(transfer, reusing: true)
            if code == CURLE_OK {
                delegate?.transferDidEnd(.success(trailers), times: times)
            } else {
                delegate?.transferDidEnd(.failure(handle.error(code)), times: times)
            }
        }
    }

    private func remove(_ transfer: Transfer, reusing: Bool) {
        transfer.delegate = nil
        guard let handle = transfer.handle else { return }
        unsafe curl_multi_remove_handle(multi, handle.pointer)
        transfer.handle = nil
        handle.didEnd()
        if let last = active.popLast(), last !== transfer {
            last.index = transfer.index
            active[transfer.index] = last
        }
        guard reusing, handle.isReusable else { return }
        if transfer.upstream.tls.caFile == nil {
            if idle.withoutFile.count < Self.idleHandleLimit { idle.withoutFile.append(handle) }
        } else {
            if idle.withFile.count < Self.idleHandleLimit { idle.withFile.append(handle) }
        }
    }

    private func takeHandle(for upstream: Upstream) -> EasyHandle? {
        if let handle = upstream.tls.caFile == nil ? idle.withoutFile.popLast() : idle.withFile.popLast() {
            return handle
        }
        return unsafe EasyHandle(multi: self, share: share)
    }

    private func scheduleTimer() {
        guard let deadline = timerDeadline else { return }
        // One lazy timer: it may fire early for nothing, but is not rebuilt for every request.
        if timer != nil, let scheduledFor, scheduledFor <= deadline { return }
        timer?.cancel()
        scheduledFor = deadline
        timer = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.timer = nil
            self.scheduledFor = nil
            self.tick(socketsAreReady: false)
        }
    }

    private var scheduledFor: NIODeadline?
}
