import NIOCore
import Testing

@testable import CurlClient
@testable import Proxy

/// Whatever an upstream says: the app gets one head whose fields are fields, or none.
@Suite struct ResponseRewriterFuzzTests {
    private static let samples = [
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\nDate: now\r\n\r\n",
        "HTTP/1.0 301 Moved\r\nLocation: /x\r\nSet-Cookie: a=b\r\nset-cookie: c=\"d\"\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "HTTP/1.1 304\r\nContent-Length: 12\r\nETag: \"x\"\r\n\r\n",
    ].map { Array($0.utf8) }

    @Test("The app gets a well-formed head, framed in one way, or none", arguments: 0..<8 as Range<UInt64>)
    func heads(_ seed: UInt64) throws {
        var mutator = Mutator(seed: seed &+ 200)
        for method in ["GET", "HEAD"] {
            let rewriter = ResponseRewriter(request: try .make(method), closes: false)
            for _ in 0..<Mutator.rounds / 16 {
                let wire = mutator.input(of: Self.samples)
                var assembler = ResponseHeadAssembler()
                for line in lines(of: wire) {
                    switch assembler.add(ByteBuffer(bytes: line).readableBytesSpan) {
                    case .none, .malformed: continue
                    case .interim(let head):
                        guard let bytes = rewriter.rewriteInterim(head) else { continue }
                        try check(bytes, against: nil, wire)
                    case .final(let head):
                        guard let result = rewriter.rewrite(head, adding: "x-steno-thread-id: t\r\n") else { continue }
                        try check(result.bytes, against: result.framing, wire)
                    }
                }
            }
        }
    }

    /// As libcurl cuts them: each with its LF.
    private func lines(of wire: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var rest = wire[...]
        while let end = rest.firstIndex(of: 0x0A) {
            lines.append(rest[...end])
            rest = rest[(end + 1)...]
        }
        return lines
    }

    private func check(_ bytes: ByteBuffer, against framing: ResponseRewriter.Framing?, _ wire: [UInt8]) throws {
        let text = Array(bytes.readableBytesView)
        let statusEnd = try #require(text.firstRange(of: Array("\r\n".utf8)))
        #expect(text.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound == text.count, "\(wire)")
        let fields = try FieldLines(
            ByteBuffer(bytes: text[statusEnd.upperBound..<(text.count - 2)]), maximumCount: 5000)
        let names = fields.fields.map { fields.text($0.name).lowercased() }
        let lengths = Set(fields.fields(.contentLength).map { fields.text($0.value) })
        switch framing {
        case .chunked: #expect(names.count { $0 == "transfer-encoding" } == 1 && lengths.isEmpty, "\(wire)")
        case .length: #expect(!names.contains("transfer-encoding") && lengths.count == 1, "\(wire)")
        default: #expect(!names.contains("transfer-encoding"), "\(wire)")
        }
    }
}
