import FoundationEssentials
import Testing

@testable import Interactions

@Suite struct FoldedDocumentTests {
    private let question = String(repeating: "Why is the sky \"blue\"?\n", count: 10)
    private let answer = String(repeating: "Because of the air’s molecules. ", count: 10)

    private func interaction(query: String, response: String) -> Interaction {
        let id = UUID.v7()
        let request: JSON = ["messages": [["role": "user", "content": .string(query)]], "again": .string(query)]
        let body: JSON = ["choices": [["message": ["content": .string(response)]]]]
        return Interaction(
            id: id, threadID: id, turnID: id, applicationVariantID: "local",
            input: .init(query: query, request: .init(method: "POST", path: "/", headers: [], body: request)),
            output: .init(response: response, body: body, status: 200), start: Timestamp(microseconds: 0),
            durationMilliseconds: 0, status: .success)
    }

    @Test("What comes again is a reference, and unfolded the document is what it was")
    func folded() {
        let interaction = interaction(query: question, response: answer)
        let folded = interaction.foldedV4
        #expect(folded.count < interaction.v4Bytes.count - question.utf8.count * 2 - answer.utf8.count + 32)
        #expect(FoldedDocument.unfolded(folded) == interaction.v4Bytes)
    }

    @Test("Short texts, and texts that only look the same, stay")
    func notFolded() {
        let short = interaction(query: "Why?", response: "")
        #expect(short.foldedV4 == short.v4Bytes)
        // The same characters of other scalars.
        let composed = String(repeating: "caf\u{E9} ", count: 20)
        var other = interaction(query: composed, response: "")
        other.input.request.body = .string(String(repeating: "cafe\u{301} ", count: 20))
        #expect(other.foldedV4 == other.v4Bytes)
    }

    @Test("Damage is told, not a crash")
    func damaged() {
        let folded = interaction(query: question, response: answer).foldedV4
        for end in 0..<folded.count { _ = FoldedDocument.unfolded(Array(folded[..<end])) }
        #expect(FoldedDocument.unfolded([1]) == nil)
        #expect(FoldedDocument.unfolded([65, 1, 0]) == nil)
        #expect(FoldedDocument.unfolded([65, 1, 0, 2]) == nil)
        #expect(FoldedDocument.unfolded([65, 1, 2, 0]) == nil)
        #expect(FoldedDocument.unfolded([1] + [UInt8](repeating: 0xFF, count: 20)) == nil)
        #expect(FoldedDocument.unfolded([65, 66, 1, 0, 2, 67]) == [65, 66, 65, 66, 67])
    }
}
