/// A JSON value that loses nothing an application could tell apart: member order, duplicate names and the text of
/// numbers are kept; white space and the choice of escapes are not.
package enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(Number)
    case string(String)
    /// A string that is not Unicode text: a lone surrogate escape, or bytes that are not UTF-8.
    case malformedString(MalformedString)
    case array([JSON])
    case object(Object)

    /// A number as its text stood in the document: `1e400`, `-0` and twenty-digit integers survive.
    package struct Number: Sendable, Hashable {
        package let text: String

        package init(text: String) {
            self.text = text
        }

        package init(_ value: some BinaryInteger) {
            text = String(value)
        }

        /// `nil` where JSON has no such number: infinities and NaN.
        package init?(_ value: Double) {
            guard value.isFinite else { return nil }
            text = "\(value)"
        }

        /// The value as an integer; also of a text such as `12.0`, `nil` where it is none or does not fit.
        package var int: Int? {
            if let value = Int(text) { return value }
            guard let value = Double(text) else { return nil }
            return Int(exactly: value)
        }

        package var double: Double? { Double(text) }
    }

    /// The bytes between the quotes of such a string, escapes and all, as they came.
    package struct MalformedString: Sendable, Hashable {
        package let bytes: [UInt8]

        package init(bytes: [UInt8]) {
            self.bytes = bytes
        }

        /// Readable text for search and redaction: what is not Unicode becomes U+FFFD.
        package var repaired: String { StringUnescaper.repair(bytes) }
    }

    package struct Member: Sendable, Hashable {
        package var name: String
        package var value: JSON

        package init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// Members in document order. Look-ups see the last of several members of one name, as most parsers do.
    package struct Object: Sendable, Hashable {
        package var members: [Member]

        package init(_ members: [Member] = []) {
            self.members = members
        }

        package subscript(name: String) -> JSON? {
            get { index(of: name).map { members[$0].value } }
            set {
                if let index = index(of: name) {
                    if let newValue { members[index].value = newValue } else { members.remove(at: index) }
                } else if let newValue {
                    members.append(Member(name, newValue))
                }
            }
        }

        package var isEmpty: Bool { members.isEmpty }

        /// Of the last member of that name.
        package func index(of name: String) -> Int? {
            let length = name.utf8.count
            // Most names differ in length, which is much cheaper to compare.
            return members.indices.last { members[$0].name.utf8.count == length && members[$0].name == name }
        }
    }
}

extension JSON {
    package static func int(_ value: some BinaryInteger) -> JSON { .number(Number(value)) }

    /// The usual one, which needs no generic code.
    package static func int(_ value: Int) -> JSON { .number(Number(text: String(value))) }

    /// `null` for infinities and NaN, which JSON cannot say.
    package static func double(_ value: Double) -> JSON { Number(value).map(JSON.number) ?? .null }

    /// `nil` members are left out.
    package static func object(_ members: KeyValuePairs<String, JSON?>) -> JSON {
        .object(Object(members.compactMap { name, value in value.map { Member(name, $0) } }))
    }

    package subscript(name: String) -> JSON? {
        if case .object(let object) = self { object[name] } else { nil }
    }

    package subscript(index: Int) -> JSON? {
        guard case .array(let items) = self, items.indices.contains(index) else { return nil }
        return items[index]
    }

    /// The text of a string, a malformed one repaired.
    package var string: String? {
        switch self {
        case .string(let text): text
        case .malformedString(let string): string.repaired
        default: nil
        }
    }

    package var int: Int? {
        if case .number(let number) = self { number.int } else { nil }
    }

    package var double: Double? {
        if case .number(let number) = self { number.double } else { nil }
    }

    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    package var array: [JSON]? {
        if case .array(let items) = self { items } else { nil }
    }

    package var object: Object? {
        if case .object(let object) = self { object } else { nil }
    }

    package var isNull: Bool { self == .null }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .int(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Object(elements.map { Member($0.0, $0.1) }))
    }
    package init(nilLiteral: ()) { self = .null }
}
