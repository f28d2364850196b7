import NIOCore
import Testing

@testable import Proxy

@Suite struct ChunkedDecoderTests {
    @Test("A large chunk is passed on piece by piece as it comes")
    func pieces() {
        var decoder = ChunkedDecoder(limit: 100)
        var buffer = ByteBuffer(string: "ffffff\r\nabc")
        #expect(bytes(decoder.next(&buffer)) == "abc")
        #expect(decoder.next(&buffer) == nil)
        buffer.writeString("d")
        #expect(bytes(decoder.next(&buffer)) == "d")
    }

    @Test("What comes behind the end is left alone")
    func rest() {
        var decoder = ChunkedDecoder(limit: 100)
        var buffer = ByteBuffer(string: "0\r\nA: b\r\n\r\nGET /")
        guard case .end(let trailers) = decoder.next(&buffer) else {
            Issue.record("no end")
            return
        }
        #expect(trailers == ByteBuffer(string: "A: b\r\n"))
        #expect(buffer == ByteBuffer(string: "GET /"))
    }

    @Test("The largest size is fifteen digits behind zeros", arguments: ["fffffffffffffff", "00fffffffffffffff"])
    func largest(_ size: String) {
        var decoder = ChunkedDecoder(limit: 100)
        var buffer = ByteBuffer(string: "\(size)\r\nx")
        #expect(bytes(decoder.next(&buffer)) == "x")
    }

    private func bytes(_ event: ChunkedDecoder.Event?) -> String? {
        guard case .bytes(let bytes) = event else { return nil }
        return String(buffer: bytes)
    }
}
