import Redaction

extension ConfigurationBuilder {
    /// Redaction's own judgement of its settings, with the places where they were said.
    mutating func checkRedaction(_ settings: [Configuration.RedactionSetting], hashKey: [UInt8]?) -> RedactionRules {
        let (rules, errors) = RedactionRules.parse(settings.map { ($0.key, $0.value) }, hashKey: hashKey)
        for error in errors {
            let key = error.key.hasPrefix("redact.") ? error.key : "redact.\(error.key)"
            let place = self.settings.isSet(key) ? key : "\(key).action"
            complain(place, "`\(key)`: \(error.message)")
        }
        return rules
    }

    /// What `redact.hash_key_file` holds, without the line's end that editors leave.
    mutating func hashKey() -> [UInt8]? {
        let key = "redact.hash_key_file"
        guard let file = settings.file(key), var bytes = try? sources.files.read(file) else { return nil }
        while bytes.last == 0x0A || bytes.last == 0x0D { bytes.removeLast() }
        if bytes.isEmpty { complain(key, "`\(key)`: the file `\(file)` is empty") }
        return bytes
    }
}

extension Configuration {
    func makeRedactor() throws(Failure) -> Redactor {
        do {
            return try Redactor(redaction)
        } catch {
            throw Failure(message: "steno: the redaction rules can't be used: \(error)")
        }
    }
}
