import CCurl
import Glibc
import NIOCore

// What libcurl calls during a transfer, always on the event loop and inside one of `CurlMulti`'s calls. Each recovers its
// context and forwards; none may call libcurl back.

func onHeader(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?)
    -> Int
{
    guard let transfer = unsafe EasyHandle.from(context)?.transfer else { return 0 }
    let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    return unsafe transfer.receive(headerLine: line.bytes) ? size * count : 0
}

func onBody(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?)
    -> Int
{
    guard let transfer = unsafe EasyHandle.from(context)?.transfer else { return 0 }
    guard transfer.canReceive else {
        transfer.isReceivingPaused = true
        return steno_write_pause
    }
    unsafe transfer.receive(body: UnsafeRawBufferPointer(start: bytes, count: size * count))
    return size * count
}

func onRead(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?)
    -> Int
{
    guard let transfer = unsafe EasyHandle.from(context)?.transfer, let delegate = transfer.delegate else {
        return steno_read_abort
    }
    switch transfer.tunnel {
    case nil, .open: break
    case .asked:
        transfer.isSendingPaused = true
        return steno_read_pause
    case .refused: return 0
    }
    switch delegate.transferNeedsBody(upTo: size * count) {
    case .bytes(let piece):
        // There is room again, which the app's side is to hear of.
        transfer.touch()
        let target = unsafe UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
        unsafe piece.withUnsafeReadableBytes { unsafe target.copyMemory(from: $0) }
        return piece.readableBytes
    case .wait:
        transfer.isSendingPaused = true
        return steno_read_pause
    case .end(let trailers):
        transfer.requestTrailers = trailers
        transfer.sendingDidEnd()
        return 0
    case .broken:
        return steno_read_abort
    }
}

/// Asked when a request would have to be sent again on another connection: a streamed body is gone by then.
func onSeek(_ context: UnsafeMutableRawPointer?, _ offset: curl_off_t, _ origin: CInt) -> CInt {
    CURL_SEEKFUNC_FAIL
}

/// Before a request goes out on a connection. The second time means that the first connection died before a byte of the
/// answer came: RFC 9110 §9.2.2 lets a proxy send only idempotent requests again.
func onPrerequest(
    _ context: UnsafeMutableRawPointer?, _ remoteAddress: UnsafeMutablePointer<CChar>?,
    _ localAddress: UnsafeMutablePointer<CChar>?, _ remotePort: CInt, _ localPort: CInt
) -> CInt {
    guard let transfer = unsafe EasyHandle.from(context)?.transfer else { return CURL_PREREQFUNC_ABORT }
    transfer.attempts += 1
    return transfer.attempts == 1 || transfer.isIdempotent ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}

/// libcurl frees the list.
func onTrailers(_ list: UnsafeMutablePointer<UnsafeMutablePointer<curl_slist>?>?, _ context: UnsafeMutableRawPointer?)
    -> CInt
{
    guard let transfer = unsafe EasyHandle.from(context)?.transfer, let list = unsafe list else {
        return CURL_TRAILERFUNC_ABORT
    }
    for line in (transfer.requestTrailers.map { $0.readableBytesView.split(separator: 0x0A) } ?? []) {
        let text = String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
        guard let longer = unsafe curl_slist_append(list.pointee, text) else { return CURL_TRAILERFUNC_ABORT }
        unsafe list.pointee = longer
    }
    return CURL_TRAILERFUNC_OK
}

func onSocketOpened(_ context: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _ purpose: curlsocktype) -> CInt {
    unsafe CurlMulti.from(context)?.readiness.didOpen(socket)
    return CURL_SOCKOPT_OK
}

func onSocketClosed(_ context: UnsafeMutableRawPointer?, _ socket: curl_socket_t) -> CInt {
    unsafe CurlMulti.from(context)?.readiness.willClose(socket)
    return close(socket)
}

func onSocketWanted(
    _ easy: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _ what: CInt, _ context: UnsafeMutableRawPointer?,
    _ socketContext: UnsafeMutableRawPointer?
) -> CInt {
    var handle: UnsafeMutableRawPointer?
    unsafe steno_get_pointer(easy, CURLINFO_PRIVATE, &handle)
    if let handle = unsafe EasyHandle.from(handle) {
        if what != CURL_POLL_REMOVE { handle.socket = socket }
        handle.transfer?.socketIsWanted(forReading: what & CURL_POLL_IN != 0 && what != CURL_POLL_REMOVE)
    }
    unsafe CurlMulti.from(context)?.readiness.want(socket, what)
    return 0
}

func onTimer(_ multi: UnsafeMutableRawPointer?, _ milliseconds: Int, _ context: UnsafeMutableRawPointer?) -> CInt {
    unsafe CurlMulti.from(context)?.timer(in: milliseconds)
    return 0
}
