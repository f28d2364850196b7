import NIOCore
import NIOPosix
import Testing

@testable import CurlClient

@Suite(.timeLimit(.minutes(1))) struct CurlMultiTests {
    private let eventLoop = MultiThreadedEventLoopGroup.singleton.next()

    @Test("Shutting down tells each running transfer once that it was cancelled")
    func shutDown() async throws {
        let server = try await AnsweringServer(nil)
        let ended = try await eventLoop.submit {
            let multi = try CurlMulti(eventLoop: eventLoop)
            let upstream = Upstream(origin: server.origin)
            let recorders = [Recorder(), Recorder()]
            for recorder in recorders { _ = multi.start(.get, to: upstream, delegate: recorder) }
            return NIOLoopBound((multi, recorders), eventLoop: eventLoop)
        }.get()
        let results = try await eventLoop.submit {
            let (multi, recorders) = ended.value
            #expect(multi.transfersInFlight == 2)
            multi.shutDown()
            multi.shutDown()
            #expect(multi.transfersInFlight == 0)
            return recorders.map(\.ends)
        }.get()
        #expect(results == [[.cancelled], [.cancelled]])
        try await server.close()
    }

    @Test("A transfer that is cancelled before it began never begins, and hears nothing")
    func cancelledEarly() async throws {
        let server = try await AnsweringServer(nil)
        let state = try await eventLoop.submit {
            let multi = try CurlMulti(eventLoop: eventLoop)
            let recorder = Recorder()
            let upstream = Upstream(origin: server.origin)
            multi.start(.get, to: upstream, delegate: recorder).cancel()
            return NIOLoopBound((multi, recorder), eventLoop: eventLoop)
        }.get()
        let ends = try await eventLoop.submit {
            let (multi, recorder) = state.value
            #expect(multi.transfersInFlight == 0)
            multi.shutDown()
            return recorder.ends
        }.get()
        #expect(ends == [])
        try await server.close()
    }

    @Test(
        "What libcurl's codes mean",
        arguments: [
            ("http://127.0.0.1:1", CurlError.Kind.unreachable), ("gopher://127.0.0.1:1", .invalidRequest),
        ])
    func failures(_ origin: String, _ kind: CurlError.Kind) async throws {
        #expect(try await calls(from: origin).last == .end(kind))
    }

    @Test(
        "The last bytes of a response are told with its end, before there is a pause to flush them",
        arguments: ["Content-Length: 2\r\n\r\nab", "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"])
    func endsWithLastBytes(_ rest: String) async throws {
        let server = try await AnsweringServer("HTTP/1.1 200 OK\r\n" + rest)
        let calls = try await calls(from: server.origin)
        #expect(calls.drop { $0 == .pause } == [.head, .body, .end(nil)])
        try await server.close()
    }

    /// What a transfer's delegate is told, up to its end.
    private func calls(from origin: String) async throws -> [Recorder.Call] {
        let ended = eventLoop.makePromise(of: Void.self)
        let state = try await eventLoop.submit {
            let multi = try CurlMulti(eventLoop: eventLoop)
            let recorder = Recorder()
            recorder.onEnd = ended
            _ = multi.start(.get, to: Upstream(origin: origin), delegate: recorder)
            return NIOLoopBound((multi, recorder), eventLoop: eventLoop)
        }.get()
        try await ended.futureResult.get()
        return try await eventLoop.submit {
            let (multi, recorder) = state.value
            multi.shutDown()
            return recorder.calls
        }.get()
    }
}

extension TransferRequest {
    fileprivate static var get: TransferRequest {
        TransferRequest(method: "GET", target: "/", headers: ByteBuffer(), body: .none)
    }
}

/// Confined to its event loop.
private final class Recorder: TransferDelegate {
    enum Call: Equatable {
        case head, body, pause
        /// `nil`: of a whole response.
        case end(CurlError.Kind?)
    }

    private(set) var calls: [Call] = []
    var onEnd: EventLoopPromise<Void>?

    var ends: [CurlError.Kind?] {
        calls.compactMap { call in if case .end(let kind) = call { .some(kind) } else { .none } }
    }

    func transferDidReceiveInterim(_ head: ResponseHead) {}
    func transferDidReceive(_ head: ResponseHead) { calls.append(.head) }
    func transferDidReceive(body: consuming ByteBuffer) { calls.append(.body) }
    func transferDidPause() { calls.append(.pause) }
    func transferNeedsBody(upTo count: Int) -> BodyPiece { .end(trailers: nil) }

    func transferDidEnd(_ result: Result<ByteBuffer?, CurlError>, times: TransferTimes) {
        var kind: CurlError.Kind?
        if case .failure(let error) = result { kind = error.kind }
        calls.append(.end(kind))
        onEnd?.succeed()
    }
}
