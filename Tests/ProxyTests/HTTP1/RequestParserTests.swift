import NIOCore
import Testing

@testable import Proxy

@Suite struct RequestParserTests {
    private static let accepted = RequestFixture.valid + RequestFixture.large
    private static let refused = RequestFixture.refusedHeads + RequestFixture.refusedBodies

    @Test("What can be read in one way only is read", arguments: accepted)
    func accepts(_ fixture: RequestFixture) {
        #expect(Transcript.of([fixture.wire[...]]) == fixture.events)
    }

    @Test("What two readers could take differently is refused", arguments: refused)
    func refuses(_ fixture: RequestFixture) {
        #expect(Transcript.of([fixture.wire[...]]) == fixture.events)
    }

    @Test("Wherever the wire is cut, the events are the same", arguments: accepted + refused)
    func cut(_ fixture: RequestFixture) {
        for offset in fixture.wire.indices {
            let events = Transcript.of([fixture.wire[..<offset], fixture.wire[offset...]])
            #expect(events == fixture.events, "cut at \(offset)")
        }
    }

    @Test("Byte by byte, the events are the same", arguments: accepted + refused)
    func bytewise(_ fixture: RequestFixture) {
        #expect(Transcript.of(fixture.wire.indices.map { fixture.wire[$0...$0] }) == fixture.events)
    }

    @Test("Nothing is read after a refusal", arguments: refused)
    func nothingAfter(_ fixture: RequestFixture) {
        var transcript = Transcript()
        transcript.receive(fixture.wire)
        transcript.receive("GET /next HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
        #expect(transcript.lines == fixture.events)
    }

    @Test("A request that breaks off gives what there was of it and no end", arguments: accepted)
    func unfinished(_ fixture: RequestFixture) {
        let events = Transcript.of([fixture.wire.dropLast()])
        #expect(
            events.count(where: { $0.hasPrefix("end") }) == fixture.events.count(where: { $0.hasPrefix("end") }) - 1)
    }

    @Test("It knows whether a head has begun, and what it holds back")
    func state() {
        var parser = RequestParser(limits: Transcript.limits)
        #expect(!parser.isInsideHead)
        parser.append(ByteBuffer(string: "GET / HTTP/1.0\r\n"))
        #expect(parser.next() == nil)
        #expect(parser.isInsideHead)
        #expect(parser.bufferedBytes == 16)
        parser.append(ByteBuffer(string: "Content-Length: 9\r\n\r\nabc"))
        _ = parser.next()
        #expect(!parser.isInsideHead)
        #expect(parser.bufferedBytes == 3)
    }
}
