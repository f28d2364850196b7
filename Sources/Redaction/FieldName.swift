/// Names compared without regard to case and separators: `apiKey` = `api_key` = `API-KEY`.
enum FieldName {
    static func normalized(_ name: String) -> String {
        String(decoding: name.lowercased().utf8.filter { !isSeparator($0) }, as: UTF8.self)
    }

    static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: " ")
    }

    static func lower(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }
}
