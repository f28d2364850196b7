import FoundationEssentials
import Interactions
import Testing

@testable import Store

@Suite struct PartListTests {
    @Test(
        "is read as it was written",
        arguments: [
            PartList(length: 0, ids: []), PartList(length: 127, ids: [1]), PartList(length: 128, ids: [5, 4, 3, 3]),
            PartList(length: 1 << 40, ids: [1 << 60, 1, 1 << 60, 0]),
        ])
    func roundTrip(list: PartList) {
        #expect(PartList(list.bytes) == list)
    }

    @Test("costs a byte or two for neighbours")
    func size() {
        #expect(PartList(length: 100, ids: [1_000_000, 1_000_001, 1_000_050]).bytes.count == 6)
    }

    @Test(
        "that is cut short or never ends is damaged",
        arguments: [[], [0x80], [1, 0x80], [UInt8](repeating: 0xFF, count: 20)])
    func damaged(bytes: [UInt8]) {
        #expect(PartList(bytes) == nil)
    }
}

@Suite struct PartMemoryTests {
    private func digest(_ number: Int) -> PartDigest { PartDigest(Array("\(number)".utf8).span) }

    @Test("keeps what is used, and no more than two generations")
    func generations() {
        var memory = PartMemory(capacity: 4)
        for number in 0..<40 {
            memory.remember(digest(number), Int64(number))
            #expect(memory.id(of: digest(0)) == 0)
        }
        #expect((0..<40).count { memory.id(of: digest($0)) != nil } <= 8)
        memory.forget(digest(0))
        #expect(memory.id(of: digest(0)) == nil)
    }

    @Test("knows a thread from its second interaction on")
    func threads() {
        var memory = PartMemory(capacity: 4)
        let id = UUID.v7()
        let isKnown = [memory.knows(thread: id), memory.knows(thread: id)]
        #expect(isKnown == [false, true])
    }

    @Test("A digest is read as it was written")
    func digests() {
        #expect(PartDigest(stored: Data(digest(1).bytes)) == digest(1))
        #expect(PartDigest(stored: Data([1])) == nil)
    }
}

@Suite struct CompressorTests {
    @Test("gives back what was compressed, or nothing", arguments: [0, 1, 100, 5000, 1_000_000])
    func roundTrip(length: Int) throws {
        let bytes = Array(
            String(repeating: #"{"role":"user","content":"Why?"}"#, count: length / 30 + 1).utf8.prefix(length))
        guard let compressed = Compressor().compressed(bytes) else {
            #expect(length < 2)
            return
        }
        #expect(compressed.count < bytes.count)
        #expect(Expander().expanded(compressed, limit: length) == bytes)
        #expect(Expander().expanded(compressed, limit: length - 1) == nil)
        for end in stride(from: 0, to: compressed.count, by: max(1, compressed.count / 50)) {
            #expect(Expander().expanded(Array(compressed[..<end]), limit: length) == nil)
        }
    }

    @Test("What can't get shorter stays")
    func random() {
        #expect(Compressor().compressed(Digest.randomBytes(4000)) == nil)
    }

    @Test(
        "The dictionaries are those that files were written with",
        arguments: [
            (CompressionDictionary.first, "21ede2cffb51e014a21fb81b6f1848a6b97a1977ec67666a4ee49c2f4e3498bd"),
            (CompressionDictionary.second, "78d2b72a18e5d3c87227b5f82fda9ee7855e721e86eb8b7f79d9b8afd3825625"),
        ])
    func dictionary(_ dictionary: [UInt8], digest: String) {
        #expect(Digest.hex(Digest.sha256(dictionary)) == digest)
    }

    @Test("What was compressed with the first dictionary is read")
    func firstDictionary() {
        let frame: [UInt8] = [
            0x28, 0xB5, 0x2F, 0xFD, 0x20, 0x6B, 0xC5, 0x00, 0x00, 0x20, 0x57, 0x68, 0x79, 0x3F, 0x05, 0x00, 0xA4,
            0x87, 0x0F, 0xC4, 0x84, 0x0D, 0x14, 0x09, 0x01, 0x19, 0x83, 0x17, 0x01, 0xE8, 0x51, 0x08, 0x04,
        ]
        let interaction =
            #"{"application_variant_id":"local","thread_id":"","input":{"query":"Why?","request":{"method":"POST","#
        let text = Array((interaction + #""path":"#).utf8)
        #expect(Expander().expanded(frame, limit: text.count) == text)
        #expect(Compressor().compressed(text).map { $0 != frame && $0.count < text.count / 2 } == true)
    }
}
