/// Names compared without regard to case and separators: `apiKey` = `api_key` = `API-KEY`.
enum FieldName {
    static func normalized(_ name: String) -> String {
        String(
            decoding: name.lowercased().utf8.filter { byte in
                byte != UInt8(ascii: "_") && byte != UInt8(ascii: "-") && byte != UInt8(ascii: ".")
                    && byte != UInt8(ascii: " ")
            }, as: UTF8.self)
    }
}
