extension RequestFixture {
    /// Refused by the head alone.
    static let refusedHeads: [RequestFixture] =
        badRequestLines + badVersions + badFields + badHosts + badFramings + tooLarge

    private static let badRequestLines: [RequestFixture] =
        [
            ("no method", " / HTTP/1.1\r\n\r\n"), ("no target", "GET  HTTP/1.1\r\n\r\n"),
            ("no version", "GET /\r\n\r\n"),
            ("two spaces", "GET  / HTTP/1.1\r\n\r\n"), ("a space in the target", "GET /a b HTTP/1.1\r\n\r\n"),
            ("a tab for a space", "GET\t/ HTTP/1.1\r\n\r\n"), ("a space at the end", "GET / HTTP/1.1 \r\n\r\n"),
            ("a bad method", "GE(T / HTTP/1.1\r\n\r\n"), ("NUL in the target", "GET /\u{0} HTTP/1.1\r\n\r\n"),
            ("DEL in the target", "GET /\u{7F} HTTP/1.1\r\n\r\n"), ("another protocol", "GET / HTCP/1.1\r\n\r\n"),
            ("a version in lower case", "GET / http/1.1\r\n\r\n"),
            ("a bare LF behind the line", "GET / HTTP/1.1\nHost: h\r\n\r\n"),
            ("a bare LF behind a field", "GET / HTTP/1.1\r\nHost: h\n\r\n"),
            ("a bare LF for the empty line", "GET / HTTP/1.1\r\nHost: h\r\n\nX"),
            ("a bare CR in the line", "GET /\r HTTP/1.1\r\nHost: h\r\n\r\n"),
            ("a bare CR in a value", "GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n"),
            ("two CRs", "GET / HTTP/1.1\r\nHost: h\r\r\n\r\n"),
            ("five empty lines", "\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.0\r\n\r\n"),
            ("an LF first", "\nGET / HTTP/1.0\r\n\r\n"), ("TLS", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\r\n\r\n"),
        ].map { RequestFixture($0.0, $0.1, ["400 malformed request line"]) }
        + [
            RequestFixture(
                "a target that is no UTF-8",
                [0x47, 0x20, 0x2F, 0xE4, 0x20] + Array("HTTP/1.1\r\nHost: h\r\n\r\n".utf8),
                ["400 malformed request line"])
        ]

    private static let badVersions: [RequestFixture] = [
        "HTTP/2.0", "HTTP/0.9", "HTTP/1.2", "HTTP/1.9", "HTTP/9.1", "HTTP/1,1",
    ]
    .map { version in
        RequestFixture(version, "GET / \(version)\r\nHost: h\r\n\r\n", ["505 only HTTP/1.0 and HTTP/1.1 are served"])
    }

    private static let badFields: [RequestFixture] = [
        ("a folded line", "X: a\r\n b"), ("a line folded by a tab", "X: a\r\n\tb"),
        ("a space before the colon", "X : a"),
        ("a tab before the colon", "X\t: a"), ("no colon", "X"), ("no name", ": a"),
        ("a space before the name", " X: a"),
        ("a bad name", "X@y: a"), ("a name with NUL", "X\u{0}: a"), ("a name beyond ASCII", "Ä: a"),
        ("NUL in a value", "X: a\u{0}b"), ("BEL in a value", "X: \u{7}"), ("DEL in a value", "X: \u{7F}"),
        ("ESC in a value", "X: \u{1B}[0m"),
    ].map { RequestFixture($0.0, "GET / HTTP/1.1\r\nHost: h\r\n\($0.1)\r\n\r\n", ["400 malformed header field"]) }

    private static let badHosts: [RequestFixture] =
        [
            ("no Host", ""), ("two Hosts", "Host: h\r\nHost: h\r\n"), ("a list", "Host: h, i\r\n"),
            ("a space", "Host: h i\r\n"),
            ("user information", "Host: u@h\r\n"), ("a path", "Host: h/x\r\n"), ("a query", "Host: h?x\r\n"),
            ("a fragment", "Host: h#x\r\n"), ("a backslash", "Host: h\\x\r\n"), ("a port of letters", "Host: h:a\r\n"),
            ("two ports", "Host: h:1:2\r\n"), ("an open bracket", "Host: [::1\r\n"),
            ("an IPv6 address bare", "Host: ::1\r\n"),
        ].map {
            RequestFixture($0.0, "GET / HTTP/1.1\r\nX: y\r\n\($0.1)\r\n", ["400 missing, repeated or invalid Host"])
        }
        + [
            RequestFixture(
                "two Hosts in 1.0", "GET / HTTP/1.0\r\nHost: h\r\nhost: h\r\n\r\n",
                ["400 missing, repeated or invalid Host"])
        ]

    private static let badFramings: [RequestFixture] =
        [
            ("a length twice", "Content-Length: 1\r\nContent-Length: 1"),
            ("two lengths", "Content-Length: 1\r\ncontent-length: 2"),
            ("a list of lengths", "Content-Length: 1, 1"), ("a negative length", "Content-Length: -1"),
            ("a length with a sign", "Content-Length: +1"), ("a length in hexadecimal", "Content-Length: 0x1"),
            ("a length with a fraction", "Content-Length: 1.0"),
            ("a length with a space inside", "Content-Length: 1 1"),
            ("an empty length", "Content-Length:"), ("a length of 2⁶³", "Content-Length: 9223372036854775808"),
            ("a length beyond 2⁶⁴", "Content-Length: 18446744073709551617"),
            ("length and coding", "Content-Length: 1\r\nTransfer-Encoding: chunked"),
            ("coding and length", "Transfer-Encoding: chunked\r\nContent-Length: 1"),
            ("chunked twice in a list", "Transfer-Encoding: chunked, chunked"),
            ("chunked on two lines", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
            ("chunked not last", "Transfer-Encoding: chunked, gzip"), ("no chunked at all", "Transfer-Encoding: gzip"),
            ("identity", "Transfer-Encoding: identity"), ("an empty coding", "Transfer-Encoding:"),
            ("something like chunked", "Transfer-Encoding: xchunked"),
            ("a quoted coding", "Transfer-Encoding: \"chunked\""),
            ("a parameter", "Transfer-Encoding: chunked;q=1"),
            ("a no-break space behind chunked", "Transfer-Encoding: chunked\u{A0}"),
        ].map { RequestFixture($0.0, "POST / HTTP/1.1\r\nHost: h\r\n\($0.1)\r\n\r\na", [doubtful]) }
        + [
            RequestFixture(
                "a coding in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", [doubtful]),
            RequestFixture(
                "a coding before chunked",
                "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                ["501 transfer coding other than chunked"]),
        ]

    private static let doubtful = "400 the body's length can be read in more than one way, or in none"

    /// Beyond `Transcript.limits`.
    private static let tooLarge: [RequestFixture] = [
        RequestFixture(
            "a long target", "GET /\(String(repeating: "a", count: 250)) HTTP/1.1\r\nHost: h\r\n\r\n",
            ["414 the request line exceeds limits.header_bytes"]),
        RequestFixture(
            "a long value", "GET / HTTP/1.1\r\nHost: h\r\nX: \(String(repeating: "a", count: 250))\r\n\r\n",
            ["431 the request head exceeds limits.header_bytes"]),
        RequestFixture(
            "a head one byte too long", head(ofSize: 257), ["431 the request head exceeds limits.header_bytes"]),
        RequestFixture(
            "what is wrong behind the limit is not looked at", start(ofSize: 254) + "X: \u{0}\nY\r\n\r\n",
            ["431 the request head exceeds limits.header_bytes"]),
        RequestFixture(
            "nine fields", "GET / HTTP/1.1\r\nHost: h\r\n\(String(repeating: "X: y\r\n", count: 8))\r\n",
            ["431 more fields than limits.header_count"]),
    ]

    /// Just within `Transcript.limits`.
    static let large: [RequestFixture] = [
        RequestFixture("a head of just the limit", head(ofSize: 256), ["GET / 1.1 none", "end"]),
        RequestFixture(
            "eight fields", "GET / HTTP/1.1\r\nHost: h\r\n\(String(repeating: "X: y\r\n", count: 7))\r\n",
            ["GET / 1.1 none", "end"]),
    ]

    private static func head(ofSize size: Int) -> String { start(ofSize: size - 2) + "\r\n" }

    /// A head without its empty line.
    private static func start(ofSize size: Int) -> String {
        let lines = "GET / HTTP/1.1\r\nHost: h\r\nX: "
        return lines + String(repeating: "a", count: size - lines.utf8.count - 2) + "\r\n"
    }

    /// Refused in the body: what was before the fault has been passed on.
    static let refusedBodies: [RequestFixture] = [
        ("no size", "\r\na\r\n0\r\n\r\n", []), ("a size of letters", "g\r\n", []), ("a negative size", "-1\r\n", []),
        ("a size with a sign", "+1\r\na\r\n", []), ("a size with 0x", "0x1\r\na\r\n", []),
        ("a space before the size", " 1\r\na\r\n", []), ("a space behind the size", "1 \r\na\r\n", []),
        ("a size beyond 2⁶⁰", "1000000000000000\r\n", []), ("a size of 2⁶⁴ and one", "10000000000000001\r\n", []),
        ("a bare LF behind the size", "1\na\r\n", []), ("a bare CR in the size line", "1\r;\r\n", []),
        ("a bare LF in an extension", "1;a\nb\r\n", []), ("NUL in an extension", "1;\u{0}\r\n", []),
        ("a long extension", "1;\(String(repeating: "a", count: 260))\r\nb\r\n", []),
        ("a chunk longer than its size", "1\r\nab\r\n", ["body a"]),
        ("a bare LF behind a chunk", "1\r\na\n0\r\n", ["body a"]),
        ("a bare CR behind a chunk", "1\r\na\r0\r\n", ["body a"]),
        ("a bad second size", "1\r\na\r\nz\r\n", ["body a"]), ("a trailer without a colon", "0\r\nX\r\n\r\n", []),
        ("a folded trailer", "0\r\nX: a\r\n b\r\n\r\n", []),
        ("a space before a trailer's colon", "0\r\nX : a\r\n\r\n", []),
        ("a bare LF behind a trailer", "0\r\nX: a\n\r\n", []), ("a bare LF for the empty line", "0\r\n\nX", []),
        (
            "trailers beyond the limit",
            "0\r\n\(String(repeating: "X: \(String(repeating: "a", count: 90))\r\n", count: 3))\r\n", []
        ),
    ].map {
        RequestFixture($0.0, chunked($0.1), ["POST / 1.1 chunked"] + $0.2 + ["400 malformed chunked body"])
    }
}
