/// A secret in a file of its own: one line of text.
enum Secret {
    static func read(_ file: String, key: String) throws(Failure) -> String {
        let bytes: [UInt8]
        do {
            bytes = try FileAccess.disk.read(file)
        } catch {
            throw Failure(message: "steno: `\(key)`: the file `\(file)` \(error.text)")
        }
        let text = String(decoding: bytes, as: UTF8.self).trimmed
        if let flaw = ValueType.secretFlaw(text) {
            throw Failure(message: "steno: `\(key)`: the file `\(file)` \(text.isEmpty ? "is empty" : flaw)")
        }
        return text
    }
}
