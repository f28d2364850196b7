import Interactions
import Testing

@testable import Redaction

@Suite struct EncodedRunsTests {
    private static let secret = "the password=hunter2!xY, keep it"

    private static func base64(_ text: String) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var out: [UInt8] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let part = bytes[start..<min(start + 3, bytes.count)]
            var bits = part.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            bits <<= UInt32(8 * (3 - part.count))
            for digit in 0..<4 {
                let isPadding = digit > part.count
                out.append(isPadding ? UInt8(ascii: "=") : alphabet[Int(bits >> UInt32(18 - 6 * digit) & 63)])
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func hex(_ text: String) -> String {
        text.utf8.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }

    @Test(
        "what stands for a text with something to find goes as a whole",
        arguments: [
            base64(secret), hex(secret), base64(base64(secret)), base64(secret).replacing("=", with: ""),
            base64(String(secret.unicodeScalars.flatMap { [Character($0), "\0"] })), hex(base64(secret)),
            String(base64("xx" + secret).dropFirst(1)),
        ])
    func found(_ run: String) throws {
        let redactor = try Fixtures.secrets.get()
        #expect(try redactor.redact(text: "data: \"\(run)\", n").text == "data: \"[REDACTED:password]\", n")
        #expect(try redactor.redact(["data": .string(run)]).json == ["data": "[REDACTED:password]"])
    }

    @Test("lines of base64 are one text")
    func lines() throws {
        let long = Self.base64(String(repeating: "words and words ", count: 6) + Self.secret)
        let lines = stride(from: 0, to: long.utf8.count, by: 64).map { start in
            String(Substring(long.utf8.dropFirst(start).prefix(64)))
        }
        let text = "begin\n" + lines.joined(separator: "\n") + "\nend"
        #expect(try Fixtures.secrets.get().redact(text: text).text == "begin\n[REDACTED:password]\nend")
    }

    @Test(
        "other stretches of letters and digits stay",
        arguments: [
            "37e99a4a8e06823f261afffb641ee751afdd7d4a", base64("nothing to see here, move along"),
            "/usr/local/lib/python3.11/site-packages/foo", "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ",
            "someVeryLongIdentifierInSomeCode", hex("nothing to see here"),
        ])
    func clean(_ text: String) throws {
        #expect(try Fixtures.everything.get().redact(text: text).text == text)
    }

    @Test("base64 behind a word that its alphabet could go on from")
    func parts() throws {
        let run = Self.base64(Self.secret + "  ")
        let redacted = try Fixtures.secrets.get().redact(text: "prefix-\(run)").text
        #expect(!redacted.contains(run.prefix(12)) && redacted.hasSuffix("[REDACTED:password]"))
    }

    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    /// As long as what must stand in front of noise.
    private static let standard = String(repeating: letters + "+/", count: 4)
    private static let url = String(repeating: letters + "_-", count: 4)
    private static let token = "ghp_" + "Zx8Kq2Lm9Rt4Vw7Yb3Nc6Pd1Sf5Gh0Jk8Aa2"

    @Test(
        "a word among a picture's digits is no token, whatever it begins with",
        arguments: [
            standard + "AQE" + String(repeating: "k7Vd", count: 20), standard + "cio" + letters.prefix(32) + "==",
            url + token,
        ])
    func noise(_ digits: String) throws {
        let redactor = try Fixtures.secrets.get()
        #expect(try redactor.redact(text: "data:image/png;base64," + digits).receipts.isEmpty)
        #expect(try redactor.redact(["url": .string(digits + Self.standard)]).receipts.isEmpty)
    }

    @Test(
        "a token is found behind anything else",
        arguments: [
            "", "/", String(url.dropFirst()), standard, url + " ", url + ".", url + #"\n"#, url + "=",
            "https://example.com/" + String(repeating: "some/long-path/", count: 60),
            String(repeating: "a/", count: 600),
        ])
    func behind(_ front: String) throws {
        let redactor = try Fixtures.secrets.get()
        #expect(try redactor.redact(text: front + Self.token).text == front + "[REDACTED:github_token]")
    }

    @Test("what a user's pattern tells is taken out of digits as well")
    func told() throws {
        let redactor = try Fixtures.redactor(("redact.pattern.own", "AQEk[0-9]+"))
        let text = Self.standard + "AQEk77/" + Self.standard
        #expect(try redactor.redact(text: text).text == Self.standard + "[REDACTED:pattern:own]/" + Self.standard)
    }
}
