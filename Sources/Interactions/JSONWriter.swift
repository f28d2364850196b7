import FoundationEssentials
import Synchronization

/// Writes JSON as compact UTF-8.
struct JSONWriter {
    var out: [UInt8] = []
    private let form: Form
    private var introduced: [(text: String, place: Range<Int>)] = []
    /// How much longer the document is than `out`.
    private var folded = 0
    /// Where the last reference ends.
    private var lastReference = 0
    /// Of a long document.
    private var outline = DocumentOutline()
    /// Lists are put into runs.
    private var isOutliningLists = false

    private enum Form {
        case json
        /// A `FoldedDocument` with words, of which nothing is shared.
        case short
        /// One without, and what others may hold as well is noted.
        case long
    }

    init() { form = .json }

    private init(_ form: Form) {
        self.form = form
        introduced.reserveCapacity(2)
    }

    /// A `FoldedDocument`: with words if it is short enough for them, else written again without.
    ///
    /// - Parameter isShort: false where it is known that it isn't.
    static func folded(
        isShort: Bool, _ write: (inout JSONWriter) -> Void
    ) -> (document: [UInt8], outline: DocumentOutline) {
        if isShort {
            var writer = JSONWriter(.short)
            writer.out = desk.withLock { $0.take() } ?? []
            write(&writer)
            let document = writer.isTooLong ? nil : Array(writer.out[...])
            // What one string alone has made large goes.
            if writer.out.capacity <= largestDesk {
                writer.out.removeAll(keepingCapacity: true)
                desk.withLock { $0 = writer.out }
            }
            if let document { return (document, writer.outline) }
        }
        var writer = JSONWriter(.long)
        write(&writer)
        return (writer.out, writer.outline)
    }

    /// Where short documents are written before they are copied: in one of its own, most stores would wait for memory that no
    /// cache has, and it would keep what it has too much. None while somebody writes there.
    private static let desk = Mutex<[UInt8]?>(nil)
    private static let largestDesk = 64 << 10

    /// What is still to come is left out, as the document will be written again.
    private var isTooLong: Bool { form == .short && out.count > FoldedDocument.reach }

    mutating func write(_ value: JSON) {
        if isTooLong { return }
        switch value {
        case .null: raw("null")
        case .bool(let value): raw(value ? "true" : "false")
        case .number(let number): raw(number.text)
        case .string(let text): write(text)
        case .malformedString(let string):
            byte("\"")
            out.append(contentsOf: string.wireSafe)
            byte("\"")
        case .array(let items):
            byte("[")
            if isOutliningLists, items.count > 1 {
                writeInRuns(items)
            } else {
                let items = items.span
                for index in items.indices {
                    if index > 0 { byte(",") }
                    write(items[index])
                }
            }
            byte("]")
        case .object(let object): write(object)
        }
    }

    private mutating func writeInRuns(_ items: [JSON]) {
        var runs = DocumentOutline.Runs(at: out.count, in: outline)
        let items = items.span
        for index in items.indices {
            if index > 0 { byte(",") }
            runs.beginElement(at: out.count, in: outline)
            write(items[index])
            runs.endElement(in: out, &outline, lastReference: lastReference)
        }
        runs.endList(at: out.count, &outline, lastReference: lastReference)
    }

    /// A request's body, much of which comes again with the conversation's next request.
    mutating func writeRepeating(_ body: JSON) {
        isOutliningLists = form == .long
        defer { isOutliningLists = false }
        guard form == .long, case .object(let object) = body else { return write(body) }
        byte("{")
        let members = object.members.span
        for index in members.indices {
            nameOfMember(at: index, of: members, isFirst: index == 0)
            let start = out.count
            let first = outline.pieces.count
            write(members[index].value)
            guard case .object = members[index].value, out.count - start >= DocumentOutline.lightestRun,
                lastReference <= start,
                outline.weight(of: start..<out.count, piecesFrom: first) >= DocumentOutline.lightestRun
            else { continue }
            outline.add(start..<out.count, around: first)
        }
        byte("}")
    }

    mutating func write(_ object: JSON.Object) {
        byte("{")
        let members = object.members.span
        for index in members.indices { writeMember(at: index, of: members, isFirst: index == 0) }
        byte("}")
    }

    mutating func writeMember(at index: Int, of members: borrowing Swift.Span<JSON.Member>, isFirst: Bool) {
        nameOfMember(at: index, of: members, isFirst: isFirst)
        write(members[index].value)
    }

    /// A name that has a code is not touched.
    @inline(__always)
    private mutating func nameOfMember(
        at index: Int, of members: borrowing Swift.Span<JSON.Member>, isFirst: Bool
    ) {
        let number = members[index].nameNumber
        let code = form == .short ? FoldedDocument.code(ofName: number) : 0
        if code == 0 {
            name(members[index].name, isFirst)
        } else {
            name(code, length: CommonNames.lengths[Int(number)], isFirst)
        }
    }

    mutating func write(_ number: Int) { raw(String(number)) }

    /// An object's first name.
    mutating func begin(_ name: DocumentName) {
        byte("{")
        self.name(name, isFirst: true)
    }

    /// The name of an object's next member.
    mutating func next(_ name: DocumentName) { self.name(name, isFirst: false) }

    mutating func name(_ name: DocumentName, isFirst: Bool) {
        if form == .short {
            let length = CommonNames.lengths[Int(name.rawValue)]
            self.name(FoldedDocument.code(ofName: name.rawValue), length: length, isFirst)
        } else {
            self.name(name.text, isFirst)
        }
    }

    /// With the colon behind it and, if it isn't an object's first, the comma in front.
    mutating func name(_ name: String, isFirst: Bool) {
        let code = form == .short ? FoldedDocument.code(ofName: CommonNames.number(of: name.utf8.span)) : 0
        if code == 0 {
            self.name(name, isFirst)
        } else {
            self.name(code, length: name.utf8.count, isFirst)
        }
    }

    private mutating func name(_ name: String, _ isFirst: Bool) {
        if !isFirst { byte(",") }
        literal(name.utf8.span, then: ":")
    }

    /// - Parameter length: of the name that has the code.
    @inline(__always)
    private mutating func name(_ code: UInt8, length: Int, _ isFirst: Bool) {
        if isFirst {
            word(FoldedDocument.firstNameMark, code, length: length + 3)
        } else {
            word(FoldedDocument.nameMark, code, length: length + 4)
        }
    }

    mutating func write(_ text: String) {
        let bytes = text.utf8.span
        guard bytes.count >= FoldedDocument.shortest else {
            if form == .short { short(text) } else { literal(bytes) }
            return
        }
        let start = out.count
        if start < FoldedDocument.reach,
            let earlier = introduced.first(where: { $0.text.utf8.span.holdsSame(as: text.utf8.span) })
        {
            FoldedDocument.refer(to: earlier.place, in: &out)
            folded += earlier.place.count - (out.count - start)
            lastReference = out.count
        } else {
            literal(bytes)
            outlineString(from: start)
        }
    }

    /// One that is too short for a reference.
    private mutating func short(_ text: String) {
        let bytes = text.utf8.span
        switch bytes.count {
        case UUID.textSize: if let id = UUID(text: bytes) { write(id) } else { literal(bytes) }
        case Timestamp.rfc3339Size:
            if let time = Timestamp(text: text) { write(time) } else { literal(bytes) }
        default:
            let code = FoldedDocument.code(ofText: bytes)
            if code == 0 { literal(bytes) } else { word(FoldedDocument.textMark, code, length: bytes.count + 2) }
        }
    }

    mutating func write(_ id: UUID) {
        guard form == .short else {
            return out.append(addingCapacity: UUID.textSize + 2) { id.writeQuoted(into: &$0) }
        }
        out.append(addingCapacity: 17) { out in
            out.append(FoldedDocument.idMark)
            id.writeBytes(into: &out)
        }
        folded += UUID.textSize + 2 - 17
    }

    mutating func write(_ time: Timestamp) {
        guard form == .short, FoldedDocument.times.contains(time.microseconds) else {
            return out.append(addingCapacity: Timestamp.rfc3339Size + 2) { time.writeQuoted(into: &$0) }
        }
        out.append(addingCapacity: 9) { out in
            out.append(FoldedDocument.timeMark)
            out.append(UInt64(bitPattern: time.microseconds))
        }
        folded += Timestamp.rfc3339Size + 2 - 9
    }

    /// - Parameter length: of what it stands for.
    private mutating func word(_ mark: UInt8, _ code: UInt8, length: Int) {
        out.append(mark)
        out.append(code)
        folded += length - 2
    }

    private mutating func outlineString(from start: Int) {
        guard form == .long, out.count - start >= DocumentOutline.shortestString else { return }
        outline.add(start..<out.count, around: outline.pieces.count)
    }

    /// Writes a text that may well come again.
    mutating func introduce(_ text: String) {
        let start = out.count
        let place = start + folded
        literal(text.utf8.span)
        guard form != .json, text.utf8.count >= FoldedDocument.shortest else { return }
        introduced.append((text, place..<(out.count + folded)))
        outlineString(from: start)
    }

    /// JSON, or a part of it, as it is to stand there.
    mutating func raw(_ text: String) { out.append(copying: text.utf8.span) }

    @inline(__always)
    mutating func byte(_ scalar: Unicode.Scalar) { out.append(UInt8(ascii: scalar)) }

    /// - Parameter end: what comes behind the closing quote.
    private mutating func literal(_ bytes: borrowing Span<UInt8>, then end: Unicode.Scalar? = nil) {
        let first = StringScan.firstSpecial(in: bytes, from: 0)
        guard first == bytes.count else {
            byte("\"")
            escape(bytes, first: first)
            byte("\"")
            if let end { byte(end) }
            return
        }
        out.append(addingCapacity: bytes.count + 3) { out in
            out.append(UInt8(ascii: "\""))
            out.append(copying: bytes)
            out.append(UInt8(ascii: "\""))
            if let end { out.append(UInt8(ascii: end)) }
        }
    }

    /// Runs without anything to escape are copied whole.
    private mutating func escape(_ bytes: borrowing Span<UInt8>, first: Int) {
        var start = 0
        var at = first
        while at < bytes.count {
            out.append(copying: bytes.extracting(start..<at))
            let special = bytes[at]
            switch special {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                byte("\\")
                out.append(special)
            case 0x0A: raw("\\n")
            case 0x0D: raw("\\r")
            case 0x09: raw("\\t")
            case 0x08: raw("\\b")
            case 0x0C: raw("\\f")
            default:
                raw("\\u00")
                out.append(hexDigit(special >> 4))
                out.append(hexDigit(special & 0xF))
            }
            start = at + 1
            at = StringScan.firstSpecial(in: bytes, from: start)
        }
        out.append(copying: bytes.extracting(start...))
    }
}

extension JSON {
    /// Compact UTF-8.
    package var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.write(self)
        return writer.out
    }

    package var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension JSON.MalformedString {
    /// The content with bytes that are not UTF-8 replaced by `\ufffd`: a document that is sent on must be UTF-8
    /// (RFC 8259 §8.1). Lone surrogate escapes are ASCII and stay as they are.
    fileprivate var wireSafe: [UInt8] {
        if (try? UTF8Span(validating: bytes.span)) != nil { return bytes }
        return Array(String(decoding: bytes, as: UTF8.self).utf8)
    }
}

/// Lower case.
func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}
