import Interactions
import NIOCore

/// A captured body, as far as it can be read without knowing its dialect.
enum BodyContent {
    case none
    case json(JSON)
    case events(EventStream)
    /// Fields and files.
    case form(MultipartForm)
    /// Neither JSON nor a stream.
    case text(String)
    /// `{sha256, bytes, media_type}`.
    case digest(JSON)

    /// - Parameters:
    ///   - contentType: the header's value, parameters and all.
    ///   - streamsArray: an array is a stream of its items here, not a document.
    init(_ body: DecodedBody, contentType: String?, isResponse: Bool, streamsArray: Bool = false) {
        if body.bytes.readableBytes == 0 {
            self = .none
            return
        }
        let mediaType = contentType?.withoutParameters
        if let coding = body.undecodedCoding {
            self = .digest(.digest(of: Array(buffer: body.bytes), mediaType: mediaType, coding: coding))
            return
        }
        if !isResponse, mediaType == "multipart/form-data",
            let form = MultipartForm(
                Array(buffer: body.bytes), contentType: contentType ?? "", isTruncated: body.isTruncated)
        {
            self = .form(form)
            return
        }
        if let mediaType,
            mediaType.begins(with: "audio/") || mediaType.begins(with: "image/") || mediaType.begins(with: "video/")
        {
            self = .digest(.digest(of: Array(buffer: body.bytes), mediaType: mediaType))
            return
        }
        if isResponse,
            let framing = Framing.of(mediaType: mediaType, bytes: body.bytes, streamsArray: streamsArray)
        {
            var events = framing.events(in: body.bytes)
            if let first = events.first(where: { _ in true }) {
                events.firstCompletedAt = first.completedAt
                self = .events(events)
                return
            }
        }
        if let json = try? JSON(parsing: body.bytes.readableBytesUInt8Span, maximumDepth: JSON.maximumBodyDepth) {
            self = .json(json)
        } else if isResponse, let events = Self.lines(in: body.bytes) {
            self = .events(events)
        } else if let utf8 = try? UTF8Span(validating: body.bytes.readableBytesUInt8Span),
            !body.bytes.readableBytesView.contains(0)
        {
            self = .text(String(copying: utf8))
        } else if body.isTruncated, let text = Self.cutText(body.bytes) {
            self = .text(text)
        } else {
            self = .digest(.digest(of: Array(buffer: body.bytes), mediaType: mediaType, coding: nil))
        }
    }

    /// Documents line by line under a media type that doesn't say so.
    private static func lines(in bytes: ByteBuffer) -> EventStream? {
        let view = bytes.readableBytesView
        guard view.first == UInt8(ascii: "{"), let end = view.firstIndex(of: UInt8(ascii: "\n")),
            (try? JSON(parsing: bytes.readableBytesUInt8Span.extracting(..<(end - view.startIndex)))) != nil
        else { return nil }
        return Framing.lines.events(in: bytes)
    }

    /// Text that was cut inside a character.
    private static func cutText(_ bytes: ByteBuffer) -> String? {
        let span = bytes.readableBytesUInt8Span
        for cut in 1...3 where span.count > cut {
            if let utf8 = try? UTF8Span(validating: span.extracting(..<(span.count - cut))) {
                return String(copying: utf8)
            }
        }
        return nil
    }

    /// The offset that completed a stream's first event.
    var firstEvent: Int? { if case .events(let events) = self { events.firstCompletedAt } else { nil } }

    /// The document; a form's fields, its files as digests.
    var json: JSON? {
        switch self {
        case .json(let json): json
        case .form(let form): form.json
        default: nil
        }
    }

    /// What a dialect can read an answer from.
    var answer: JSON? {
        switch self {
        case .json(let json): json
        case .text(let text): .string(text)
        default: nil
        }
    }

    /// The document, or what a stream begins with.
    var firstDocument: JSON? {
        switch self {
        case .json(let json): json
        case .events(let events): events.lazy.compactMap(\.json).first
        default: nil
        }
    }

    var isNone: Bool { if case .none = self { true } else { false } }

    var isText: Bool { if case .text = self { true } else { false } }

    /// As an interaction keeps it; a stream is its dialect's business.
    var kept: JSON? {
        switch self {
        case .json(let json), .digest(let json): json
        case .text(let text): .string(text)
        case .form(let form): form.json
        case .none, .events: nil
        }
    }
}

extension String {
    /// Of a media type, in lower case.
    fileprivate var withoutParameters: String {
        let type = head(before: ";")
        let bytes = type.utf8.span
        for index in bytes.indices {
            let byte = bytes[index]
            if byte <= 0x20 || byte &- UInt8(ascii: "A") < 26 || byte >= 0x80 { return type.trimmed.lowercased() }
        }
        return type
    }
}
