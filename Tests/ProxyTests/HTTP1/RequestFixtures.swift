import Testing

/// What comes from an app, and what a parser makes of it: a line each head, body, end or refusal (see `Transcript`).
struct RequestFixture: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let wire: [UInt8]
    let events: [String]

    init(_ description: String, _ wire: String, _ events: [String]) {
        self.init(description, Array(wire.utf8), events)
    }

    init(_ description: String, _ wire: [UInt8], _ events: [String]) {
        testDescription = description
        self.wire = wire
        self.events = events
    }

    static let valid = [
        RequestFixture("a plain GET", "GET /a?b=c HTTP/1.1\r\nHost: h\r\n\r\n", ["GET /a?b=c 1.1 none", "end"]),
        RequestFixture("no fields in 1.0", "GET / HTTP/1.0\r\n\r\n", ["GET / 1.0 none", "end"]),
        RequestFixture(
            "absolute form", "GET http://h/x HTTP/1.1\r\nHost: h\r\n\r\n", ["GET http://h/x 1.1 none", "end"]),
        RequestFixture("asterisk form", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", ["OPTIONS * 1.1 none", "end"]),
        RequestFixture("authority form", "CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\n", ["CONNECT h:1 1.1 none", "end"]),
        RequestFixture("a method of its own", "M-X!1 / HTTP/1.1\r\nhost:h\r\n\r\n", ["M-X!1 / 1.1 none", "end"]),
        RequestFixture(
            "an odd target stays as it is", "GET //a/../%2e%zz\"{}|^`[]# HTTP/1.1\r\nHost: h\r\n\r\n",
            ["GET //a/../%2e%zz\"{}|^`[]# 1.1 none", "end"]),
        RequestFixture("UTF-8 in the target", "GET /ä€ HTTP/1.1\r\nHost: h\r\n\r\n", ["GET /ä€ 1.1 none", "end"]),
        RequestFixture("an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", ["GET / 1.1 none", "end"]),
        RequestFixture("an IPv6 Host", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", ["GET / 1.1 none", "end"]),
        RequestFixture("an empty port", "GET / HTTP/1.1\r\nHost: h:\r\n\r\n", ["GET / 1.1 none", "end"]),
        RequestFixture(
            "an empty value", "GET / HTTP/1.1\r\nHost: h\r\nX:\r\nY: \t \r\n\r\n", ["GET / 1.1 none", "end"]),
        RequestFixture(
            "leading empty lines", "\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", ["GET / 1.1 none", "end"]),
        RequestFixture(
            "a body by length", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello",
            ["POST / 1.1 length 5", "body hello", "end"]),
        RequestFixture(
            "a body of CRLFs", "POST / HTTP/1.1\r\nHost: h\r\ncontent-length:\t4 \r\n\r\n\r\n\r\n",
            ["POST / 1.1 length 4", "body \r\n\r\n", "end"]),
        RequestFixture(
            "a length of zero", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n",
            ["POST / 1.1 length 0", "end"]),
        RequestFixture(
            "a length with leading zeros", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 002\r\n\r\nab",
            ["POST / 1.1 length 2", "body ab", "end"]),
        RequestFixture(
            "a body in 1.0", "POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nab",
            ["POST / 1.0 length 2", "body ab", "end"]),
        RequestFixture(
            "a chunked body", chunked("5\r\nhello\r\n0A\r\n, you all!\r\n0\r\n\r\n"),
            ["POST / 1.1 chunked", "body hello, you all!", "end"]),
        RequestFixture("an empty chunked body", chunked("0\r\n\r\n"), ["POST / 1.1 chunked", "end"]),
        RequestFixture(
            "a last chunk of many zeros", chunked("1\r\na\r\n0000\r\n\r\n"), ["POST / 1.1 chunked", "body a", "end"]),
        RequestFixture(
            "a size with leading zeros", chunked("0000000000000000001\r\na\r\n0\r\n\r\n"),
            ["POST / 1.1 chunked", "body a", "end"]),
        RequestFixture(
            "chunk extensions", chunked("1;a=b\r\nx\r\n1 ; c=\"d;e\"\r\ny\r\n0;f\r\n\r\n"),
            ["POST / 1.1 chunked", "body xy", "end"]),
        RequestFixture(
            "trailers", chunked("1\r\na\r\n0\r\nX-Sum: 1\r\nx-b:\r\n\r\n"),
            ["POST / 1.1 chunked", "body a", "end X-Sum: 1\r\nx-b:\r\n"]),
        RequestFixture(
            "chunked in capitals", "POST / HTTP/1.1\r\nHost: h\r\nTRANSFER-ENCODING: , CHUNKED ,\r\n\r\n0\r\n\r\n",
            ["POST / 1.1 chunked", "end"]),
        RequestFixture(
            "requests in one go",
            "POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\na\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n"
                + chunked("1\r\nb\r\n0\r\n\r\n") + "GET /4 HTTP/1.0\r\n\r\n",
            [
                "POST /1 1.1 length 1", "body a", "end", "GET /2 1.1 none", "end", "POST / 1.1 chunked", "body b",
                "end",
                "GET /4 1.0 none", "end",
            ]),
        RequestFixture(
            "a GET that looks like a second one",
            "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 18\r\n\r\nGET /x HTTP/1.1\r\n\r",
            ["GET / 1.1 length 18", "body GET /x HTTP/1.1\r\n\r", "end"]),
    ]

    static func chunked(_ body: String) -> String {
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + body
    }
}
