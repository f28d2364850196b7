import NIOCore
import Testing

@testable import Proxy

/// Whatever an app sends: it is read in one way, and what goes upstream of it is what was read.
@Suite struct RequestParserFuzzTests {
    private static let samples =
        (RequestFixture.valid + RequestFixture.large + RequestFixture.refusedHeads + RequestFixture.refusedBodies)
        .map(\.wire).filter { $0.count < 2000 }

    @Test("Where the wire is cut changes nothing, and a refusal is the end", arguments: 0..<8 as Range<UInt64>)
    func cut(_ seed: UInt64) {
        var mutator = Mutator(seed: seed)
        for _ in 0..<Mutator.rounds / 8 {
            let wire = mutator.input(of: Self.samples)
            let whole = Transcript.of([wire[...]])
            let pieces = mutator.cut(wire)
            #expect(Transcript.of(pieces) == whole, "\(wire) cut at \(pieces.map(\.startIndex))")
            let refusals = whole.count { $0.hasPrefix("4") || $0.hasPrefix("5") }
            #expect(refusals <= 1 && (refusals == 0 || whole.last?.first?.isNumber == true), "\(wire)")
        }
    }

    @Test("What goes upstream is fields alone, none of which frames the message", arguments: 0..<8 as Range<UInt64>)
    func rewritten(_ seed: UInt64) throws {
        var mutator = Mutator(seed: seed &+ 100)
        let rewriter = RequestRewriter(threadHeaders: ["x-thread-id"])
        for _ in 0..<Mutator.rounds / 8 {
            let wire = mutator.input(of: Self.samples)
            var parser = RequestParser(limits: .init())
            parser.append(ByteBuffer(bytes: wire))
            while let event = parser.next() {
                guard case .head(let head) = event else { continue }
                // Throws where a line is no field: something was smuggled into it.
                let fields = try FieldLines(rewriter.rewrite(head, setHeaders: []).headers, maximumCount: 1000)
                let names = fields.fields.map { fields.text($0.name).lowercased() }
                #expect(Set(names).isDisjoint(with: ["transfer-encoding", "content-length", "host"]), "\(wire)")
                #expect(!names.contains { $0.hasPrefix("x-steno-") }, "\(wire)")
                #expect(head.target.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }, "\(wire)")
            }
        }
    }
}
