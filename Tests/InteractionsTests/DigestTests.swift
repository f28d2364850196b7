import Testing

@testable import Interactions

@Suite struct DigestTests {
    private static func bytes(_ half: (UInt64, UInt64)) -> [UInt8] {
        [half.0, half.1].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }

    private static func sha1(_ bytes: [UInt8]) -> String { Digest.hex(Self.bytes(Digest.sha1Half(bytes.span))) }

    @Test("SHA-1 and SHA-256 of FIPS 180's example")
    func digests() {
        #expect(Self.sha1(Array("abc".utf8)) == "a9993e364706816aba3e25717850c26c")
        #expect(
            Digest.hex(Digest.sha256(Array("abc".utf8)))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(Self.sha1([]) == "da39a3ee5e6b4b0d3255bfef95601890")
    }

    @Test("One text after the other, of any length, and many at once")
    func many() async {
        await withTaskGroup(of: Bool.self) { group in
            for task in 0..<4 {
                group.addTask {
                    stride(from: task, through: 1100, by: 7).allSatisfy { length in
                        let text = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ length) }
                        return Array(Digest.sha256(text).prefix(16)) == Self.bytes(Digest.sha256Half(text.span))
                            && Digest.sha256(text).count == 32
                    }
                }
            }
            for await isSame in group { #expect(isSame) }
        }
        #expect(
            Self.sha1([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)) == "34aa973cd4c4daa4f61eeb2bdbad2731")
    }

    @Test("HMAC-SHA-256 of RFC 4231, case 2")
    func hmac() {
        #expect(
            Digest.hex(Digest.hmac(Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8)))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test("Half of a message's code is the first half of all of it", arguments: [0, 1, 63, 64, 65, 500])
    func half(_ length: Int) {
        let key = Digest.MessageKey(Array("Jefe".utf8))
        let message = key.beginning + [UInt8](repeating: 7, count: length)
        let (first, second) = key.half(of: message.span)
        let mark = ThreadMark(half: (first, second))
        #expect(mark.bytes == Array(key.code(of: message).prefix(16)))
        #expect(mark == ThreadMark(bytes: key.code(of: message)[...]))
    }

    @Test("Random bytes are as many as asked for, and not the same twice")
    func random() {
        #expect(Digest.randomBytes(16).count == 16)
        #expect(Digest.randomBytes(16) != Digest.randomBytes(16))
    }
}
