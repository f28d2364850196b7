import Interactions
import Testing

@testable import Redaction

@Suite struct TextMemoryTests {
    private static func text(_ number: Int) -> [UInt8] {
        Array("\(number) \(String(repeating: "of many texts ", count: 24))".utf8)
    }

    private static func key(_ number: Int, _ memory: TextMemory<Int>) -> KeyedDigest? {
        key(text(number), memory)
    }

    private static func key(_ text: [UInt8], _ memory: TextMemory<Int>) -> KeyedDigest? {
        memory.key(of: text.span)
    }

    @Test("A text is worth a verdict from the second time on")
    func secondTime() throws {
        let memory = TextMemory<Int>(shortest: 256)
        #expect(Self.key(1, memory) == nil)
        let key = try #require(Self.key(1, memory))
        #expect(memory[key] == nil)
        memory.remember(key, 7)
        #expect(memory[try #require(Self.key(1, memory))] == 7)
    }

    @Test("What is shorter than is worth it is not remembered")
    func short() {
        let memory = TextMemory<Int>(shortest: 256)
        for _ in 0..<3 { #expect(Self.key([UInt8](repeating: 97, count: 255), memory) == nil) }
        #expect(Self.key([UInt8](repeating: 97, count: 256), memory) == nil)
        #expect(Self.key([UInt8](repeating: 97, count: 256), memory) != nil)
    }

    @Test("Texts that read the same at a glance are told apart by their digests")
    func glance() throws {
        let memory = TextMemory<Int>(shortest: 256)
        var text = [UInt8](repeating: 97, count: 4_096)
        #expect(Self.key(text, memory) == nil)
        let key = try #require(Self.key(text, memory))
        memory.remember(key, 1)
        text[100] = 98
        let other = try #require(Self.key(text, memory), "no byte that is glanced at has changed")
        #expect(memory[other] == nil)
    }

    @Test("Two generations are kept, and what is used stays")
    func generations() throws {
        let memory = TextMemory<Int>(shortest: 256, capacity: 2)
        for number in 0..<6 { _ = Self.key(number, memory) }
        let keys = try (0..<6).map { try #require(Self.key($0, memory)) }
        for number in 0..<5 {
            memory.remember(keys[number], number)
            #expect(memory[keys[0]] == 0)
        }
        #expect(memory[keys[4]] == 4)
        #expect(memory[keys[1]] == nil)
        #expect(memory[keys[5]] == nil)
    }
}
