import Interactions
import Testing

@testable import Dialects

@Suite struct MessageParserTests {
    private static let started = message(["event-type": "messageStart"], #"{"role":"assistant"}"#)
    private static let delta = message(["event-type": "contentBlockDelta"], #"{"delta":{"text":"Hi"}}"#)
    private static let exception = message(
        ["message-type": "exception", "exception-type": "throttlingException"], #"{"message":"slow down"}"#)
    private static let error = message(
        ["message-type": "error", "error-code": "InternalError", "error-message": "oops"], "")

    @Test("Checksums are those of the rest of the world")
    func checksum() {
        #expect(CRC32.checksum(Array("123456789".utf8)[...]) == 0xCBF4_3926)
        #expect(CRC32.checksum([]) == 0)
    }

    @Test("Cut anywhere, messages give the same events at the same offsets")
    func cuts() {
        let bytes = Self.started + Self.delta + Self.exception + Self.error + Self.started.dropLast(3)
        let whole = events(MessageParser(), bytes, cuts: [])
        #expect(whole.map(\.name) == ["messageStart", "contentBlockDelta", "throttlingException", "InternalError", ""])
        #expect(
            whole.map { $0.json ?? .null } == [
                ["role": "assistant"], ["delta": ["text": "Hi"]], ["message": "slow down"],
                ["code": "InternalError", "message": "oops"], nil,
            ])
        #expect(whole.map(\.isFault) == [false, false, true, true, false])
        #expect(whole.map(\.isUnterminated) == [false, false, false, false, true])
        #expect(whole.first?.completedAt == Self.started.count - 1)
        for first in 0...bytes.count {
            #expect(events(MessageParser(), bytes, cuts: [first]) == whole)
            #expect(events(MessageParser(), bytes, cuts: [first, min(bytes.count, first + 7)]) == whole)
        }
        #expect(events(MessageParser(), bytes, cuts: Array(bytes.indices)) == whole)
    }

    @Test("A byte that is wrong ends the stream with a fault; what came before stays")
    func corruption() {
        let bytes = Self.started + Self.delta + Self.delta
        for at in Self.started.count..<(Self.started + Self.delta).count {
            var changed = bytes
            changed[at] ^= 0x10
            let got = events(MessageParser(), changed, cuts: [at])
            #expect(got.map(\.name) == ["messageStart", "corrupted_message"])
            #expect(got.last?.isFault == true)
            #expect(got.last?.json?["type"] == "corrupted_message")
        }
    }

    @Test("A whole checksum doesn't make sense of headers that lead nowhere or lengths beyond the format's limits")
    func nonsense() {
        for headers in [[5], [1, 0x61, 7, 0, 9, 0x62], [1, 0x61, 12], [1, 0x61, 4, 0]] as [[UInt8]] {
            let got = events(MessageParser(), Self.message(headers: headers, payload: []), cuts: [])
            #expect(got.map(\.name) == ["corrupted_message"])
        }
        for (total, headers) in [(1 << 30, 0), (15, 0), (100, 90), (200_000, 140_000)] as [(UInt32, UInt32)] {
            let prelude = Self.prelude(total: total, headers: headers)
            #expect(events(MessageParser(), prelude, cuts: []).map(\.name) == ["corrupted_message"])
        }
    }

    @Test("Headers of all kinds are read over")
    func kinds() {
        let headers: [[UInt8]] = [
            Self.header("a", 0, []), Self.header("b", 1, []), Self.header("c", 2, [1]), Self.header("d", 3, [1, 2]),
            Self.header("e", 4, [1, 2, 3, 4]), Self.header("f", 5, Array(repeating: 1, count: 8)),
            Self.header("g", 6, [0, 1, 9]), Self.header("h", 8, Array(repeating: 1, count: 8)),
            Self.header("i", 9, Array(repeating: 1, count: 16)), Self.text(":event-type", "chunk"),
        ]
        let bytes = Self.message(headers: Array(headers.joined()), payload: Array("{}".utf8))
        #expect(events(MessageParser(), bytes, cuts: []).map(\.name) == ["chunk"])
    }

    @Test("A body without a type shows by its prelude's checksum")
    func recognition() {
        #expect(Framing.of(mediaType: nil, bytes: Self.started) == .messages)
        #expect(Framing.of(mediaType: "application/octet-stream", bytes: Array(Self.started.prefix(12))) == .messages)
        #expect(Framing.of(mediaType: nil, bytes: Array(Self.started.prefix(11))) == nil)
        #expect(Framing.of(mediaType: nil, bytes: Array(repeating: 0, count: 64)) == nil)
    }

    /// - Parameter headers: `:message-type` is `event` where they don't tell it.
    static func message(_ headers: KeyValuePairs<String, String>, _ payload: String) -> [UInt8] {
        var bytes: [UInt8] = []
        if !headers.contains(where: { $0.key == "message-type" }) { bytes += text(":message-type", "event") }
        for (name, value) in headers { bytes += text(":" + name, value) }
        return message(headers: bytes, payload: Array(payload.utf8))
    }

    private static func message(headers: [UInt8], payload: [UInt8]) -> [UInt8] {
        let total = UInt32(16 + headers.count + payload.count)
        let bytes = prelude(total: total, headers: UInt32(headers.count)) + headers + payload
        return bytes + number(CRC32.checksum(bytes[...]))
    }

    private static func prelude(total: UInt32, headers: UInt32) -> [UInt8] {
        let bytes = number(total) + number(headers)
        return bytes + number(CRC32.checksum(bytes[...]))
    }

    private static func number(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private static func text(_ name: String, _ value: String) -> [UInt8] {
        header(name, 7, [UInt8(value.utf8.count >> 8), UInt8(value.utf8.count & 0xFF)] + Array(value.utf8))
    }

    private static func header(_ name: String, _ kind: UInt8, _ value: [UInt8]) -> [UInt8] {
        [UInt8(name.utf8.count)] + Array(name.utf8) + [kind] + value
    }
}
