import FoundationEssentials
import TestSupport

/// Inputs that resemble valid ones: a seed always gives the same.
struct Mutator {
    /// `STENO_FUZZ_ROUNDS` for longer runs than an ordinary test's.
    static let rounds = ProcessInfo.processInfo.environment["STENO_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 4000

    /// What parsers of HTTP have stumbled over.
    private static let tokens = [
        "\r\n", "\n", "\r", "\r\n\r\n", "\u{0}", " ", "\t", ":", ",", ";", "\"", "\u{B}", "\u{7F}", "\u{80}", "0", "00",
        "-1", "+1", "0x1", "99999999999999999999", "7fffffffffffffff", "chunked", "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding:", "Transfer-Encoding : chunked\r\n", "Content-Length: 1\r\n", "Content-Length: 1, 1\r\n",
        "Content-Length", "Connection: close\r\n", "Host: x\r\n", "Expect: 100-continue\r\n", " HTTP/1.1", "HTTP/1.0",
        "GET / ", "0\r\n\r\n", "1\r\na\r\n", "x-steno-capture: off\r\n", "Trailer: x\r\n", "HTTP/1.1 200 OK\r\n",
    ].map { Array($0.utf8) }

    private var random: SplitMix

    init(seed: UInt64) { random = SplitMix(seed: seed) }

    /// One of the samples, changed in a few places; sometimes two of them run together.
    mutating func input(of samples: [[UInt8]]) -> [UInt8] {
        var bytes = pick(samples)
        if chance(8) { bytes += pick(samples) }
        for _ in 0..<Int.random(in: 0...4, using: &random) { change(&bytes) }
        return bytes
    }

    mutating func cut(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var at = 0
        while at < bytes.count {
            let next = min(bytes.count, at + Int.random(in: 1...(chance(3) ? 200 : 6), using: &random))
            pieces.append(bytes[at..<next])
            at = next
        }
        return pieces
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let at = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, at + Int.random(in: 1...12, using: &random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes.insert(contentsOf: pick(Self.tokens), at: at)
        case 1: bytes.replaceSubrange(at..<end, with: pick(Self.tokens))
        case 2: bytes.removeSubrange(at..<end)
        case 3: bytes.insert(contentsOf: Array(bytes[at..<end]), at: at)
        case 4 where at < bytes.count: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
        }
    }

    private mutating func pick(_ choices: [[UInt8]]) -> [UInt8] { choices.randomElement(using: &random) ?? [] }

    private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }
}
