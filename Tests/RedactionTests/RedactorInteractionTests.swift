import Interactions
import Testing

@testable import Redaction

@Suite struct RedactorInteractionTests {
    @Test("leaves no planted secret anywhere", arguments: Surface.all)
    func surfaces(_ surface: Surface) throws {
        var interaction = Fixtures.interaction()
        surface.plant(&interaction, Fixtures.key)
        let (new, receipts) = try Fixtures.secrets.get().redact(interaction)
        #expect(!new.v4.text.contains("y6t7aUA6ZH920gjD463a"))
        let count = new.metadata["steno.redactions"]?["openai_key"]?.int
        #expect(
            count == receipts.filter { $0.kind == "openai_key" }.reduce(0) { $0 + $1.count }
                || receipts.isEmpty && count == nil)
        let again = try Fixtures.secrets.get().redact(new)
        #expect(again.interaction == new && again.receipts.isEmpty)
    }

    @Test("answers the same interaction where no rule names anything in it")
    func identical() throws {
        let interaction = Fixtures.interaction(query: String(repeating: "What is the weather in Oslo? ", count: 40))
        let (new, receipts) = try Fixtures.everything.get().redact(interaction)
        #expect(new == interaction && receipts.isEmpty)
    }

    @Test("masks parameters by name, and those that field rules name")
    func parameters() throws {
        var interaction = Fixtures.interaction()
        interaction.input.request.path = "/v1/models?key=abc&alt=sse&API-Key=d%20e&team=x&sig="
        let (new, receipts) = try Fixtures.redactor(("redact.field.team", "remove")).redact(interaction)
        #expect(
            new.input.request.path
                == "/v1/models?key=[REDACTED:query:key]&alt=sse&API-Key=[REDACTED:query:apikey]&team=&sig=")
        #expect(receipts.map(\.kind) == ["field:team", "query:apikey", "query:key"])
    }

    @Test("records headers that a list or a rule names, credentials never as they are")
    func headers() throws {
        var interaction = Fixtures.interaction()
        interaction.input.request.headers = [
            HeaderField("Authorization", "Bearer abc"), HeaderField("x-api-key", "k"), HeaderField("Cookie", "a=b"),
            HeaderField("Content-Type", "application/json"), HeaderField("X-Team", "blue"),
            HeaderField("X-User", "u-1"),
            HeaderField("X-Other", "o"), HeaderField("User-Agent", "agent/1.0"), HeaderField("X-Secret-Token", "t"),
        ]
        let redactor = try Fixtures.redactor(
            ("redact.header.X-Team", "keep"), ("redact.header.x-user", "mask"), ("redact.header.user-agent", "remove"))
        let new = try redactor.redact(interaction).interaction
        #expect(
            new.input.request.headers == [
                HeaderField("Content-Type", "application/json"), HeaderField("X-Team", "blue"),
                HeaderField("X-User", "[REDACTED:header:x-user]"),
            ])
        #expect(new.metadata["steno.redactions"] == ["header:user-agent": 1, "header:x-user": 1])
    }

    @Test("follows a path, and takes what it names out of what was derived from it")
    func paths() throws {
        let query = "What about my grandmother?"
        let redactor = try Fixtures.redactor(("redact.path.$.input.request.body.messages[*].content", "mask"))
        let (new, receipts) = try redactor.redact(Fixtures.interaction(query: query))
        #expect(new.input.request.body?["messages"] == [["role": "user", "content": "[REDACTED:path]"]])
        #expect(new.input.query == "[REDACTED:path]")
        #expect(!new.v4.text.contains("grandmother"))
        #expect(
            receipts == [
                Receipt(
                    kind: "path:$.input.request.body.messages[*].content",
                    path: "$.input.request.body.messages[0].content", count: 1, action: .mask)
            ])
        #expect(try redactor.redact(new).interaction == new)
    }

    @Test(
        "leaves a v4 interaction whatever a path names",
        arguments: [
            "$.input", "$.input.query", "$.input.request", "$.input.request.headers", "$.input.request.body",
            "$.output",
            "$.output.response", "$.output.body", "$.output.tool_calls", "$.output.context[*]",
            "$.operation_metadata.tokens_used",
            "$.trace_spans", "$.trace_spans[0].operation_input", "$.trace_spans[*]['operation_input'].model",
        ])
    func shapes(_ path: String) throws {
        var interaction = Fixtures.interaction()
        interaction.output.toolCalls = [["name": "f"]]
        interaction.output.context = [["text": "t"]]
        for action in ["mask", "remove"] {
            let (new, receipts) = try Fixtures.redactor(("redact.path.\(path)", action)).redact(interaction)
            #expect(!receipts.isEmpty)
            #expect(new.v4["input"]?["query"]?.string != nil && new.v4["output"]?["response"]?.string != nil)
            #expect(new.id == interaction.id && new.threadID == interaction.threadID)
            #expect(new.v4["trace_spans"]?[0]?["operation_type"] == "COMPLETION")
        }
    }

    @Test("counts on from an earlier run")
    func counts() throws {
        var interaction = Fixtures.interaction()
        interaction.metadata["steno.redactions"] = ["openai_key": 2, "jwt": 1]
        interaction.input.query = Fixtures.key
        let new = try Fixtures.secrets.get().redact(interaction).interaction
        #expect(new.metadata["steno.redactions"] == ["openai_key": 3, "jwt": 1])
    }
}

/// A place in an interaction that content can be in.
struct Surface: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let plant: @Sendable (inout Interaction, String) -> Void

    init(_ name: String, _ plant: @escaping @Sendable (inout Interaction, String) -> Void) {
        testDescription = name
        self.plant = plant
    }

    static let all: [Surface] = [
        Surface("query") { $0.input.query = "use \($1) please" },
        Surface("path") { $0.input.request.path = "/v1/files/\($1)/content" },
        Surface("parameter") { $0.input.request.path = "/v1/models?x=1&k=\($1)&y" },
        Surface("encoded parameter") { $0.input.request.path = "/v1/models?k=" + $1.replacing("-", with: "%2D") },
        Surface("header") { $0.input.request.headers.append(HeaderField("User-Agent", "app/1 (\($1))")) },
        Surface("header that is not recorded") { $0.input.request.headers.append(HeaderField("X-Mine", $1)) },
        Surface("authorization") { $0.input.request.headers.append(HeaderField("Authorization", "Bearer \($1)")) },
        Surface("body value") { $0.input.request.body = ["messages": [["content": .string($1)]]] },
        Surface("body key") { $0.input.request.body = .object(JSON.Object([.init($1, 1)])) },
        Surface("text body") {
            $0.input.request.body = .string("--b\r\nContent-Disposition: form-data\r\n\r\n\($1)\r\n--b--")
        },
        Surface("response") { $0.output.response = "It is \($1)." },
        Surface("response body") { $0.output.body = ["error": ["message": .string("Bad key: \($1).")]] },
        Surface("tool call") { $0.output.toolCalls = [["name": "f", "arguments": ["t": .string($1)]]] },
        Surface("tool call as text") { $0.output.toolCalls = [["arguments": .string("{\"t\": \"\($1)\", ")]] },
        Surface("reasoning") { $0.output.reasoning = "The user gave \($1)" },
        Surface("context") { $0.output.context = [["text": .string($1)]] },
        Surface("metadata") { $0.metadata["app.note"] = .string($1) },
        Surface("metadata key") { $0.metadata[$1] = 1 },
        Surface("span input") { $0.spans[0].input["q"] = .string($1) },
        Surface("span output") { $0.spans[0].output["q"] = [.string($1)] },
        Surface("span metadata") { $0.spans[0].metadata["q"] = .string($1) },
        Surface("method") { $0.input.request.method = $1 },
        Surface("variant") { $0.applicationVariantID = $1 },
    ]
}
