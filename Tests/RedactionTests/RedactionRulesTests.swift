import Testing

@testable import Redaction

@Suite struct RedactionRulesTests {
    @Test("reads every kind of setting, with its prefix or without")
    func settings() throws {
        let (rules, errors) = RedactionRules.parse(
            [
                ("redact.header.X-Team", "keep"), ("redact.field.apiKey", "hash"),
                ("redact.path.$.input.query", "remove"),
                ("redact.detect.pii", "mask"), ("detect.email", "last4"), ("redact.pattern.employee.action", "remove"),
                ("redact.pattern.employee", "emp-[0-9]+"), ("redact.allow.demo", "demo-.+"),
                ("redact.hash_key_file", "/k"),
            ], hashKey: [1])
        #expect(errors.isEmpty)
        #expect(rules.headers == ["x-team": .keep] && rules.fields == ["apikey": .hash])
        #expect(rules.paths == [.init(path: "$.input.query", action: .remove)])
        #expect(rules.detectors == ["pii": .mask, "email": .last4])
        #expect(rules.patterns == [.init(name: "employee", expression: "emp-[0-9]+", action: .remove)])
        #expect(rules.allow == [.init(name: "demo", expression: "demo-.+")])
        _ = try Redactor(rules)
    }

    @Test(
        "says what is wrong",
        arguments: [
            ("redact.detect.openai", "mask", "no detector of kind 'openai'"),
            ("redact.detect.secrets", "drop", "not an action; there are mask, remove, hash, last4, keep"),
            ("redact.pattern.p", "a(", "not an RE2 expression: missing ): a("),
            ("redact.pattern.p", #"(?=x)"#, "not an RE2 expression: invalid perl operator: (?="),
            ("redact.pattern.p", "a*", "the expression matches the empty text"),
            ("redact.pattern.p.action", "mask", "the pattern has an action and no expression"),
            ("redact.pattern.a b", "x", "a pattern's name is made of letters, digits, '_' and '-'"),
            ("redact.allow.a", "[", "not an RE2 expression: missing ]: ["),
            ("redact.path.input.query", "mask", "a path begins with '$'"),
            ("redact.path.$.id", "mask", "a path begins with $.input, $.output, $.operation_metadata or $.trace_spans"),
            (
                "redact.path.$.input[x]", "mask",
                "between '[' and ']' stands a number, '*' or a quoted name (byte 8 of the path)"
            ),
            ("redact.path.$.input..query", "mask", "a name is missing behind '.' (byte 8 of the path)"),
            (
                "redact.header.Authorization", "keep",
                "this header carries credentials, which are never recorded as they are"
            ),
            ("redact.field.x", "hash", "the action 'hash' needs a key: set redact.hash_key_file"),
            ("redact.color.x", "mask", "no such setting; there are header, field, path, detect, pattern, allow"),
            ("redact.field", "mask", "no such setting"),
            ("redact.field.-", "mask", "a field's name has letters or digits"),
        ])
    func errors(_ key: String, _ value: String, _ message: String) {
        let errors = RedactionRules.parse([(key, value)]).errors
        #expect(errors.map(\.message) == [message])
    }

    @Test("reports all errors, not only the first")
    func allErrors() {
        let (_, errors) = RedactionRules.parse([
            ("redact.detect.x", "mask"), ("redact.field.y", "z"), ("redact.field.ok", "mask"),
        ])
        #expect(errors.map(\.key) == ["redact.detect.x", "redact.field.y"])
    }

    @Test("refuses to compile rules that could leak")
    func compile() {
        var rules = RedactionRules()
        rules.detectors["no_such"] = .mask
        #expect(throws: RedactionError.unknownDetector("no_such")) { try Redactor(rules) }
        rules = RedactionRules()
        rules.fields["a"] = .hash
        #expect(throws: RedactionError.noHashKey) { try Redactor(rules) }
    }
}
