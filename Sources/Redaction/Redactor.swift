package import Interactions

/// Compiled rules. Values in, values out; any number of threads may share one.
package final class Redactor: Sendable {
    let scanner: TextScanner
    let headers: NameTable<RedactionAction>
    let queryParameters: FieldRules
    let fields: FieldRules
    let paths: [PathRule]
    let hashKey: [UInt8]
    let plainWords: PlainWords
    /// Texts that are JSON, in which no rule names anything, wherever they stand.
    let plainDocuments = TextMemory<Void>(shortest: 128)
    /// Objects in lists (messages, tools) in which no rule names anything, wherever they stand, as `FlatJSON` writes them.
    let plainItems = TextMemory<Void>(shortest: 64)

    /// Texts of a few bytes in which no rule names anything, wherever no name stands in front of them.
    let plainTexts = WordMemory()
    /// The same of numbers.
    let plainNumbers = WordMemory()

    package init(_ rules: RedactionRules) throws(RedactionError) {
        if rules.usesHash, rules.hashKey?.isEmpty ?? true { throw .noHashKey }
        for name in rules.detectors.keys where !Detector.kinds.contains(name) && Detector.Family(rawValue: name) == nil
        {
            throw .unknownDetector(name)
        }
        let scanner = try TextScanner(rules)
        self.scanner = scanner
        headers = NameTable(rules.headers.map { ($0.key, $0.value) })
        queryParameters = FieldRules(rules.queryParameters)
        let fields = FieldRules(rules.fields)
        self.fields = fields
        plainWords = PlainWords(
            isName: { fields[$0] == nil && !scanner.isTelling($0.utf8.span) },
            isText: { scanner.newFindings(in: $0.utf8.span, 0).isEmpty },
            isTextBehind: { name, text in
                let bytes = RedactionPass.document(name, text)
                return scanner.findings(in: bytes.span, behind: bytes.count - text.utf8.count, true).isEmpty
            })
        var paths: [PathRule] = []
        for path in rules.paths { paths.append(try PathRule(path.path, path.action)) }
        self.paths = paths
        hashKey = rules.hashKey ?? []
    }

    /// Any JSON, `$` being its root; path rules, which name places in interactions, do not apply.
    package func redact(_ json: JSON) throws(RedactionError) -> (json: JSON, receipts: [Receipt]) {
        var pass = RedactionPass(self)
        let new = try pass.json(json, .nowhere)
        return (new ?? json, pass.receipts)
    }

    /// Text of any kind; JSON, lines of JSON and event streams are redacted as what they are.
    package func redact(text: String) throws(RedactionError) -> (text: String, receipts: [Receipt]) {
        var pass = RedactionPass(self)
        let new = try pass.text(text, .nowhere)
        return (new ?? text, pass.receipts)
    }
}
