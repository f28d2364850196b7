import Testing

@testable import steno

@Suite struct ValueTextTests {
    @Test(
        "Durations have a number and a unit",
        arguments: [
            ("250ms", Duration.milliseconds(250)), ("30s", .seconds(30)), ("10m", .seconds(600)),
            ("5 m", .seconds(300)),
            ("12h", .seconds(43_200)), ("30d", .seconds(30 * 86_400)), ("0s", .zero),
        ])
    func duration(_ text: String, _ expected: Duration) {
        #expect(ValueText.duration(text) == expected)
    }

    @Test(
        "What is no duration is refused",
        arguments: [
            "", "s", "30", "1.5s", "-1s", "1w", "1S", "30 sec", "99999999999999999999s", "9999999999999d", "٣s",
        ])
    func noDuration(_ text: String) {
        #expect(ValueText.duration(text) == nil)
    }

    @Test(
        "Sizes have a number and a unit",
        arguments: [
            ("512B", 512), ("64KiB", 65_536), ("8MiB", 8 << 20), ("10GiB", 10 << 30), ("1TiB", 1 << 40),
            ("5MB", 5_000_000),
            ("2 kB", 2000),
        ])
    func size(_ text: String, _ expected: Int) {
        #expect(ValueText.size(text) == expected)
    }

    @Test("What is no size is refused", arguments: ["", "8", "MiB", "8mib", "8M", "-8MiB", "1.5GiB", "9999999999TiB"])
    func noSize(_ text: String) {
        #expect(ValueText.size(text) == nil)
    }

    @Test("Lists are cut at commas", arguments: [("a, b ,c", ["a", "b", "c"]), ("", []), (" , a,", ["a"])])
    func list(_ text: String, _ expected: [String]) {
        #expect(ValueText.list(text) == expected)
    }

    @Test(
        "Addresses have a host and a port",
        arguments: [
            ("127.0.0.1:4141", "127.0.0.1", 4141, true), ("[::1]:80", "::1", 80, true),
            ("localhost:0", "localhost", 0, true),
            ("0.0.0.0:4141", "0.0.0.0", 4141, false), ("[::]:4141", "::", 4141, false),
            ("10.0.0.1:1", "10.0.0.1", 1, false),
            ("127.9.9.9:1", "127.9.9.9", 1, true), ("127.evil.example:1", "127.evil.example", 1, false),
            ("127.0.0.1.nip.io:1", "127.0.0.1.nip.io", 1, false),
        ])
    func address(_ text: String, _ host: String, _ port: Int, _ isLoopback: Bool) throws {
        let address = try #require(ListenAddress(text))
        #expect(address == ListenAddress(host: host, port: port))
        #expect(address.isLoopback == isLoopback)
        #expect(address.description == text)
    }

    @Test(
        "What is no address is refused",
        arguments: [
            "", "4141", ":4141", "host", "host:", "host:x", "host:65536", "host:-1", "::1:80", "[::1]", "a b:1",
            "[a]:1",
        ])
    func noAddress(_ text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test(
        "Base URLs lose the slash at their end",
        arguments: [
            ("https://api.openai.com", "https", "api.openai.com", ""),
            ("http://127.0.0.1:8080/v1/", "http", "127.0.0.1:8080", "/v1"),
            ("HTTPS://Host/A%20b", "https", "Host", "/A%20b"),
            ("http://[::1]:80", "http", "[::1]:80", ""),
            ("http://[::1]", "http", "[::1]", ""),
        ])
    func url(_ text: String, _ scheme: String, _ authority: String, _ path: String) throws {
        let url = try BaseURL(text)
        #expect(url.scheme == scheme)
        #expect(url.authority == authority)
        #expect(url.path == path)
    }

    @Test(
        "What is no base URL is refused with a reason",
        arguments: [
            ("", "`` is not a URL: it must begin with `https://` or `http://`"),
            ("api.openai.com", "`api.openai.com` is not a URL: it must begin with `https://` or `http://`"),
            ("ftp://a", "a URL must begin with `https://` or `http://`, not `ftp://`"),
            ("https://", "`` is not a host or host:port"),
            ("https:///v1", "`` is not a host or host:port"),
            ("https://a:b", "`a:b` is not a host or host:port"),
            ("https://a:0", "`a:0` is not a host or host:port"),
            ("https://a b", "`a b` is not a host or host:port"),
            ("https://a?x=1", "a base URL can't have a query or a fragment"),
            ("https://a/#x", "a base URL can't have a query or a fragment"),
            ("https://a/ü", "a URL's path can hold printable ASCII only; percent-encode the rest"),
        ])
    func noURL(_ text: String, _ reason: String) {
        #expect(throws: BaseURL.Flaw(text: reason)) { try BaseURL(text) }
    }

    @Test(
        "An upstream may be a Unix socket",
        arguments: [
            ("unix:/run/llm.sock", "/run/llm.sock", ""), ("unix:/run/llm.sock:/v1/", "/run/llm.sock", "/v1"),
            ("http://host/v1", nil, "/v1"),
        ])
    func upstream(_ text: String, _ socket: String?, _ path: String) throws {
        let url = try BaseURL.upstream(text)
        #expect(url.socketPath == socket)
        #expect(url.path == path)
        #expect(try BaseURL.upstream("\(url)") == url)
    }

    @Test(
        "A socket is named by its whole path",
        arguments: [
            "unix:", "unix:run/llm.sock", "unix:/", "unix://run/\(String(repeating: "s", count: 108))",
            "unix:/run/llm.sock:v1", "unix:/run/llm.sock:/v1?x",
        ])
    func noSocket(_ text: String) {
        #expect(throws: BaseURL.Flaw.self) { try BaseURL.upstream(text) }
    }

    @Test("A password in a URL is refused and not repeated")
    func password() {
        #expect {
            try BaseURL("https://me:hunter2@host/")
        } throws: { error in
            (error as? BaseURL.Flaw)?.text.contains("hunter2") == false
        }
    }
}
