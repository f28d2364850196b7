import Interactions

/// `ExportTraceServiceRequest` in protobuf's wire format. Numbers of fields are those of opentelemetry-proto 1.x. The few
/// messages it takes are less than what a library and its generated code would bring.
enum TraceProtobuf {
    static func request(_ resources: [TraceResource], scope: TraceScope) -> [UInt8] {
        var out = ProtobufWriter()
        for resource in resources {
            out.message(1) { out in
                out.message(1) { attributes(resource.attributes, 1, to: &$0) }
                out.message(2) { out in
                    out.message(1) { out in
                        out.text(1, scope.name)
                        out.text(2, scope.version)
                    }
                    for each in resource.spans { out.message(2) { span(each, to: &$0) } }
                    out.text(3, scope.schemaURL)
                }
                out.text(3, scope.schemaURL)
            }
        }
        return out.bytes
    }

    private static func span(_ span: TraceSpan, to out: inout ProtobufWriter) {
        out.data(1, span.traceID)
        out.data(2, span.id)
        if let parent = span.parentID { out.data(4, parent) }
        out.text(5, span.name)
        out.number(6, UInt64(span.kind.rawValue))
        out.fixed64(7, span.start.otlpNanoseconds)
        out.fixed64(8, span.end.otlpNanoseconds)
        attributes(span.attributes, 9, to: &out)
        if let failure = span.failure {
            out.message(15) { out in
                out.text(2, failure)
                out.number(3, 2)
            }
        }
        out.fixed32(16, span.flags)
    }

    private static func attributes(_ list: [TraceSpan.Attribute], _ field: Int, to out: inout ProtobufWriter) {
        for attribute in list {
            out.message(field) { out in
                out.text(1, attribute.name)
                out.message(2) { value(attribute.value, to: &$0) }
            }
        }
    }

    /// A `oneof`: written also where it is zero or empty.
    private static func value(_ value: TraceSpan.Value, to out: inout ProtobufWriter) {
        switch value {
        case .string(let text): out.text(1, text)
        case .bool(let flag): out.number(2, flag ? 1 : 0)
        case .int(let number): out.number(3, UInt64(bitPattern: Int64(number)))
        case .double(let number): out.fixed64(4, number.bitPattern)
        case .strings(let texts):
            out.message(5) { out in
                for text in texts { out.message(1) { $0.text(1, text) } }
            }
        }
    }

    /// Of an `ExportTraceServiceResponse`: `partial_success.rejected_spans`.
    static func rejectedSpans(in response: [UInt8]) -> Int {
        var response = ProtobufReader(response[...])
        while let (field, content) = response.next() {
            guard field == 1, case .data(let inner) = content else { continue }
            var partial = ProtobufReader(inner)
            while let (field, content) = partial.next() {
                if field == 1, case .number(let count) = content { return Int(clamping: Int64(bitPattern: count)) }
            }
        }
        return 0
    }
}

/// Who made the spans, and by which version of the conventions.
struct TraceScope: Sendable, Hashable {
    var name = "steno"
    var version: String
    var schemaURL = "https://opentelemetry.io/schemas/1.41.0"
}

/// Protobuf's wire format (protobuf.dev, "Encoding").
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    mutating func number(_ field: Int, _ value: UInt64) {
        varint(UInt64(field << 3))
        varint(value)
    }

    mutating func fixed64(_ field: Int, _ value: UInt64) {
        varint(UInt64(field << 3 | 1))
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    mutating func fixed32(_ field: Int, _ value: UInt32) {
        varint(UInt64(field << 3 | 5))
        for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    mutating func data(_ field: Int, _ value: [UInt8]) {
        varint(UInt64(field << 3 | 2))
        varint(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func text(_ field: Int, _ value: String) {
        varint(UInt64(field << 3 | 2))
        varint(UInt64(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    mutating func message(_ field: Int, _ body: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        body(&inner)
        data(field, inner.bytes)
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest > 0x7F {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

/// Walks over a message's fields. Ends early at what is no protobuf.
struct ProtobufReader {
    enum Content {
        case number(UInt64)
        case data(ArraySlice<UInt8>)
        case fixed
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func next() -> (field: Int, content: Content)? {
        guard let tag = varint() else { return nil }
        let field = Int(truncatingIfNeeded: tag >> 3)
        switch tag & 7 {
        case 0: return varint().map { (field, .number($0)) }
        case 1: return skip(8) ? (field, .fixed) : nil
        case 2:
            guard let length = varint(), length <= rest.count else { return nil }
            defer { rest = rest.dropFirst(Int(length)) }
            return (field, .data(rest.prefix(Int(length))))
        case 5: return skip(4) ? (field, .fixed) : nil
        default: return nil
        }
    }

    private mutating func skip(_ count: Int) -> Bool {
        guard rest.count >= count else { return false }
        rest = rest.dropFirst(count)
        return true
    }

    private mutating func varint() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }
}

extension Timestamp {
    /// Since 1970; what was before is told as 1970.
    var otlpNanoseconds: UInt64 { UInt64(max(0, microseconds)) &* 1000 }
}
