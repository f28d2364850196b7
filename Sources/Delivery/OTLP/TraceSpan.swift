import Interactions

/// A span as OTLP has it (opentelemetry-proto 1.x, `trace.proto`), before it takes a form on the wire.
struct TraceSpan: Equatable {
    /// By their numbers in the protocol.
    enum Kind: Int {
        case `internal` = 1
        case client = 3
    }

    /// Sixteen bytes.
    var traceID: [UInt8]
    /// Eight bytes.
    var id: [UInt8]
    /// Eight bytes; `nil`: a root.
    var parentID: [UInt8]?
    /// W3C trace flags in the lowest byte, and above them what OTLP adds.
    var flags: UInt32
    var name: String
    var kind: Kind
    var start: Timestamp
    var end: Timestamp
    var attributes: [Attribute] = []
    /// `nil`: it went well, or nobody knows. Else the status is an error, and this tells of it.
    var failure: String?

    struct Attribute: Equatable {
        var name: String
        var value: Value

        init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    enum Value: Equatable {
        case string(String)
        case bool(Bool)
        case int(Int)
        case double(Double)
        case strings([String])

        /// What attributes can't hold is told as JSON text, as the conventions have it for messages.
        init?(_ json: JSON) {
            switch json {
            case .null: return nil
            case .bool(let value): self = .bool(value)
            case .number(let number):
                if let int = Int(number.text) {
                    self = .int(int)
                } else if let double = number.double, double.isFinite {
                    self = .double(double)
                } else {
                    self = .string(number.text)
                }
            case .string(let text): self = .string(text)
            case .malformedString(let text): self = .string(text.repaired)
            case .array(let items):
                let texts = items.compactMap(\.string)
                self = texts.count == items.count && !texts.isEmpty ? .strings(texts) : .string(json.text)
            case .object: self = .string(json.text)
            }
        }
    }
}

/// Spans of one application.
struct TraceResource: Equatable {
    var attributes: [TraceSpan.Attribute]
    var spans: [TraceSpan]
}
