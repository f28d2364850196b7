import Interactions
import Testing

@testable import Redaction

/// What is known of a text must not be taken for what is to be said of it elsewhere.
@Suite struct KnownTextTests {
    private static let filler = String(repeating: "Nothing of this is worth a second look, it is said. ", count: 8)

    /// So often that its verdicts are remembered.
    @discardableResult
    private static func teach(_ redactor: Redactor, _ value: JSON) throws -> (json: JSON, receipts: [Receipt]) {
        for _ in 0..<2 { _ = try redactor.redact(value) }
        return try redactor.redact(value)
    }

    @Test("A text is redacted in the same way however often it comes, wherever it stands")
    func again() throws {
        let redactor = try Fixtures.redactor(("redact.detect.pii", "mask"))
        let text = "\(Self.filler) Mail jane@mail.example.org or call +44 20 7946 0958. \(Self.filler)"
        for value: JSON in [
            ["content": .string(text)], [["role": "user", "content": .string(text)], .string(Self.filler)],
            .string(text), ["a": .string(JSON.object(["b": .string(text)]).text)],
        ] {
            let first = try redactor.redact(value)
            #expect(first.receipts.reduce(0) { $0 + $1.count } == 2)
            #expect(!first.json.text.contains("jane") && !first.json.text.contains("7946"))
            for _ in 0..<4 {
                let again = try redactor.redact(value)
                #expect(again.json == first.json && again.receipts == first.receipts)
            }
            #expect(try Self.teach(redactor, first.json).json == first.json)
        }
    }

    @Test(
        "A text in which nothing was found is redacted where a rule names its place or its name tells what it is",
        arguments: [["pin": "s"], [["pin": "s"]], ["list": [["x": 1, "deep": ["pin": "s"]]]]] as [JSON])
    func fields(_ place: JSON) throws {
        let redactor = try Fixtures.redactor(("redact.field.pin", "mask"))
        func put(_ text: String, _ value: JSON) -> JSON {
            switch value {
            case .string: .string(text)
            case .array(let items): .array(items.map { put(text, $0) })
            case .object(let object): .object(JSON.Object(object.members.map { .init($0.name, put(text, $0.value)) }))
            default: value
            }
        }
        try Self.teach(redactor, [.string(Self.filler)])
        let value = put(Self.filler, place)
        #expect(try !redactor.redact(value).json.text.contains("Nothing of this"))
        // The same as JSON in a string, and once it is known what else stands beside it.
        let document = JSON.string(value.text)
        for _ in 0..<4 { #expect(try !redactor.redact(["a": [document]]).json.text.contains("Nothing of this")) }
        for _ in 0..<4 { #expect(try !redactor.redact(["a": document]).json.text.contains("Nothing of this")) }
        for _ in 0..<4 { #expect(try !redactor.redact(document).json.text.contains("Nothing of this")) }
    }

    @Test("A document whose text has nothing is still looked into for fields, in whatever order it comes")
    func documents() throws {
        let redactor = try Fixtures.redactor(("redact.field.pin", "mask"))
        let document = JSON.string(JSON.object(["pin": "blue", "note": .string(Self.filler)]).text)
        // First where it is not in a list, then in one, in one redaction.
        for _ in 0..<4 {
            let result = try redactor.redact(["a": document, "b": [document, "x", document], "c": document])
            #expect(result.receipts.reduce(0) { $0 + $1.count } == 4)
            #expect(!result.json.text.contains("blue"))
        }
        let lines = "\(document.string ?? "")\n\(document.string ?? "")"
        for _ in 0..<4 { #expect(try !redactor.redact(text: lines).text.contains("blue")) }
    }

    @Test("A message that is known is looked at anew where anything of it is another")
    func messages() throws {
        let redactor = try Fixtures.redactor(("redact.field.pin", "mask"))
        let first: JSON = ["role": "user", "content": .string(Self.filler)]
        let known: JSON = ["role": "tool", "content": .string(Self.filler), "call": ["id": 7, "of": ["a", "b"]]]
        for _ in 0..<3 { #expect(try Self.teach(redactor, ["messages": [first, known]]).receipts.isEmpty) }
        for (item, kind) in [
            (["role": "tool", "content": .string(Self.filler), "call": ["id": 7, "pin": ["a", "b"]]], "field:pin"),
            (
                ["role": "tool", "content": .string(Self.filler), "call": ["id": 7, "of": ["a", "b"]], "pin": 1],
                "field:pin"
            ),
            (["role": "tool", "content": .string(Self.filler + Fixtures.key), "call": ["id": 7]], "openai_key"),
            (
                ["role": "tool", "content": .string(Self.filler), "call": ["id": 7, "of": [.string(Fixtures.key)]]],
                "openai_key"
            ),
            (["role": "tool", "pin": .string(Self.filler), "call": ["id": 7, "of": ["a", "b"]]], "field:pin"),
        ] as [(JSON, String)] {
            for _ in 0..<3 {
                let result = try redactor.redact(["messages": [first, known, item, known]])
                #expect(result.receipts.map(\.kind) == [kind])
                #expect(result.receipts.first?.path.hasPrefix("$.messages[2]") == true)
                #expect(result.json["messages"]?.array?.count == 4 && result.json["messages"]?[3] == known)
            }
        }
        #expect(try redactor.redact(["pin": [first, known]]).json.text.contains("REDACTED"))
        #expect(try !redactor.redact(["pin": [first, known]]).json.text.contains("Nothing of this"))
    }

    @Test("A value that says nothing alone is found where its name stands in front of it")
    func names() throws {
        let redactor = try Fixtures.redactor()
        let value = "zT9-" + String(repeating: "kQ3vR8xW", count: 40)
        #expect(try Self.teach(redactor, ["content": .string(value)]).receipts.isEmpty)
        #expect(try Self.teach(redactor, [.string(value)]).receipts.isEmpty)
        #expect(try !redactor.redact(["db_password": .string(value)]).receipts.isEmpty)
        #expect(try !redactor.redact([["name": "API_SECRET", "value": .string(value)]]).receipts.isEmpty)
        #expect(try !redactor.redact(text: "db_password = \(value)").receipts.isEmpty)
    }

    @Test("Pieces in each of which nothing was found are put together all the same")
    func pieces() throws {
        let redactor = try Fixtures.redactor()
        let key = Fixtures.key
        let texts = ["\(Self.filler) it begins with \(key.prefix(12))", "\(key.dropFirst(12)) \(Self.filler)"]
        for text in texts { #expect(try Self.teach(redactor, [.string(text)]).receipts.isEmpty) }
        let events = texts.map { "data: \(JSON.object(["delta": .string($0)]).text)\n\n" }.joined()
        for _ in 0..<4 { #expect(try !redactor.redact(text: events).text.contains(key.dropFirst(12).prefix(12))) }
    }

    @Test("Rules know what they have seen themselves, and nothing of what others have")
    func rules() throws {
        let text = "\(Self.filler) It is EMP-123456 who asks. \(Self.filler)"
        let before = try Fixtures.redactor()
        #expect(try Self.teach(before, [.string(text)]).receipts.isEmpty)
        let after = try Fixtures.redactor(("redact.pattern.employee", "EMP-[0-9]{6}"))
        for _ in 0..<3 { #expect(try after.redact([.string(text)]).receipts.map(\.kind) == ["pattern:employee"]) }
        let allowing = try Fixtures.redactor(
            ("redact.pattern.employee", "EMP-[0-9]{6}"), ("redact.allow.bot", "EMP-123456"))
        for _ in 0..<3 { #expect(try allowing.redact([.string(text)]).receipts.isEmpty) }
        for _ in 0..<3 { #expect(try after.redact(text: text).receipts.count == 1) }
    }

    @Test("What a rule took out of a body is taken out of known texts that were derived from it")
    func derived() throws {
        let redactor = try Fixtures.redactor(("redact.field.pin", "mask"))
        let answer = "\(Self.filler) The word is bluebird. \(Self.filler)"
        #expect(try Self.teach(redactor, ["messages": [["content": .string(answer)]]]).receipts.isEmpty)
        for _ in 0..<3 {
            var interaction = Fixtures.interaction(body: ["pin": "bluebird", "messages": [.string(Self.filler)]])
            interaction.output.response = answer
            interaction.output.toolCalls = [["arguments": .string(JSON.object(["q": .string(answer)]).text)]]
            let redacted = try redactor.redact(interaction).interaction
            #expect(!redacted.output.response.contains("bluebird"))
            #expect(!JSON.array(redacted.output.toolCalls).text.contains("bluebird"))
        }
    }

    @Test("What was derived from a known message is what the rules make of it there")
    func derivedFromMessages() throws {
        let redactor = try Fixtures.redactor(("redact.field.pin", "mask"), ("redact.path.$.input.query", "mask"))
        let text = "\(Self.filler) The word is bluebird."
        let messages: JSON = [
            ["role": "system", "content": .string(Self.filler)], ["role": "user", "content": .string(text)],
        ]
        #expect(try Self.teach(redactor, ["messages": messages]).receipts.isEmpty)
        for _ in 0..<3 {
            var interaction = Fixtures.interaction(query: text, body: ["messages": messages])
            interaction.output.response = text
            let redacted = try redactor.redact(interaction).interaction
            #expect(!redacted.input.query.contains("bluebird"))
            #expect(redacted.output.response == text && redacted.input.request.body?["messages"] == messages)
            interaction.input.request.body = ["messages": messages, "pin": "bluebird"]
            #expect(try !redactor.redact(interaction).interaction.output.response.contains("bluebird"))
        }
    }

    @Test("A path rule holds for a document that is known")
    func paths() throws {
        let document = JSON.object(["city": .string(Self.filler), "word": "bluebird"]).text
        let redactor = try Fixtures.redactor(("redact.path.$.input.request.body.messages[*].content.word", "mask"))
        for _ in 0..<3 {
            try Self.teach(redactor, [["content": .string(document)]])
            let interaction = Fixtures.interaction(query: "x", body: ["messages": [["content": .string(document)]]])
            let redacted = try redactor.redact(interaction).interaction
            #expect(redacted.input.request.body?.text.contains("bluebird") == false)
        }
    }

    @Test("Any number of threads may share what is known")
    func threads() async throws {
        let redactor = try Fixtures.secrets.get()
        let texts = (0..<40).map { "\($0) \(Self.filler)" + ($0 % 4 == 0 ? Fixtures.key : "") }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try (0..<5).reduce(0) { sum, _ in
                        try texts.reduce(sum) { try $0 + redactor.redact([.string($1)]).receipts.count }
                    }
                }
            }
            for try await found in group { #expect(found == 50) }
        }
    }

    @Test(
        "After a replacement in a long text, what it joins or lays bare is found",
        arguments: ["EMP-[0-9]{6}", "EMP-[0-9]{6,}", "EMP-[0-9]+( by .*)?"])
    func around(_ expression: String) throws {
        let redactor = try Fixtures.redactor(
            ("redact.pattern.employee", expression), ("redact.pattern.employee.action", "remove"))
        let text = "\(Self.long) It is EMPEMP-123456-654321 who asks. \(Self.long)"
        let once = try redactor.redact(text: text)
        #expect(!once.text.contains("654321") && once.text.contains("who asks"))
        #expect(try redactor.redact(text: once.text).receipts.isEmpty)
    }

    private static let long = String(repeating: filler, count: 60)
}
