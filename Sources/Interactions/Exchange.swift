package import FoundationEssentials
package import NIOCore

/// One request and its response on the wire, as captured. Made on an event loop, so everything that costs (joining
/// bodies, reading header fields, understanding) is left to whoever takes it off the loop.
package struct Exchange: Sendable {
    /// UUIDv7; the interaction's id too.
    package let id: UUID
    package let route: Route
    /// The thread as the request's headers tell it, or a new one; the app was told this id.
    package var thread: Thread
    /// When the request's first byte came; `Mark`s are relative to it.
    package let start: Timestamp
    package var request: Request
    /// `nil` where no response head came from the upstream.
    package var response: Response?
    package var outcome: Outcome
    /// Why the outcome is not `complete`: one of Steno's error codes (`upstream_unreachable`, …), never a peer's text.
    package var failure: String?
    package var connection: Connection?
    /// Behind a 101: what the connection carried in place of bodies.
    package var tunnel: Tunnel?
    /// From the request's first byte to the response's last.
    package var duration: Mark
    /// Body bytes of the response that were handed to the app's connection.
    package var deliveredBytes: Int
    /// Captured bytes, which whoever records the exchange gives back to the `CaptureBudget`.
    package var capturedBytes: Int

    /// Nanoseconds since the exchange's start.
    package typealias Mark = Int64

    /// How the exchange ended, as far as bytes tell; an error inside a stream is a dialect's finding.
    package enum Outcome: String, Sendable, CaseIterable {
        case complete
        case truncated
        case clientDisconnected = "client_disconnected"
        case upstreamFailed = "upstream_failed"
        case timedOut = "timed_out"
    }

    /// What an exchange needs to know of its route.
    package struct Route: Sendable, Hashable {
        package let name: String
        package let applicationVariantID: String
        /// A dialect's name, or `auto`.
        package let dialect: String
        package let capture: CapturePolicy

        package init(
            name: String, applicationVariantID: String, dialect: String = "auto", capture: CapturePolicy = .full
        ) {
            self.name = name
            self.applicationVariantID = applicationVariantID
            self.dialect = dialect
            self.capture = capture
        }
    }

    package enum CapturePolicy: String, Sendable, CaseIterable {
        case full
        /// No bodies.
        case metadata
        case off
    }

    package struct Thread: Sendable, Hashable {
        package let id: UUID
        /// The header that told it, in lower case, or `new`.
        package let source: String

        package init(id: UUID, source: String) {
            self.id = id
            self.source = source
        }
    }

    package struct Request: Sendable {
        package let method: String
        /// Path and query as they went to the upstream, raw.
        package let target: String
        /// Header lines as the app sent them, Steno's own among them (`Name: value` CRLF …).
        package var head: ByteBuffer
        package var body: Body

        package init(method: String, target: String, head: ByteBuffer, body: Body = Body()) {
            self.method = method
            self.target = target
            self.head = head
            self.body = body
        }

        package var fields: [HeaderField] { [HeaderField](lines: head.readableBytesUInt8Span) }

        /// Those that say how the body is coded.
        package var codingFields: [HeaderField] {
            [HeaderField](lines: head.readableBytesUInt8Span, only: "content-encoding")
        }
    }

    package struct Response: Sendable {
        package let status: Int
        /// Header lines as the upstream sent them.
        package var head: ByteBuffer
        package var body: Body
        /// When the final head came from the upstream.
        package var headAt: Mark

        package init(status: Int, head: ByteBuffer, body: Body = Body(), headAt: Mark) {
            self.status = status
            self.head = head
            self.body = body
            self.headAt = headAt
        }

        package var fields: [HeaderField] { [HeaderField](lines: head.readableBytesUInt8Span) }

        /// Those that say how the body is coded.
        package var codingFields: [HeaderField] {
            [HeaderField](lines: head.readableBytesUInt8Span, only: "content-encoding")
        }

        /// The first value of a field.
        /// - Parameter name: in lower case.
        package func value(of name: String) -> String? {
            [HeaderField].value(of: name, in: head.readableBytesUInt8Span)
        }
    }

    /// How the upstream was reached, as libcurl measured it. Nanoseconds; zero on a reused connection.
    package struct Connection: Sendable, Hashable {
        package let isReused: Bool
        package let nameLookup: Int64
        package let connect: Int64
        package let tls: Int64
        /// When work on the connection began.
        package let startedAt: Mark

        package init(isReused: Bool, nameLookup: Int64, connect: Int64, tls: Int64, startedAt: Mark) {
            self.isReused = isReused
            self.nameLookup = nameLookup
            self.connect = connect
            self.tls = tls
            self.startedAt = startedAt
        }
    }

    /// Bytes both ways that are no HTTP: counted and timed, never kept.
    package struct Tunnel: Sendable, Hashable {
        package struct Flow: Sendable, Hashable {
            package var bytes = 0
            package var firstAt: Mark?
            package var lastAt: Mark?

            package mutating func add(_ count: Int, at mark: Mark) {
                bytes += count
                firstAt = firstAt ?? mark
                lastAt = mark
            }
        }

        package enum Side: String, Sendable {
            case app, upstream, steno
        }

        /// From the app to the upstream.
        package var up = Flow()
        package var down = Flow()
        /// Who was the first to end it.
        package var endedBy: Side?

        package init() {}
    }

    package init(
        id: UUID, route: Route, thread: Thread, start: Timestamp, request: Request, response: Response? = nil,
        outcome: Outcome = .complete, failure: String? = nil, connection: Connection? = nil, tunnel: Tunnel? = nil,
        duration: Mark = 0, deliveredBytes: Int = 0, capturedBytes: Int = 0
    ) {
        self.id = id
        self.route = route
        self.thread = thread
        self.start = start
        self.request = request
        self.response = response
        self.outcome = outcome
        self.failure = failure
        self.connection = connection
        self.tunnel = tunnel
        self.duration = duration
        self.deliveredBytes = deliveredBytes
        self.capturedBytes = capturedBytes
    }
}
