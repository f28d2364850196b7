import NIOCore

@testable import Proxy

extension RequestHead {
    /// `lines`: without Host, each with its CRLF.
    static func make(
        _ method: String = "POST", _ target: String = "/", version: String = "1.1", lines: String = ""
    ) throws -> RequestHead {
        try make(method, target, version: version, lines: ByteBuffer(string: lines))
    }

    static func make(
        _ method: String = "POST", _ target: String = "/", version: String = "1.1", lines: ByteBuffer
    ) throws -> RequestHead {
        var bytes = ByteBuffer(string: "Host: h\r\n")
        bytes.writeImmutableBuffer(lines)
        return try RequestHead(
            requestLine: ByteBuffer(string: "\(method) \(target) HTTP/\(version)"), lines: bytes, maximumFieldCount: 100
        )
    }
}
