import NIOCore
import Testing

@testable import Proxy

@Suite struct FieldLinesTests {
    @Test("Names and values stand where they say, without the spaces around")
    func places() throws {
        let lines = try FieldLines(ByteBuffer(string: "A:b\r\nX-Y: \t c d \t\r\nContent-LENGTH:\r\n"), maximumCount: 3)
        #expect(lines.fields.map { lines.text($0.name) } == ["A", "X-Y", "Content-LENGTH"])
        #expect(lines.fields.map { lines.text($0.value) } == ["b", "c d", ""])
        #expect(lines.fields.map { lines.text($0.line) } == ["A:b\r\n", "X-Y: \t c d \t\r\n", "Content-LENGTH:\r\n"])
        #expect(lines.fields.map(\.known) == [nil, nil, .contentLength])
    }

    @Test("Offsets count from the first byte also where the buffer begins later")
    func slice() throws {
        var buffer = ByteBuffer(string: "xxA: b\r\n")
        buffer.moveReaderIndex(forwardBy: 2)
        let lines = try FieldLines(buffer, maximumCount: 1)
        #expect(lines.fields.map { lines.text($0.value) } == ["b"])
    }

    @Test("A list's members are joined over its lines, empty ones left out")
    func members() throws {
        let lines = try FieldLines(
            ByteBuffer(string: "Connection: a,,\tB ,\r\nX: y\r\nconnection:\r\nCONNECTION: c d\r\n"), maximumCount: 9)
        #expect(lines.members(.connection) == ["a", "b", "c d"])
        #expect(lines.members(.te) == [])
    }

    @Test("One field too many is told apart from a malformed one")
    func failures() {
        let bytes = ByteBuffer(string: "A: b\r\nC: d\r\n")
        #expect(throws: FieldLines.Failure.tooMany) { try FieldLines(bytes, maximumCount: 1) }
        #expect(throws: FieldLines.Failure.malformed) { try FieldLines(ByteBuffer(string: "A: b"), maximumCount: 1) }
        #expect(throws: FieldLines.Failure.malformed) { try FieldLines(ByteBuffer(string: "A: b\r"), maximumCount: 1) }
    }

    @Test("Each known field is found in any case", arguments: FieldLines.Known.allCases)
    func known(_ known: FieldLines.Known) throws {
        for name in [known.name, known.name.uppercased()] {
            #expect(try FieldLines(ByteBuffer(string: "\(name): x\r\n"), maximumCount: 1).fields.first?.known == known)
        }
        #expect(try FieldLines(ByteBuffer(string: "\(known.name)x: x\r\n"), maximumCount: 1).fields.first?.known == nil)
    }

    @Test("A name's bytes are RFC 9110's tokens")
    func tokens() {
        let tokens = (UInt8.min...UInt8.max).filter(Bytes.isToken)
        let expected = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
        #expect(Set(tokens) == Set(expected.utf8))
    }

    @Test("A value's bytes are visible ones, space, tab and obs-text")
    func values() {
        let values = (UInt8.min...UInt8.max).filter(Bytes.isFieldValue)
        #expect(Set(values) == Set([0x09] + Array(0x20...0x7E) + Array(0x80...0xFF)))
    }
}
