import NIOCore

@testable import Proxy

/// What a parser said, a line an event; neighbouring pieces of a body are joined, as where they were cut means nothing.
struct Transcript {
    /// Low, so that the fixtures can be short.
    static let limits = RequestParser.Limits(headerBytes: 256, headerCount: 8)

    private var parser = RequestParser(limits: limits)
    private(set) var lines: [String] = []

    /// Of a wire that comes in these pieces.
    static func of(_ pieces: [ArraySlice<UInt8>]) -> [String] {
        var transcript = Transcript()
        for piece in pieces { transcript.receive(piece) }
        return transcript.lines
    }

    mutating func receive(_ bytes: some Sequence<UInt8>) {
        parser.append(ByteBuffer(bytes: bytes))
        while let event = parser.next() { add(event) }
    }

    private mutating func add(_ event: RequestParser.Event) {
        switch event {
        case .head(let head):
            lines.append("\(head.method) \(head.target) 1.\(head.minorVersion) \(text(head.framing))")
        case .body(let bytes):
            let text = String(buffer: bytes)
            if lines.last?.hasPrefix("body ") == true {
                lines[lines.count - 1] += text
            } else {
                lines.append("body " + text)
            }
        case .end(let trailers): lines.append(trailers.map { "end " + String(buffer: $0) } ?? "end")
        case .refusal(let refusal): lines.append("\(refusal.status) \(refusal.message)")
        }
    }

    private func text(_ framing: RequestHead.Framing) -> String {
        switch framing {
        case .none: "none"
        case .length(let length): "length \(length)"
        case .chunked: "chunked"
        }
    }
}
