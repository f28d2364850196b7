import NIOCore
import Testing

extension Peer {
    struct Message: Sendable {
        /// With its empty line.
        let head: String
        let body: ByteBuffer

        var text: String { String(buffer: body) }
        var firstLine: String { String(head.prefix { !$0.isNewline }) }

        /// The value of a field, by its name in lower case.
        func field(_ name: String) -> String? { Peer.field(name, in: head) }
    }

    /// A whole request or response that is framed by its length or its chunks; with neither it has no body.
    func receiveMessage() async throws -> Message {
        let head = try await receiveHead()
        if Self.field("transfer-encoding", in: head) == "chunked" {
            return Message(head: head, body: try await receiveChunks())
        }
        let length = Self.field("content-length", in: head).flatMap { Int($0) } ?? 0
        return Message(head: head, body: try await receive(length))
    }

    /// One chunk's data; empty: the last one, whose empty line is still to come, or trailers are.
    func receiveChunk() async throws -> ByteBuffer {
        let line = try await receive(through: "\r\n")
        let size = try #require(Int(line.dropLast(), radix: 16))
        guard size > 0 else { return ByteBuffer() }
        let bytes = try await receive(size)
        #expect(try await receive(2) == ByteBuffer(string: "\r\n"))
        return bytes
    }

    func receiveChunks() async throws -> ByteBuffer {
        var body = ByteBuffer()
        while true {
            let chunk = try await receiveChunk()
            if chunk.readableBytes == 0 { break }
            body.writeImmutableBuffer(chunk)
        }
        #expect(try await receive(through: "\r\n") == "\r\n")
        return body
    }

    fileprivate static func field(_ name: String, in head: String) -> String? {
        for line in head.split(whereSeparator: \.isNewline) where line.lowercased().hasPrefix(name + ":") {
            return String(line.dropFirst(name.count + 1).drop { $0 == " " })
        }
        return nil
    }
}
