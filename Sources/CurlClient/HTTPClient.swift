import NIOCore
import NIOPosix

/// Sends whole requests and waits for whole answers, for those who are on no event loop: the sinks. One event loop of
/// the process's shared ones does all the work; connections are kept and shared by upstream.
package final class HTTPClient: Sendable {
    private let eventLoop: any EventLoop
    private let state: NIOLoopBound<State>

    /// Confined to the event loop.
    private final class State {
        let multi: CurlMulti
        /// `Upstream`s are compared by identity, and connections belong to them.
        var upstreams: [Key: Upstream] = [:]
        var running: [ObjectIdentifier: Call] = [:]

        init(multi: CurlMulti) {
            self.multi = multi
        }
    }

    private struct Key: Hashable {
        let origin: String
        let tls: TLSSettings
        let connectTimeout: Duration
    }

    package init() async throws {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        self.eventLoop = eventLoop
        state = try await eventLoop.submit {
            NIOLoopBound(State(multi: try CurlMulti(eventLoop: eventLoop)), eventLoop: eventLoop)
        }.get()
    }

    /// Throws `CurlError`; redirects are answers like any other. A cancelled task's request is broken off.
    package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let promise = eventLoop.makePromise(of: HTTPResponse.self)
        return try await withTaskCancellationHandler {
            eventLoop.execute { self.start(request, promise) }
            return try await promise.futureResult.get()
        } onCancel: {
            eventLoop.execute { promise.fail(CurlError(kind: .cancelled, message: "cancelled")) }
        }
    }

    private func start(_ request: HTTPRequest, _ promise: EventLoopPromise<HTTPResponse>) {
        let state = state.value
        guard let (origin, target) = Self.split(request.url) else {
            return promise.fail(CurlError(kind: .invalidRequest, message: "not an absolute URL"))
        }
        let key = Key(origin: origin, tls: request.tls, connectTimeout: request.connectTimeout)
        let upstream =
            state.upstreams[key]
            ?? Upstream(origin: origin, tls: request.tls, connectTimeout: request.connectTimeout)
        state.upstreams[key] = upstream
        var lines = ByteBuffer()
        for (name, value) in request.headers { lines.writeString("\(name): \(value)\r\n") }
        let call = Call(promise, maximumBody: request.maximumBody)
        state.running[ObjectIdentifier(call)] = call
        let transfer = state.multi.start(
            TransferRequest(
                method: request.method, target: target, headers: lines, body: .whole(ByteBuffer(bytes: request.body))),
            to: upstream, delegate: call)
        let timeout = eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(request.totalTimeout)) {
            promise.fail(CurlError(kind: .timedOut, message: "no whole answer in time"))
        }
        // Whatever ends it, the transfer ends with it; one that has ended takes no harm.
        promise.futureResult.assumeIsolated().whenComplete { _ in
            timeout.cancel()
            transfer.cancel()
            state.running[ObjectIdentifier(call)] = nil
        }
    }

    /// `https://host:port/path?query` → origin and target.
    static func split(_ url: String) -> (origin: String, target: String)? {
        guard let scheme = url.firstRange(of: "://") else { return nil }
        let end = url[scheme.upperBound...].firstIndex { "/?#".contains($0) } ?? url.endIndex
        guard end > scheme.upperBound else { return nil }
        let target = url[end...].prefix { $0 != "#" }
        return (String(url[..<end]), target.hasPrefix("/") ? String(target) : "/" + target)
    }
}

/// One request's answer, as it comes.
private final class Call: TransferDelegate {
    private let maximumBody: Int
    private let promise: EventLoopPromise<HTTPResponse>
    private var response = HTTPResponse(status: 0)

    init(_ promise: EventLoopPromise<HTTPResponse>, maximumBody: Int) {
        self.promise = promise
        self.maximumBody = maximumBody
    }

    func transferDidReceiveInterim(_ head: ResponseHead) {}

    func transferDidReceive(_ head: ResponseHead) {
        let lines = String(buffer: head.lines).split(whereSeparator: \.isNewline)
        let headers = lines.compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            return (String(line[..<colon]), String(value))
        }
        response = HTTPResponse(status: head.status, headers: headers)
    }

    func transferDidReceive(body: consuming ByteBuffer) {
        response.body += body.readableBytesView.prefix(maximumBody - response.body.count)
    }

    func transferDidPause() {}

    func transferNeedsBody(upTo count: Int) -> BodyPiece { .end(trailers: nil) }

    func transferDidEnd(_ result: Result<ByteBuffer?, CurlError>, times: TransferTimes) {
        switch result {
        case .success: promise.succeed(response)
        case .failure(let error): promise.fail(error)
        }
    }
}
