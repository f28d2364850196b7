import Foundation
import Interactions
import Testing

@testable import Dialects

/// Recorded exchanges of many vendors, beside what their SDKs accumulate: in `../shared/corpus` where that is there.
@Suite struct CorpusTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("shared/corpus")

    private static let isThere = FileManager.default.fileExists(atPath: folder.path)

    @Test(
        "Recorded answers mean what the vendor's SDK makes of them",
        .enabled(if: isThere, "The recordings (../shared/corpus) are not there"),
        arguments: [
            (OpenAIChat() as any Dialect, 150), (AnthropicMessages(), 50), (OpenAIResponses(), 60),
        ] as [(any Dialect, Int)])
    func replay(dialect: any Dialect, fewest: Int) throws {
        let index = try Self.document("oracle_index.json")
        var compared = 0
        for member in index.object?.members ?? [] where member.value["ok"] == true {
            let recording = try Self.document("recordings/\(member.name).json")
            guard recording["wire"]?.string == dialect.name, let body = Self.body(recording["response"]) else {
                continue
            }
            let oracle = try Self.document("oracle/\(member.name).json")
            let isBroken = member.value["method"]?.string?.contains("error event") == true
            guard let wanted = isBroken ? oracle["partial"] : oracle else { continue }
            let got = Self.accumulated(body, kind: recording["kind"]?.string ?? "", dialect: dialect)
            expectSame(dialect.answer(in: wanted), got.map(dialect.answer), member.name)
            compared += 1
        }
        #expect(compared >= fewest)
    }

    private func expectSame(_ wanted: Answer, _ got: Answer?, _ id: String) {
        let comment = Comment(rawValue: id)
        #expect(got?.text == wanted.text, comment)
        #expect(got?.toolCalls.map(sorted) == wanted.toolCalls.map(sorted), comment)
        #expect(got?.finishReasons == wanted.finishReasons, comment)
        #expect(got?.reasoning == wanted.reasoning, comment)
        // Where a later chunk has none, the SDK forgets the usage that an earlier one told.
        if let usage = wanted.usage {
            #expect(got?.usage?.input == usage.input, comment)
            #expect(got?.usage?.output == usage.output, comment)
        }
        // Azure opens with an empty chunk, which the SDK lets stand.
        if wanted.id != "" { #expect(got?.id == wanted.id, comment) }
        if wanted.model != "" { #expect(got?.model == wanted.model, comment) }
    }

    /// The order of members is no part of what an SDK says.
    private func sorted(_ value: JSON) -> JSON {
        switch value {
        case .array(let items): .array(items.map(sorted))
        case .object(let object):
            .object(
                JSON.Object(
                    object.members.sorted { $0.name < $1.name }.map { JSON.Member($0.name, sorted($0.value)) }))
        default: value
        }
    }

    /// The body that an interaction would hold, the stream cut at random places on its way.
    private static func accumulated(_ body: [UInt8], kind: String, dialect: any Dialect) -> JSON? {
        guard kind == "sse" else { return try? JSON(parsing: body) }
        var generator = SystemRandomNumberGenerator()
        let cuts = (0..<20).map { _ in Int.random(in: 0...body.count, using: &generator) }.sorted()
        let events = SSEParserTests.events(body, cuts: cuts)
        #expect(events == Framing.serverSentEvents.events(in: body))
        return dialect.accumulate(events).body
    }

    /// `nil` where the body is compressed: taking that off is not the dialects' work.
    private static func body(_ message: JSON?) -> [UInt8]? {
        for header in message?["headers"]?.array ?? [] where header[0]?.string?.lowercased() == "content-encoding" {
            return nil
        }
        return message?["body_b64"]?.string.flatMap(Base64.decode)
    }

    private static func document(_ path: String) throws -> JSON {
        try JSON(parsing: Array(Data(contentsOf: folder.appendingPathComponent(path))))
    }
}
