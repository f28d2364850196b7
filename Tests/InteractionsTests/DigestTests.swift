import Interactions
import Testing

@Suite struct DigestTests {
    @Test("SHA-1 and SHA-256 of FIPS 180's example")
    func digests() {
        #expect(Digest.hex(Digest.sha1(Array("abc".utf8))) == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(
            Digest.hex(Digest.sha256(Array("abc".utf8)))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(Digest.hex(Digest.sha1([])) == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
    }

    @Test("One text after the other, of any length, and many at once")
    func many() async {
        func half(_ bytes: [UInt8]) -> [UInt8] {
            let (first, second) = Digest.sha256Half(bytes.span)
            return [first, second].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
        }
        await withTaskGroup(of: Bool.self) { group in
            for task in 0..<4 {
                group.addTask {
                    stride(from: task, through: 1100, by: 7).allSatisfy { length in
                        let text = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ length) }
                        return Array(Digest.sha256(text).prefix(16)) == half(text) && Digest.sha256(text).count == 32
                    }
                }
            }
            for await isSame in group { #expect(isSame) }
        }
        #expect(
            Digest.hex(Digest.sha1([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)))
                == "34aa973cd4c4daa4f61eeb2bdbad27316534016f")
    }

    @Test("HMAC-SHA-256 of RFC 4231, case 2")
    func hmac() {
        #expect(
            Digest.hex(Digest.hmac(Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8)))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test("Random bytes are as many as asked for, and not the same twice")
    func random() {
        #expect(Digest.randomBytes(16).count == 16)
        #expect(Digest.randomBytes(16) != Digest.randomBytes(16))
    }
}
