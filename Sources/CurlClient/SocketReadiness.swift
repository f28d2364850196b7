import CCurl
import CLinux
import Glibc
import NIOCore

/// Tells which of libcurl's sockets are ready, on an event loop that has no public way to watch a foreign descriptor.
///
/// The sockets stand in an epoll set of their own; a set is itself a descriptor that becomes readable, and a `Wakeup`
/// brings that to the event loop. Confined to that loop.
@safe final class SocketReadiness {
    /// Called on the event loop; it is to call `collect` and, when libcurl has said what it wants next, `apply`.
    var onReady: () -> Void = {}
    /// Whether a socket that libcurl does not want now belongs to a transfer: one that is paused or was just resumed.
    var isInUse: (curl_socket_t) -> Bool = { _ in false }

    private struct Interest {
        var wanted: UInt32 = 0
        var registered: UInt32 = 0
        var isRegistered = false
        /// A connection, which libcurl may keep open and unwatched between two requests.
        var isConnection = false
        /// HTTP/2: its server may speak between two requests.
        var isMultiplexed = false
        /// The kernel's number for the socket, which no other ever has.
        var cookie: UInt64 = 0
    }

    private let set: CInt
    private let wakeup: Wakeup
    /// By descriptor: the kernel gives the lowest that is free.
    private var interests: [Interest?] = []
    private var changed: [curl_socket_t] = []
    private var ready = unsafe [epoll_event](repeating: epoll_event(), count: 64)

    init(eventLoop: any EventLoop) throws {
        set = epoll_create1(CInt(EPOLL_CLOEXEC))
        guard set >= 0 else { throw IOError(errnoCode: errno, reason: "epoll_create1") }
        wakeup = try Wakeup(watching: set, eventLoop: eventLoop)
        wakeup.onWakeup = { [weak self] in self?.onReady() }
        wakeup.arm()
    }

    func shutDown() {
        onReady = {}
        wakeup.shutDown()
        close(set)
    }

    /// What was wanted of an older socket of this number is void: libcurl closes one that was not connected yet without a
    /// word.
    func didOpen(_ socket: curl_socket_t) {
        var interest = Interest()
        interest.isConnection = true
        interest.cookie = Self.cookie(of: socket)
        setInterest(socket, interest)
    }

    func didMultiplex(on socket: curl_socket_t) {
        guard var interest = interest(socket) else { return }
        interest.isMultiplexed = true
        setInterest(socket, interest)
    }

    /// The kernel takes a closed socket out of the set by itself.
    func willClose(_ socket: curl_socket_t) {
        setInterest(socket, nil)
    }

    private func interest(_ socket: curl_socket_t) -> Interest? {
        let index = Int(socket)
        return index < interests.count ? interests[index] : nil
    }

    private func setInterest(_ socket: curl_socket_t, _ interest: Interest?) {
        let index = Int(socket)
        while interests.count <= index { interests.append(nil) }
        interests[index] = interest
    }

    /// libcurl takes its interest back after each request and declares it again with the next: only the net change of a
    /// whole tick is worth a system call.
    func want(_ socket: curl_socket_t, _ what: CInt) {
        var interest = interest(socket) ?? Interest()
        interest.wanted =
            switch what {
            case CURL_POLL_IN: EPOLLIN.rawValue
            case CURL_POLL_OUT: EPOLLOUT.rawValue
            case CURL_POLL_INOUT: EPOLLIN.rawValue | EPOLLOUT.rawValue
            default: 0
            }
        setInterest(socket, interest)
        changed.append(socket)
    }

    func apply() {
        for socket in changed {
            guard var interest = interest(socket), interest.wanted != interest.registered || !interest.isRegistered
            else { continue }
            if interest.wanted == 0 {
                // An idle connection stays in the set: see `discard`. So does a paused one, until it would wake for nothing.
                if interest.isConnection { continue }
                if interest.isRegistered { control(EPOLL_CTL_DEL, socket, 0) }
                setInterest(socket, nil)
                continue
            }
            guard interest.isRegistered || isStill(socket, interest) else {
                setInterest(socket, nil)
                continue
            }
            control(interest.isRegistered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, interest.wanted)
            interest.registered = interest.wanted
            interest.isRegistered = true
            setInterest(socket, interest)
        }
        changed.removeAll(keepingCapacity: true)
        wakeup.arm()
    }

    func collect(_ act: (_ socket: curl_socket_t, _ events: CInt) -> Void) {
        let count = unsafe epoll_wait(set, &ready, Int32(ready.count), 0)
        guard count > 0 else { return }
        for index in 0..<Int(count) {
            let socket = unsafe ready[index].data.fd
            let events = unsafe ready[index].events
            guard let interest = interest(socket) else { continue }
            if interest.wanted == 0 {
                unregister(socket)
                if !interest.isMultiplexed, !isInUse(socket), isStill(socket, interest) { discard(socket) }
                continue
            }
            var mask: CInt = 0
            if events & EPOLLIN.rawValue != 0 { mask |= CURL_CSELECT_IN }
            if events & EPOLLOUT.rawValue != 0 { mask |= CURL_CSELECT_OUT }
            if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { mask |= CURL_CSELECT_ERR | CURL_CSELECT_IN }
            act(socket, mask)
        }
    }

    /// An idle connection that becomes readable has been closed, or brings bytes that belong to no request (RFC 9112
    /// §9.3.2). libcurl would take the latter for the next response's, so the connection must look dead to it: emptied
    /// and shut down.
    private func discard(_ socket: curl_socket_t) {
        var scratch = [UInt8](repeating: 0, count: 4096)
        while unsafe recv(socket, &scratch, scratch.count, CInt(MSG_DONTWAIT)) > 0 {}
        _ = Glibc.shutdown(socket, Int32(SHUT_RDWR))
    }

    /// False where the number has gone to a socket of somebody else, an app's perhaps, since libcurl opened it.
    private func isStill(_ socket: curl_socket_t, _ interest: Interest) -> Bool {
        !interest.isConnection || Self.cookie(of: socket) == interest.cookie
    }

    /// 0 for what is no socket.
    private static func cookie(of socket: curl_socket_t) -> UInt64 {
        var cookie: UInt64 = 0
        var size = socklen_t(MemoryLayout<UInt64>.size)
        _ = unsafe getsockopt(socket, SOL_SOCKET, SO_COOKIE, &cookie, &size)
        return cookie
    }

    private func unregister(_ socket: curl_socket_t) {
        control(EPOLL_CTL_DEL, socket, 0)
        guard var interest = interest(socket) else { return }
        interest.isRegistered = false
        interest.registered = 0
        setInterest(socket, interest)
    }

    private func control(_ operation: CInt, _ socket: curl_socket_t, _ events: UInt32) {
        var event = unsafe epoll_event()
        unsafe event.events = events
        unsafe event.data.fd = socket
        _ = unsafe epoll_ctl(set, operation, socket, &event)
    }
}
