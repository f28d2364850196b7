/// How a streamed body is cut into events. A further framing is a further case and a parser beside these.
enum Framing: Sendable, Equatable {
    case serverSentEvents
    case lines

    /// What the media type, or else the beginning of the bytes, says; `nil`: one document.
    /// A body that begins as JSON is no event stream, whatever its type: errors come so.
    static func of(mediaType: String?, bytes: [UInt8]) -> Framing? {
        let first = bytes.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
        let beginsAsJSON = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        switch mediaType {
        case "text/event-stream": return beginsAsJSON ? nil : .serverSentEvents
        case "application/x-ndjson", "application/ndjson", "application/stream+json", "application/jsonl",
            "application/x-jsonlines", "application/json-seq":
            return .lines
        default:
            if beginsAsJSON { return nil }
            return ["data:", "event:", ": "].contains { bytes.starts(with: $0.utf8) } ? .serverSentEvents : nil
        }
    }

    func events(in bytes: [UInt8]) -> [StreamEvent] {
        var events: [StreamEvent] = []
        switch self {
        case .serverSentEvents:
            var parser = SSEParser()
            parser.feed(bytes, into: &events)
            parser.end(into: &events)
        case .lines:
            var parser = LineParser()
            parser.feed(bytes, into: &events)
            parser.end(into: &events)
        }
        return events
    }
}
