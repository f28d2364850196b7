import CCurl
import Glibc
import NIOCore

/// A libcurl easy handle, used for one transfer after another: options are written for each, nothing is reset, and the
/// memory that libcurl reads during a transfer (header list, small body) belongs to it.
///
/// Confined to the event loop of its `CurlMulti`; libcurl's callbacks come on that thread only.
@safe final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    var transfer: Transfer?
    private(set) var isReusable = true
    /// The last one that libcurl wanted watched for this transfer.
    var socket: curl_socket_t?
    unowned let multi: CurlMulti

    private var upstream: Upstream?
    private let headerNodes: UnsafeMutablePointer<curl_slist>
    private var headerText = CBytes()
    /// Held for as long as libcurl reads its bytes, which nobody can write to meanwhile: they are shared.
    private var body = ByteBuffer()
    private let errorText: UnsafeMutablePointer<CChar>
    /// The upstream's address, taken apart once: libcurl would parse a text anew for each transfer.
    private let address: OpaquePointer?

    /// Nodes of every header list: the request's own fields in one node (libcurl writes a node's text as it stands, so
    /// its lines can be joined), then what keeps libcurl from adding fields of its own. It looks for a field by what nodes
    /// begin with, the first one wins, and `Host` begins the request's: the node that says "none" comes before it. (Making
    /// the line itself, libcurl would format it twice.)
    private static let fixedHeaders: [StaticString] = [
        "Accept:", "Content-Type:", "Expect:",
    ]
    private static let noHost: StaticString = "Host:"
    /// How a body without a length is sent: in chunks, or as a tunnel's bytes.
    private static let codings: (chunked: StaticString, none: StaticString) = (
        "Transfer-Encoding: chunked", "Transfer-Encoding:"
    )

    private static let nodeCount = 2 + fixedHeaders.count + 1

    init?(multi: CurlMulti, share: OpaquePointer?) {
        guard let pointer = unsafe curl_easy_init() else { return nil }
        unsafe self.pointer = pointer
        self.multi = multi
        unsafe address = curl_url()
        unsafe headerNodes = .allocate(capacity: Self.nodeCount)
        unsafe headerNodes.initialize(repeating: curl_slist(data: nil, next: nil), count: Self.nodeCount)
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        unsafe setUp(share: share)
    }

    deinit {
        unsafe curl_easy_cleanup(pointer)
        unsafe curl_url_cleanup(address)
        unsafe headerNodes.deallocate()
        unsafe errorText.deallocate()
    }

    static func from(_ context: UnsafeMutableRawPointer?) -> EasyHandle? {
        unsafe context.map { unsafe Unmanaged<EasyHandle>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Options that hold for every transfer.
    private func setUp(share: OpaquePointer?) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe set(CURLOPT_PRIVATE, pointer: context)
        unsafe set(CURLOPT_ERRORBUFFER, pointer: errorText)
        set(CURLOPT_NOSIGNAL, 1)
        // No look into the environment.
        set(CURLOPT_PROXY, "")
        set(CURLOPT_NOPROXY, "*")
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        // Bodies pass as they are; chunk framing alone is taken off.
        set(CURLOPT_HTTP_CONTENT_DECODING, 0)
        set(CURLOPT_DNS_CACHE_TIMEOUT, 30)
        // A server closes an idle connection whenever it likes, and a POST that meets it there is lost: better not to be
        // the last to give up. A name that moved to another address is followed within the lifetime.
        set(CURLOPT_MAXAGE_CONN, 60)
        set(CURLOPT_MAXLIFETIME_CONN, 600)
        if let share = unsafe share { unsafe set(CURLOPT_SHARE, pointer: UnsafeMutableRawPointer(share)) }
        for option in [CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_READDATA, CURLOPT_SEEKDATA, CURLOPT_PREREQDATA] {
            unsafe set(option, pointer: context)
        }
        unsafe set(CURLOPT_TRAILERDATA, pointer: context)
        let multiContext = unsafe Unmanaged.passUnretained(multi).toOpaque()
        unsafe set(CURLOPT_SOCKOPTDATA, pointer: multiContext)
        unsafe set(CURLOPT_CLOSESOCKETDATA, pointer: multiContext)
        unsafe steno_set_data_function(pointer, CURLOPT_WRITEFUNCTION, onBody)
        unsafe steno_set_data_function(pointer, CURLOPT_HEADERFUNCTION, onHeader)
        unsafe steno_set_data_function(pointer, CURLOPT_READFUNCTION, onRead)
        unsafe steno_set_seek_function(pointer, onSeek)
        unsafe steno_set_prereq_function(pointer, onPrerequest)
        unsafe steno_set_sockopt_function(pointer, onSocketOpened)
        unsafe steno_set_closesocket_function(pointer, onSocketClosed)
    }

    func prepare(_ transfer: Transfer, avoidingHTTP2: Bool = false) {
        self.transfer = transfer
        socket = nil
        if upstream !== transfer.upstream { configure(transfer.upstream) }
        if transfer.upstream.http != .one { configureVersion(transfer.upstream, avoidingHTTP2: avoidingHTTP2) }
        let request = transfer.request
        let prefix = transfer.upstream.pathPrefix
        set(CURLOPT_REQUEST_TARGET, prefix.isEmpty ? request.target : prefix + request.target)
        prepareHeaders(request, to: transfer.upstream)
        prepareBody(request)
    }

    /// Its transfer is over, and libcurl reads nothing more of it.
    func didEnd() {
        transfer = nil
        guard body.readableBytes > 0 else { return }
        unsafe set(CURLOPT_POSTFIELDS, pointer: nil)
        body = ByteBuffer()
    }

    private func configure(_ upstream: Upstream) {
        self.upstream = upstream
        set(CURLOPT_URL, upstream.origin + "/")
        // One that cannot be taken apart fails by the text.
        let isParsed = unsafe curl_url_set(address, CURLUPART_URL, upstream.origin + "/", 0) == CURLUE_OK
        unsafe set(CURLOPT_CURLU, pointer: isParsed ? UnsafeMutableRawPointer(address) : nil)
        set(CURLOPT_UNIX_SOCKET_PATH, upstream.socketPath)
        configureVersion(upstream)
        set(CURLOPT_CONNECTTIMEOUT_MS, upstream.connectTimeout.milliseconds)
        set(CURLOPT_SSL_VERIFYPEER, upstream.tls.verifiesPeer ? 1 : 0)
        set(CURLOPT_SSL_VERIFYHOST, upstream.tls.verifiesPeer ? 2 : 0)
        // Without a file of its own a route trusts what the system trusts, which is libcurl's built-in default: a handle
        // that had a file before cannot go back to it, so such a handle is never shared between the two (see CurlMulti).
        if let file = upstream.tls.caFile { set(CURLOPT_CAINFO, file) }
        set(CURLOPT_SSLCERT, upstream.tls.certificateFile)
        set(CURLOPT_SSLKEY, upstream.tls.keyFile)
    }

    private func configureVersion(_ upstream: Upstream, avoidingHTTP2: Bool = false) {
        let isSecure = upstream.origin.lowercased().hasPrefix("https:")
        let version =
            switch (upstream.http, isSecure) {
            case (.one, _), (.negotiated, false): CURL_HTTP_VERSION_1_1
            case (.two, true), (.negotiated, true): avoidingHTTP2 ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS
            case (.two, false): CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE
            }
        set(CURLOPT_HTTP_VERSION, Int(version))
        // Rather one stream more than one connection more, also while the first is being made.
        set(CURLOPT_PIPEWAIT, version == CURL_HTTP_VERSION_2TLS ? 1 : 0)
        // Before 8.0 a connection of prior knowledge fails with its second request (curl/curl#10643).
        let isForOne = version == CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE && !Self.reusesPriorKnowledge
        set(CURLOPT_FRESH_CONNECT, isForOne ? 1 : 0)
        set(CURLOPT_FORBID_REUSE, isForOne ? 1 : 0)
    }

    private static let reusesPriorKnowledge =
        unsafe (curl_version_info(CURLVERSION_FIRST)?.pointee.version_num ?? 0) >= 0x080000

    private func prepareHeaders(_ request: TransferRequest, to upstream: Upstream) {
        let coding: StaticString? =
            switch request.body {
            case .stream(length: nil): Self.codings.chunked
            case .tunnel: Self.codings.none
            default: nil
            }
        unsafe headerNodes[0].data = Self.pointer(to: Self.noHost)
        unsafe headerNodes[0].next = headerNodes + 1
        unsafe headerNodes[1].next = headerNodes + 2
        let fixed = Self.fixedHeaders
        // Each costs libcurl a look whenever it adds a field; it thinks of these only where there is such a body.
        let fixedCount =
            switch request.body {
            case .none: 1
            case .whole: 2
            case .stream, .tunnel: fixed.count
            }
        let count = coding == nil ? fixedCount : fixedCount + 1
        for index in 0..<count {
            let text = index < fixedCount ? fixed[index] : coding ?? Self.codings.none
            unsafe headerNodes[index + 2].data = Self.pointer(to: text)
            unsafe headerNodes[index + 2].next = index + 1 < count ? headerNodes + index + 3 : nil
        }
        var lines = request.headers
        // libcurl ends the node's text with a CRLF of its own.
        lines.moveWriterIndex(to: max(lines.readerIndex, lines.writerIndex - 2))
        if let host = upstream.hostLine {
            let isAlone = lines.readableBytes == 0
            unsafe headerNodes[1].data = headerText.assign(isAlone ? String(host.dropLast()) : host, lines)
            unsafe set(CURLOPT_HTTPHEADER, pointer: headerNodes)
        } else if lines.readableBytes > 0 {
            Self.keepEmptyValue(&lines)
            unsafe headerNodes[1].data = headerText.assign("", lines)
            unsafe set(CURLOPT_HTTPHEADER, pointer: headerNodes + 1)
        } else {
            unsafe set(CURLOPT_HTTPHEADER, pointer: headerNodes + 2)
        }
    }

    private static func pointer(to text: StaticString) -> UnsafeMutablePointer<CChar> {
        unsafe UnsafeMutableRawPointer(mutating: text.utf8Start).assumingMemoryBound(to: CChar.self)
    }

    /// libcurl reads a node without a value as "leave this field out", and `Name;` as an empty one. Of several joined lines
    /// it looks at the first colon only, behind which there is always something then.
    private static func keepEmptyValue(_ text: inout ByteBuffer) {
        let bytes = text.readableBytesView
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            bytes[(colon + 1)...].allSatisfy({ $0 == 0x20 || $0 == 0x09 })
        else { return }
        let length = colon - bytes.startIndex
        text.moveWriterIndex(to: text.readerIndex + length)
        text.writeInteger(UInt8(ascii: ";"))
    }

    /// Where the bytes stay while the buffer is held; of an empty one, too.
    private static func address(of bytes: ByteBuffer) -> UnsafeMutableRawPointer {
        let address = unsafe bytes.withUnsafeReadableBytes { unsafe $0.isEmpty ? nil : $0.baseAddress }
        return unsafe UnsafeMutableRawPointer(mutating: address ?? UnsafeRawPointer(pointer(to: "")))
    }

    private static let uploadBuffers = (16 * 1024)...(64 * 1024)

    private func prepareBody(_ request: TransferRequest) {
        switch request.body {
        case .none:
            set(CURLOPT_HTTPGET, 1)
            if request.method == "HEAD" {
                set(CURLOPT_CUSTOMREQUEST, nil)
                set(CURLOPT_NOBODY, 1)
            } else {
                set(CURLOPT_CUSTOMREQUEST, request.method == "GET" ? nil : request.method)
            }
            return
        case .whole(let bytes):
            // The size first: libcurl may otherwise measure the fields as a C string.
            set(offset: CURLOPT_POSTFIELDSIZE_LARGE, Int64(bytes.readableBytes))
            body = bytes
            unsafe set(CURLOPT_POSTFIELDS, pointer: Self.address(of: body))
            // libcurl's least, and all that it uses of it for such a body (over TLS).
            set(CURLOPT_UPLOAD_BUFFERSIZE, Self.uploadBuffers.lowerBound)
        case .stream(let length):
            // It is kept until the answer's end, so what is no long body gets no long buffer.
            let isLong = length.map { $0 > Self.uploadBuffers.upperBound } ?? true
            set(CURLOPT_UPLOAD_BUFFERSIZE, isLong ? Self.uploadBuffers.upperBound : Self.uploadBuffers.lowerBound)
            unsafe set(CURLOPT_POSTFIELDS, pointer: nil)
            set(offset: CURLOPT_POSTFIELDSIZE_LARGE, Int64(length ?? -1))
        case .tunnel:
            unsafe set(CURLOPT_POSTFIELDS, pointer: nil)
            set(offset: CURLOPT_POSTFIELDSIZE_LARGE, -1)
            prepareTunnel()
        }
        set(CURLOPT_POST, 1)
        set(CURLOPT_CUSTOMREQUEST, request.method == "POST" ? nil : request.method)
        if request.announcesTrailers {
            // libcurl 7.88 leaves the trailers' state behind in the handle, which breaks the next upload.
            isReusable = false
            unsafe steno_set_trailer_function(pointer, onTrailers)
        }
    }

    /// The connection and the handle serve nothing else afterwards.
    private func prepareTunnel() {
        isReusable = false
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_FORBID_REUSE, 1)
        // Silence is no sign of death in a tunnel: the kernel asks after a minute of it.
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_TCP_KEEPIDLE, 60)
        set(CURLOPT_TCP_KEEPINTVL, 15)
    }

    /// Of a connection that speaks HTTP/2.
    var multiplexedSocket: curl_socket_t? {
        guard let upstream, upstream.http != .one else { return nil }
        var version = 0
        unsafe steno_get_long(pointer, CURLINFO_HTTP_VERSION, &version)
        return version == Int(CURL_HTTP_VERSION_2_0) ? socket : nil
    }

    /// Tells the upstream that nothing more comes, and still reads.
    func shutDownSending() {
        guard let socket else { return }
        if unsafe steno_close_notify(pointer) == 0 { _ = Glibc.shutdown(socket, CInt(SHUT_WR)) }
    }

    func times() -> TransferTimes {
        var connections = 0
        unsafe steno_get_long(pointer, CURLINFO_NUM_CONNECTS, &connections)
        if connections == 0 { return TransferTimes(isReused: true) }
        let lookup = microseconds(CURLINFO_NAMELOOKUP_TIME_T)
        let connected = microseconds(CURLINFO_CONNECT_TIME_T)
        let secured = microseconds(CURLINFO_APPCONNECT_TIME_T)
        return TransferTimes(
            isReused: false, nameLookup: lookup * 1000, connect: max(0, connected - lookup) * 1000,
            tls: secured > 0 ? max(0, secured - connected) * 1000 : 0)
    }

    /// libcurl's words about a failure, and perhaps a peer's: to look at, never to show.
    var details: String { unsafe String(cString: errorText) }

    private func microseconds(_ info: CURLINFO) -> Int64 {
        var value: curl_off_t = 0
        unsafe steno_get_offset(pointer, info, &value)
        return Int64(value)
    }

    private func set(_ option: CURLoption, _ value: Int) {
        unsafe steno_set_long(pointer, option, value)
    }

    private func set(offset option: CURLoption, _ value: Int64) {
        unsafe steno_set_offset(pointer, option, curl_off_t(value))
    }

    private func set(_ option: CURLoption, _ value: String?) {
        unsafe steno_set_string(pointer, option, value)
    }

    private func set(_ option: CURLoption, pointer value: UnsafeMutableRawPointer?) {
        unsafe steno_set_pointer(pointer, option, value)
    }
}

/// Bytes at an address that stays, for as long as libcurl reads them; grown as needed, kept for the next transfer.
@safe private struct CBytes: ~Copyable {
    private var storage: UnsafeMutableRawBufferPointer = unsafe .init(start: nil, count: 0)

    /// A text, and bytes behind it.
    mutating func assign(_ text: String, _ bytes: ByteBuffer) -> UnsafeMutablePointer<CChar>? {
        var text = text
        let start = text.utf8.count
        let needed = start + bytes.readableBytes + 1
        if unsafe storage.count < needed {
            unsafe storage.deallocate()
            unsafe storage = .allocate(byteCount: max(256, needed + needed / 2), alignment: 1)
        }
        if start > 0 { text.withUTF8 { unsafe storage.copyMemory(from: UnsafeRawBufferPointer($0)) } }
        unsafe bytes.withUnsafeReadableBytes {
            unsafe UnsafeMutableRawBufferPointer(rebasing: storage[start...]).copyMemory(from: $0)
        }
        unsafe storage[needed - 1] = 0
        return unsafe storage.baseAddress?.assumingMemoryBound(to: CChar.self)
    }

    deinit {
        unsafe storage.deallocate()
    }
}
