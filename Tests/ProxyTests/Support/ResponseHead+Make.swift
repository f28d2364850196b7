import NIOCore

@testable import CurlClient

extension ResponseHead {
    static func make(_ status: Int, _ lines: String) -> ResponseHead {
        ResponseHead(
            status: status, reason: ByteBuffer(string: "Fine"), minorVersion: 1, lines: ByteBuffer(string: lines))
    }
}
