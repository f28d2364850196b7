import Interactions
import NIOCore

/// What of a request's head goes upstream, and what it tells Steno.
struct RequestRewriter: Sendable {
    struct Result {
        /// As `TransferRequest.headers` wants them.
        var headers: ByteBuffer
        /// The first of the configured thread headers, in their order, with their values.
        var threads: [(name: String, value: String)] = []
        /// Of `x-steno-capture`.
        var capture: Exchange.CapturePolicy?
    }

    private let threadNames: [String]
    private let threads: FieldNames
    private let respondsToCapture = FieldNames(["x-steno-capture"])

    init(threadHeaders: [String]) {
        threadNames = threadHeaders
        threads = FieldNames(threadHeaders)
    }

    /// Hop-by-hop fields (RFC 9110 §7.6.1) and Steno's own are taken off, also those that libcurl writes itself; all
    /// others keep their bytes, order and number. `Connection` cannot nominate what frames or routes a message.
    func rewrite(_ head: RequestHead, setHeaders: [HeaderField]) -> Result {
        let lines = head.lines
        let span = lines.bytes.readableBytesUInt8Span
        var result = Result(headers: ByteBufferAllocator().buffer(capacity: span.count + 256))
        let isTunnel = head.asksForTunnel
        let nominated = FieldNames(lines.members(.connection))
        let replaced = FieldNames(setHeaders.map(\.name))
        var found: [Int: String] = [:]
        // Lines that go on are copied run by run.
        var run = 0..<0
        func endRun() {
            guard !run.isEmpty else { return }
            result.headers.writeBytes(lines.bytes.readableBytesSpan.extracting(run))
            run = 0..<0
        }
        for field in lines.fields {
            let isOwn = Self.isOwn(field.name, in: span)
            if threads.count > 0, let index = threads.index(of: field.name, in: span), found[index] == nil {
                found[index] = lines.text(field.value)
            }
            if isOwn {
                if respondsToCapture.index(of: field.name, in: span) != nil {
                    result.capture = Exchange.CapturePolicy(rawValue: lines.text(field.value).lowercased())
                }
                continue
            }
            switch field.known {
            case .upgrade where isTunnel:
                // The option goes with the field (RFC 9110 §7.8).
                result.headers.writeStaticString("Connection: Upgrade\r\n")
            case .connection, .keepAlive, .proxyConnection, .te, .transferEncoding, .upgrade, .contentLength, .host,
                .expect, .http2Settings, .proxyAuthorization:
                continue
            case .trailer where head.framing != .chunked: continue
            case .maxForwards:
                if let left = head.maximumForwards {
                    endRun()
                    result.headers.writeString("Max-Forwards: \(left - 1)\r\n")
                    continue
                }
            default: break
            }
            let isNominated = nominated.count > 0 && nominated.index(of: field.name, in: span) != nil
            if isNominated, field.known != .upgrade { continue }
            if replaced.count > 0, replaced.index(of: field.name, in: span) != nil { continue }
            if run.upperBound != field.line.lowerBound {
                endRun()
                run = field.line
            }
            run = run.lowerBound..<field.line.upperBound
        }
        endRun()
        for field in setHeaders { result.headers.writeString("\(field.name): \(field.value)\r\n") }
        result.threads = found.keys.sorted().compactMap { index in
            found[index].map { (threadNames[index], $0) }
        }
        return result
    }

    private static func isOwn(_ name: Range<Int>, in span: borrowing Span<UInt8>) -> Bool {
        let prefix: StaticString = "x-steno-"
        guard name.count > prefix.utf8CodeUnitCount else { return false }
        return ownPrefix.index(of: name.lowerBound..<(name.lowerBound + prefix.utf8CodeUnitCount), in: span) != nil
    }

    private static let ownPrefix = FieldNames(["x-steno-"])
}
