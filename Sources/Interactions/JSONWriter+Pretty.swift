extension JSON {
    /// Indented by two spaces, for people.
    package var prettyText: String {
        var writer = JSONWriter()
        writer.writePretty(self, indent: 0)
        return String(decoding: writer.out, as: UTF8.self)
    }
}

extension JSONWriter {
    fileprivate mutating func writePretty(_ value: JSON, indent: Int) {
        switch value {
        case .array(let items) where !items.isEmpty:
            byte("[")
            for (index, item) in items.enumerated() {
                newLine(indent + 1, isFirst: index == 0)
                writePretty(item, indent: indent + 1)
            }
            newLine(indent, isFirst: true)
            byte("]")
        case .object(let object) where !object.isEmpty:
            byte("{")
            for (index, member) in object.members.enumerated() {
                newLine(indent + 1, isFirst: index == 0)
                write(member.name)
                raw(": ")
                writePretty(member.value, indent: indent + 1)
            }
            newLine(indent, isFirst: true)
            byte("}")
        default: write(value)
        }
    }

    private mutating func newLine(_ indent: Int, isFirst: Bool) {
        raw(isFirst ? "\n" : ",\n")
        for _ in 0..<indent { raw("  ") }
    }
}
