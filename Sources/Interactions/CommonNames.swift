/// Names that the members of many objects have, numbered from one. `JSON.Member` keeps its name's number, so that who asks the
/// same of many members asks it once for each of these names.
package enum CommonNames {
    /// Those that a stored document refers to, in that order, then others.
    package static let all = FoldedDocument.names + others

    private static let table = WordTable(all)

    /// In bytes, by number: who writes a name's code need not touch the name.
    static let lengths = [0] + all.map(\.utf8.count)

    /// Zero where it is none of them.
    static func number(of name: borrowing Swift.Span<UInt8>) -> UInt16 { UInt16(table.number(of: name)) }

    /// Of tools, which come again and again, and of some vendors.
    private static let others = [
        "assistant", "audio", "citations", "embedding", "encoding_format", "file", "filename", "item", "prompt",
        "command", "limit", "minItems", "new_string", "offset", "old_string", "pattern", "start_line", "timeout",
        "b64_json", "partial_image_b64", "file_data", "bytes", "result",
    ]
}
