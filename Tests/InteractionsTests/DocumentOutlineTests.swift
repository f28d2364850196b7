import FoundationEssentials
import Testing

@testable import Interactions

@Suite struct DocumentOutlineTests {
    private static func text(_ number: Int, _ length: Int) -> String {
        var text = "\(number): "
        var state = UInt64(number &+ 1)
        while text.utf8.count < length {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            text += ["the ", "parser ", "reads ", "\"quoted\" ", "line\n", "ü "][Int(state >> 40) % 6]
        }
        return text
    }

    private static func message(_ number: Int, _ length: Int = 80) -> JSON {
        ["role": number % 2 == 0 ? "user" : "assistant", "content": .string(text(number, length))]
    }

    private static func outlined(
        _ messages: [JSON], query: String = "", response: String = ""
    ) -> (document: [UInt8], outline: DocumentOutline) {
        let id = UUID.v5(namespace: UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)), name: "same")
        let body: JSON = ["model": "m", "messages": .array(messages)]
        return Interaction(
            id: id, threadID: id, turnID: id, applicationVariantID: "local",
            input: .init(query: query, request: .init(method: "POST", path: "/", headers: [], body: body)),
            output: .init(response: response, body: ["text": .string(response)], status: 200),
            start: Timestamp(microseconds: 0), durationMilliseconds: 0, status: .success
        ).outlinedV4
    }

    private static func contents(_ written: (document: [UInt8], outline: DocumentOutline)) -> Set<[UInt8]> {
        Set(written.outline.pieces.map { Array(written.document[$0.range]) })
    }

    @Test(
        "Pieces lie side by side or one in another, and hold no reference; a short document has none",
        arguments: [3, 40, 400])
    func nesting(count: Int) {
        let question = Self.text(7, 500)
        let messages =
            (0..<count).map { Self.message($0, $0 % 3 == 0 ? 600 : 90) } + [
                ["role": "user", "content": .string(question)]
            ]
        let (document, outline) = Self.outlined(messages, query: question, response: Self.text(9, 300))
        #expect(outline.pieces.isEmpty == (document.count <= FoldedDocument.reach))
        for (index, piece) in outline.pieces.enumerated() {
            #expect(piece.inner <= index)
            #expect(!document[piece.range].contains(FoldedDocument.mark))
            var end = piece.range.lowerBound
            for inner in outline.outermost(in: (index - piece.inner)..<index) {
                #expect(outline.pieces[inner].range.lowerBound >= end)
                end = outline.pieces[inner].range.upperBound
            }
            #expect(end <= piece.range.upperBound)
        }
    }

    @Test("A document that was read is cut as the interaction was that it is of")
    func read() throws {
        let question = Self.text(7, 500)
        let messages =
            (0..<60).map { Self.message($0, $0 % 3 == 0 ? 600 : 90) } + [
                ["role": "user", "content": .string(question)]
            ]
        let written = Self.outlined(messages, query: question, response: Self.text(9, 300))
        let again = try JSON(parsing: try #require(FoldedDocument.unfolded(written.document))).outlinedV4
        #expect(again.document == written.document && again.outline == written.outline)
        #expect(JSON.array(["input"]).outlinedV4.document == Array(#"["input"]"#.utf8))
    }

    @Test("What a longer list has in common with a shorter one is most of it, wherever it was made longer")
    func common() {
        let messages = (0..<300).map { Self.message($0) }
        let before = Self.contents(Self.outlined(messages))
        let size = before.reduce(0) { $0 + $1.count }
        for place in [0, 150, 300] {
            var longer = messages
            longer.insert(Self.message(1000), at: place)
            let after = Self.contents(Self.outlined(longer))
            let shared = before.intersection(after).reduce(0) { $0 + $1.count }
            #expect(shared * 10 > size * 8, "\(place): \(shared) of \(size)")
        }
    }

    @Test("Of a long list few pieces are outermost")
    func few() {
        let (_, outline) = Self.outlined((0..<2000).map { Self.message($0) })
        #expect(outline.outermost(in: 0..<outline.pieces.count).count < 60)
    }

    @Test("A long question is one piece, the same in the question's place and in the list")
    func sameString() {
        let question = Self.text(1, 900)
        let messages = (0..<100).map { Self.message($0, 120) } + [["role": "user", "content": .string(question)]]
        let written = Self.outlined(messages, query: question)
        let quoted = JSON.string(question).bytes
        #expect(written.outline.pieces.filter { Array(written.document[$0.range]) == quoted }.count == 2)
    }

    @Test("A short document has none but its strings")
    func short() {
        let (_, outline) = Self.outlined([["role": "user", "content": "Hi"]])
        #expect(outline.pieces.isEmpty)
    }
}
