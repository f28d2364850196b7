import FoundationEssentials
import Interactions
import Redaction
import Testing

/// Compiling all detectors takes a while: once for all tests.
enum Fixtures {
    static let secrets = Result { try Redactor(RedactionRules()) }
    static let everything = Result {
        var rules = RedactionRules()
        rules.detectors["pii"] = .mask
        return try Redactor(rules)
    }

    static let key = "sk-proj-" + "y6t7aUA6ZH920gjD463al6XA1W2aNneXeC0U4PCshgktp4pm"
    static let mask = "[REDACTED:openai_key]"

    static func redactor(_ settings: (String, String)..., key: [UInt8]? = nil) throws -> Redactor {
        let (rules, errors) = RedactionRules.parse(settings.map { (key: $0.0, value: $0.1) }, hashKey: key)
        #expect(errors.isEmpty)
        return try Redactor(rules)
    }

    static func interaction(query: String = "What is the weather?", body: JSON? = nil) -> Interaction {
        Interaction(
            id: .v7(), threadID: .v7(), turnID: .v7(), applicationVariantID: "local",
            input: .init(
                query: query,
                request: .init(
                    method: "POST", path: "/v1/chat/completions",
                    headers: [HeaderField("Content-Type", "application/json")],
                    body: body ?? [
                        "model": "gpt-4o-2024-08-06", "messages": [["role": "user", "content": .string(query)]],
                    ])),
            output: .init(response: "Sunny.", body: ["id": "chatcmpl-zPySY1nP28tg3hODGH7Dfjb9pEExJ"], status: 200),
            start: Timestamp(microseconds: 1_760_000_000_000_000), durationMilliseconds: 812, status: .success,
            metadata: JSON.Object([
                .init("steno.route", "default"),
                .init("traceparent", "00-ca480bc62b9971da6f8b9576e5ece5c7-d027947cfa8c8426-01"),
                .init("tokens_used", 1_234_567_890),
            ]),
            spans: [
                .init(
                    nodeID: "completion", operation: .completion, start: Timestamp(microseconds: 1_760_000_000_000_000),
                    durationMilliseconds: 800, input: JSON.Object([.init("model", "gpt-4o")]))
            ])
    }
}

extension Detector: CustomTestStringConvertible {
    public var testDescription: String { kind }
}
