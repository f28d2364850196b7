/// A JSON value that loses nothing an application could tell apart: member order, duplicate names and the text of
/// numbers are kept; white space and the choice of escapes are not.
@usableFromInline
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
    @usableFromInline
    package struct Number: Sendable, Hashable {
        @usableFromInline package let text: String

        @inlinable
        package init(text: String) {
            self.text = text
        }

        package init(_ value: some BinaryInteger) {
            text = String(value)
        }

        /// The usual ones, most of which are small.
        package init(_ value: Int) {
            text = Self.small.indices.contains(value) ? Self.small[value] : String(value)
        }

        private static let small = (0..<1024).map { String($0) }

        /// Three of the digits stand behind a point.
        package init(thousandths value: UInt) {
            var bytes = InlineArray<21, UInt8>(repeating: UInt8(ascii: "."))
            var at = bytes.count
            var rest = value
            while rest > 0 || bytes.count - at < 5 {
                // Over the point, which stands there already.
                if bytes.count - at == 3 { at -= 1 }
                at -= 1
                bytes[at] = UInt8(ascii: "0") | UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            guard let utf8 = try? UTF8Span(validating: bytes.span.extracting(at...)) else {
                text = ""
                return
            }
            text = String(copying: utf8)
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
    @usableFromInline
    package struct MalformedString: Sendable, Hashable {
        package let bytes: [UInt8]

        package init(bytes: [UInt8]) {
            self.bytes = bytes
        }

        /// Readable text for search and redaction: what is not Unicode becomes U+FFFD.
        package var repaired: String { StringUnescaper.repair(bytes) }
    }

    @usableFromInline
    package struct Member: Sendable, Hashable {
        @usableFromInline package let name: String
        @usableFromInline package var value: JSON
        /// Its name's number in `CommonNames`; zero where it is none of them.
        package let nameNumber: UInt16

        package init(_ name: String, _ value: JSON) {
            self.init(name, number: CommonNames.number(of: name.utf8.span), value)
        }

        package init(_ name: DocumentName, _ value: JSON) {
            self.init(name.text, number: name.rawValue, value)
        }

        init(_ name: String, number: UInt16, _ value: JSON) {
            self.name = name
            nameNumber = number
            self.value = value
        }
    }

    /// Members in document order. Look-ups see the last of several members of one name, as most parsers do.
    @usableFromInline
    package struct Object: Sendable, Hashable {
        @usableFromInline package var members: [Member]

        @inlinable
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

        @inlinable package var isEmpty: Bool { members.isEmpty }

        /// Of the last member of that name.
        package func index(of name: String) -> Int? {
            let length = name.utf8.count
            var index = members.count
            while index > 0 {
                index -= 1
                // Most names differ in length, which is much cheaper to compare.
                if members[index].name.utf8.count == length && members[index].name == name { return index }
            }
            return nil
        }
    }
}

extension JSON {
    package static func int(_ value: some BinaryInteger) -> JSON { .number(Number(value)) }

    /// The usual one, which needs no generic code.
    package static func int(_ value: Int) -> JSON { .number(Number(value)) }

    /// `null` for infinities and NaN, which JSON cannot say.
    package static func double(_ value: Double) -> JSON { Number(value).map(JSON.number) ?? .null }

    /// `nil` members are left out.
    package static func object(_ members: KeyValuePairs<String, JSON?>) -> JSON {
        var object = Object()
        object.members.reserveCapacity(members.count)
        for (name, value) in members {
            if let value { object.members.append(Member(name, value)) }
        }
        return .object(object)
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

    @inlinable package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    @inlinable package var array: [JSON]? {
        if case .array(let items) = self { items } else { nil }
    }

    @inlinable package var object: Object? {
        if case .object(let object) = self { object } else { nil }
    }

    package var isNull: Bool { self == .null }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    @inlinable package init(stringLiteral value: String) { self = .string(value) }
    @usableFromInline package init(integerLiteral value: Int) { self = .int(value) }
    @inlinable package init(booleanLiteral value: Bool) { self = .bool(value) }
    @inlinable package init(arrayLiteral elements: JSON...) { self = .array(elements) }
    @usableFromInline package init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Object(elements.map { Member($0.0, $0.1) }))
    }
    @inlinable package init(nilLiteral: ()) { self = .null }
}
