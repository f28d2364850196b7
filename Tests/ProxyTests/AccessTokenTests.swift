import NIOCore
import Testing

@testable import Proxy

@Suite struct AccessTokenTests {
    @Test(
        "Only the whole token counts, wherever its field stands",
        arguments: [
            ("x-steno-token: s3cret\r\n", true), ("a: b\r\nX-Steno-Token:  s3cret \r\n", true),
            ("x-steno-token: no\r\nx-steno-token: s3cret\r\n", true),
            ("", false), ("x-steno-token: \r\n", false), ("x-steno-token: s3cre\r\n", false),
            ("x-steno-token: s3crets\r\n", false), ("x-steno-token: S3cret\r\n", false),
            ("x-steno-tokens: s3cret\r\n", false), ("x-token: s3cret\r\n", false),
        ])
    func brought(_ lines: String, _ isBrought: Bool) throws {
        let lines = try FieldLines(ByteBuffer(string: lines), maximumCount: 8)
        #expect(AccessToken("s3cret").isBrought(by: lines) == isBrought)
    }
}
