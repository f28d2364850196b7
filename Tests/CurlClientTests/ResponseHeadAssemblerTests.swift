import NIOCore
import Testing

@testable import CurlClient

@Suite struct ResponseHeadAssemblerTests {
    @Test(
        "A status line of HTTP/1 is read",
        arguments: [
            ("HTTP/1.1 200 OK\r\n", 200, "OK", 1), ("HTTP/1.0 404 Not Found\r\n", 404, "Not Found", 0),
            ("HTTP/1.1 200 \r\n", 200, "", 1), ("HTTP/1.1 200\r\n", 200, "", 1),
            ("HTTP/1.1 299 a  b \r\n", 299, "a  b ", 1),
            ("HTTP/1.1 999 Ä\r\n", 999, "Ä", 1), ("HTTP/1.1 200 OK\n", 200, "OK", 1),
        ])
    func statusLine(_ line: String, _ status: Int, _ reason: String, _ minorVersion: Int) {
        var assembler = ResponseHeadAssembler()
        #expect(said(assembler.add(line)) == "none")
        guard case .final(let head) = assembler.add("\r\n") else {
            Issue.record("no head")
            return
        }
        #expect(head.status == status)
        #expect(String(buffer: head.reason) == reason)
        #expect(head.minorVersion == minorVersion)
        #expect(head.lines.readableBytes == 0)
    }

    @Test("What libcurl makes of HTTP/2 is a status line where HTTP/2 was asked for, and only there")
    func http2() {
        var assembler = ResponseHeadAssembler(acceptsHTTP2: true)
        #expect(said(assembler.add("HTTP/2 103 \r\n")) == "none")
        guard case .interim(let interim) = assembler.add("\r\n") else {
            Issue.record("no interim head")
            return
        }
        #expect(interim.status == 103)
        #expect(said(assembler.add("HTTP/2 200 \r\n")) == "none")
        guard case .final(let head) = assembler.add("\r\n") else {
            Issue.record("no head")
            return
        }
        #expect(head.status == 200)
        #expect(head.reason.readableBytes == 0)
        #expect(head.minorVersion == 1)
        var other = ResponseHeadAssembler(acceptsHTTP2: true)
        #expect(said(other.add("HTTP/2 20\r\n")) == "malformed")
    }

    @Test(
        "What is no status line of HTTP/1 is malformed",
        arguments: [
            "\r\n", "", "HTTP/1.1\r\n", "HTTP/1.1 20 OK\r\n", "HTTP/1.1 2000 OK\r\n", "HTTP/1.1 20x OK\r\n",
            "HTTP/1.1 099 OK\r\n",
            "HTTP/1.1  200 OK\r\n", "HTTP/1.1\t200 OK\r\n", "HTTP/2 200 OK\r\n", "HTTP/2.0 200\r\n",
            "HTTP/1.2 200 OK\r\n",
            "http/1.1 200 OK\r\n", "ICY 200 OK\r\n", "Date: today\r\n", "HTTP/1.1 200OK\r\n", "HTTP/1.1 -20 OK\r\n",
        ])
    func malformed(_ line: String) {
        var assembler = ResponseHeadAssembler()
        #expect(said(assembler.add(line)) == "malformed")
    }

    @Test("Lines keep their bytes, from several interim heads to the final one, and trailers are apart")
    func dialogue() {
        var assembler = ResponseHeadAssembler()
        let wire = [
            "HTTP/1.1 100 Continue\r\n", "\r\n", "HTTP/1.1 103 Early Hints\r\n", "Link: </a>\r\n", "link:</b>\r\n",
            "\r\n",
            "HTTP/1.1 200 OK\r\n", "A: b\r\n", "a:  c \r\n", "\r\n", "X-Sum: 1\r\n", "x-more:\r\n", "\r\n",
        ]
        let events = wire.map { said(assembler.add($0)) }.filter { $0 != "none" }
        #expect(events == ["interim 100 ", "interim 103 Link: </a>\r\nlink:</b>\r\n", "final 200 A: b\r\na:  c \r\n"])
        #expect(assembler.trailers == ByteBuffer(string: "X-Sum: 1\r\nx-more:\r\n"))
    }

    @Test("No trailers are none, not empty ones")
    func noTrailers() {
        var assembler = ResponseHeadAssembler()
        for line in ["HTTP/1.1 200 OK\r\n", "\r\n", "\r\n"] { _ = assembler.add(line) }
        #expect(assembler.isFinal)
        #expect(assembler.trailers == nil)
    }

    @Test("A switch of protocols is final: what follows is not HTTP")
    func switching() {
        var assembler = ResponseHeadAssembler()
        _ = assembler.add("HTTP/1.1 101 Switching Protocols\r\n")
        #expect(said(assembler.add("\r\n")) == "final 101 ")
    }

    @Test("After an interim head another must come")
    func brokenAfterInterim() {
        var assembler = ResponseHeadAssembler()
        for line in ["HTTP/1.1 102 Processing\r\n", "\r\n"] { _ = assembler.add(line) }
        #expect(!assembler.isFinal)
        #expect(said(assembler.add("junk\r\n")) == "malformed")
    }

    private func said(_ event: ResponseHeadAssembler.Event) -> String {
        switch event {
        case .none: "none"
        case .malformed: "malformed"
        case .interim(let head): "interim \(head.status) \(String(buffer: head.lines))"
        case .final(let head): "final \(head.status) \(String(buffer: head.lines))"
        }
    }
}

extension ResponseHeadAssembler {
    fileprivate mutating func add(_ line: String) -> Event { add(ByteBuffer(string: line).readableBytesSpan) }
}
