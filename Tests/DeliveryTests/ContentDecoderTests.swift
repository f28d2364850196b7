import FoundationEssentials
import Interactions
import NIOCore
import Testing

@testable import Delivery

/// What each of the fixtures holds.
private let text = String(repeating: "data: {\"text\":\"Grüße\"}\n\n", count: 3)

@Suite("Content codings")
struct ContentDecoderTests {
    /// Made by Python's gzip and zlib, Node's brotli and the zstd command.
    static let fixtures: [(coding: String, base64: String)] = [
        ("gzip", "H4sIAAAAAAACA0tJLEm0UqhWKkmtKFGyUnIvOrzn8PxUpVourhQyZAD8zLgoTgAAAA=="),
        (
            "x-gzip",
            "H4sIAAAAAAACA0tJLEm0UqhWKkmtKFGyUnIvOrznMABOqOFeFAAAAB+LCAAAAAAAAgObn6pUy8WVkliSaKVQrVSSWlGiZKXkXnR4z+H5BGQAKkYOUjoAAAA="
        ),
        ("deflate", "eJxLSSxJtFKoVipJrShRslJyLzq85/D8VKVaLq4UMmQAZxAckw=="),
        ("deflate", "S0ksSbRSqFYqSa0oUbJSci86vOfw/FSlWi6uFDJkAA=="),
        ("br", "G00AgJwHdsOH02O1QKijPWEzVIsMlx1tELlPXqlAtlc6fSmIKE5VJYOwuMbsujQ="),
        ("zstd", "KLUv/SRODQEA0GRhdGE6IHsidGV4dCI6Ikdyw7zDn2UifQoKAQCmzzkGhwS9Kw=="),
        (
            "zstd",
            "KLUv/QRY8QAAZGF0YTogeyJ0ZXh0IjoiR3LDvMOfZSJ9CgpkYXRhkeTSLSi1L/0EWAUBANA6IHsidGV4dCI6Ikdyw7zDn2UifQoKZGF0YQEAtjLHL1TL4w=="
        ),
        (
            "br, gzip",
            "H4sIAAAAAAACAwEvAND/G00AgJwHdsOH02O1QKijPWEzVIsMlx1tELlPXqlAtlc6fSmIKE5VJYOwuMbsujRSqouNLwAAAA=="
        ),
        ("Identity", Data(text.utf8).base64EncodedString()),
    ]

    private func bytes(_ base64: String) throws -> [UInt8] { [UInt8](try #require(Data(base64Encoded: base64))) }

    private func body(_ pieces: [[UInt8]]) -> Exchange.Body {
        var body = Exchange.Body()
        for (index, piece) in pieces.enumerated() {
            body.append(ByteBuffer(bytes: piece), at: Int64(index + 1))
            body.totalBytes += piece.count
        }
        return body
    }

    private func decode(_ pieces: [[UInt8]], _ coding: String, limit: Int = 1 << 20) -> DecodedBody {
        ContentDecoder(maximumBytes: limit).decode(body(pieces), fields: [HeaderField("Content-Encoding", coding)])
    }

    @Test("are taken off", arguments: fixtures)
    func whole(coding: String, base64: String) throws {
        let decoded = decode([try bytes(base64)], coding)
        #expect(String(buffer: decoded.bytes) == text)
        #expect(decoded.undecodedCoding == nil)
        #expect(!decoded.isTruncated)
        #expect(decoded.arrivals == [.init(end: text.utf8.count, at: 1)])
    }

    @Test("are taken off wherever the body was split", arguments: fixtures)
    func split(coding: String, base64: String) throws {
        let all = try bytes(base64)
        for offset in 1..<all.count {
            let decoded = decode([Array(all[..<offset]), Array(all[offset...])], coding)
            #expect(decoded.bytes == ByteBuffer(string: text))
            #expect(!decoded.isTruncated)
            #expect(decoded.arrivals.last?.end == decoded.bytes.readableBytes)
        }
        let decoded = decode(all.map { [$0] }, coding)
        #expect(decoded.bytes == ByteBuffer(string: text))
        #expect(decoded.arrivals.map(\.at) == decoded.arrivals.map(\.at).sorted())
    }

    @Test("broken off give what could be taken off before", arguments: fixtures)
    func truncated(coding: String, base64: String) throws {
        let all = try bytes(base64)
        for length in 1..<(all.count - 9) {
            let decoded = decode([Array(all[..<length])], coding)
            #expect(decoded.undecodedCoding == nil)
            #expect(text.utf8.starts(with: decoded.bytes.readableBytesView))
            // A body that is not coded, or ends between two members, shows nothing of it.
            if decoded.bytes.readableBytes < 20 && coding != "Identity" { #expect(decoded.isTruncated) }
        }
    }

    @Test("keep the time at which each byte could be read")
    func arrivals() throws {
        let pieces = try [
            "H4sIAAAAAAACA0pJLEm0UqhWKkmtKFGyUsrPS1Wq5eICAAAA//8=", "SkEVLSnPB4kCAAAA//8=", "gohGu/j7ucZycQEAAAD//w==",
        ]
        .map(bytes)
        let decoded = decode(pieces, "gzip")
        let all = "data: {\"text\":\"one\"}\n\ndata: {\"text\":\"two\"}\n\ndata: [DONE]\n\n"
        #expect(String(buffer: decoded.bytes) == all)
        #expect(decoded.arrivals.map(\.end) == [22, 44, 58])
        #expect((decoded.arrival(of: 0), decoded.arrival(of: 22), decoded.arrival(of: 57)) == (1, 2, 3))
        // It was flushed but never ended.
        #expect(decoded.isTruncated)
    }

    @Test("that the bytes are not of leave them as they are", arguments: ["gzip", "deflate", "br", "zstd", "compress"])
    func bad(coding: String) {
        let bytes = Array("this is no such thing, by any standard".utf8)
        let decoded = decode([bytes], coding)
        #expect(decoded.bytes == ByteBuffer(bytes: bytes))
        #expect(decoded.undecodedCoding == coding)
        #expect(decoded.arrivals == [.init(end: bytes.count, at: 1)])
    }

    @Test(
        "that turn bad leave the whole coded", arguments: fixtures.filter { $0.coding == "gzip" || $0.coding == "zstd" }
    )
    func turnsBad(coding: String, base64: String) throws {
        var all = try bytes(base64)
        for index in 6..<all.count { all[index] ^= 0xFF }
        #expect(decode([all], coding).bytes == ByteBuffer(bytes: all))
    }

    @Test("of which one is unknown are taken off up to there")
    func unknownInside() throws {
        let gzip = try bytes(Self.fixtures[0].base64)
        let decoded = decode([gzip], "secret, gzip")
        #expect(String(buffer: decoded.bytes) == text)
        #expect(decoded.undecodedCoding == "secret")
    }

    @Test("cut what would fill the memory", arguments: [("br", "W///j38CIB4LBHLvHwA="), ("gzip", "")])
    func bomb(coding: String, base64: String) throws {
        let bytes = try bytes(base64.isEmpty ? Self.fixtures[0].base64 : base64)
        let decoded = decode([bytes], coding, limit: 50)
        #expect(decoded.bytes.readableBytes == 50)
        #expect(decoded.isTruncated)
    }

    @Test("do not ask for more memory than a content coding may")
    func largeWindow() throws {
        let bytes = try bytes("KLUv/QSIAABAAAABAA==")
        #expect(decode([bytes], "zstd").undecodedCoding == "zstd")
    }

    @Test("of an empty body are none")
    func empty() {
        let decoded = decode([], "gzip")
        #expect(decoded == DecodedBody(bytes: ByteBuffer()))
    }

    @Test("leave what follows the end of the data")
    func trailing() throws {
        for (coding, base64) in Self.fixtures where coding == "gzip" || coding == "br" || coding == "deflate" {
            #expect(decode([try bytes(base64) + Array("tail".utf8)], coding).bytes == ByteBuffer(string: text))
        }
    }

    @Test("of a body whose capture ended early stay truncated")
    func truncatedCapture() throws {
        var body = body([try bytes(Self.fixtures[0].base64)])
        body.isTruncated = true
        #expect(ContentDecoder().decode(body, fields: [HeaderField("content-encoding", "gzip")]).isTruncated)
    }
}
