import FoundationEssentials
import Interactions

/// A request's query, read name by name; what is wrong is gathered, so that all of it is told at once.
struct QueryParameters {
    private var values: [String: String] = [:]
    private(set) var problems: [ValidationProblem] = []

    /// Of one name's several values the last counts, as in FastAPI.
    init(_ query: String?) {
        for pair in (query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            values[Self.decoded(parts[0])] = parts.count > 1 ? Self.decoded(parts[1]) : ""
        }
    }

    /// To be asked when all is read.
    func check() throws(APIError) {
        if !problems.isEmpty { throw APIError(problems) }
    }

    /// `nil` where it is not given or empty.
    func text(_ name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    mutating func uuid(_ name: String) -> UUID? {
        guard let text = values[name] else { return nil }
        guard let id = UUID(uuidString: text) else {
            return complain(name, "Input should be a valid UUID", "uuid_parsing")
        }
        return id
    }

    mutating func time(_ name: String, isRequired: Bool = false) -> Timestamp? {
        guard let text = values[name] else {
            return isRequired ? complain(name, "Field required", "missing") : nil
        }
        // A blank in front of the offset is a `+` that nobody encoded.
        let mended = text.lastIndex(of: " ").map { text[..<$0] + "+" + text[text.index(after: $0)...] }
        guard let time = Timestamp(rfc3339: text) ?? mended.flatMap({ Timestamp(rfc3339: String($0)) }) else {
            return complain(name, "Input should be a valid datetime in RFC 3339 format", "datetime_parsing")
        }
        return time
    }

    mutating func integer(_ name: String, from least: Int, to most: Int = .max) -> Int? {
        guard let text = values[name] else { return nil }
        let isNegative = text.hasPrefix("-")
        let digits = text.utf8.dropFirst(isNegative ? 1 : 0)
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return complain(
                name, "Input should be a valid integer, unable to parse string as an integer", "int_parsing")
        }
        let value = Int(text) ?? (isNegative ? .min : .max)
        if value < least {
            return complain(name, "Input should be greater than or equal to \(least)", "greater_than_equal")
        }
        if value > most { return complain(name, "Input should be less than or equal to \(most)", "less_than_equal") }
        return value
    }

    /// - Parameter takesNull: an empty value, or the word, is as good as none.
    mutating func flag(_ name: String, takesNull: Bool = false) -> Bool {
        guard let text = values[name] else { return false }
        switch text.lowercased() {
        case "true": return true
        case "false": return false
        case "", "null", "none":
            if takesNull { return false }
            fallthrough
        default:
            let none: Bool? = complain(
                name, "Input should be a valid boolean, unable to interpret input", "bool_parsing")
            return none ?? false
        }
    }

    mutating func choice<Value>(_ name: String, _ choices: KeyValuePairs<String, Value>) -> Value? {
        guard let text = values[name] else { return nil }
        if let match = choices.first(where: { $0.key == text }) { return match.value }
        let names = choices.map { "'\($0.key)'" }
        let list = names.count > 1 ? names.dropLast().joined(separator: ", ") + " or \(names.last ?? "")" : names.first
        return complain(name, "Input should be \(list ?? "")", "literal_error")
    }

    private mutating func complain<Value>(_ name: String, _ message: String, _ type: String) -> Value? {
        problems.append(ValidationProblem(location: ["query", name], message: message, type: type))
        return nil
    }

    /// As forms encode it. What is no UTF-8 is repaired, a `%` without two digits is one.
    private static func decoded(_ text: Substring) -> String {
        var out: [UInt8] = []
        let bytes = Array(text.utf8)
        var at = 0
        while at < bytes.count {
            let byte = bytes[at]
            if byte == UInt8(ascii: "%"), at + 2 < bytes.count, let high = hex(bytes[at + 1]),
                let low = hex(bytes[at + 2])
            {
                out.append(high << 4 | low)
                at += 3
            } else {
                out.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                at += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
