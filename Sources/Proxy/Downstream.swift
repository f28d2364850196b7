import CurlClient
import Interactions
import NIOCore

/// The app's side of an exchange: an HTTP/1 connection, or one stream of an HTTP/2 connection. What it is told, it turns
/// into its protocol's bytes; what the exchange means is not its business. Confined to its event loop.
protocol Downstream: AnyObject {
    /// More of the response is welcome.
    var isWritable: Bool { get }
    /// Whether the app has taken some of what waits for it since this was last asked.
    func takesOn() -> Bool

    /// 1xx, where the app can be told.
    func writeInterim(_ head: ResponseHead, for request: RequestHead)
    /// The final head, with `fields` (lines) added; `closes`: the connection ends with this response. False where the
    /// upstream's head is not one that can be passed on.
    func write(_ head: ResponseHead, for request: RequestHead, adding fields: String, closes: Bool) -> Bool
    /// Makes body bytes what goes over the wire, in place: a chunk, where chunks are written.
    func frame(_ body: inout ByteBuffer)
    /// Body bytes that were framed.
    func write(_ body: ByteBuffer)
    func writeEnd(trailers: ByteBuffer?)
    /// Behind the 101 that `write` was given: the upstream sends no more, the app still may.
    func endTunnelOutput()
    /// A whole response of Steno's own.
    func write(_ failure: ProxyFailure, for request: RequestHead, adding fields: String, closes: Bool)
    func flush()

    /// Upload bytes have gone: there may be room for more.
    func resumeReading()
    /// The response is whole; the request may not be.
    func responseDidEnd()
    /// The response broke off behind its head: the app must be able to tell.
    func abort()
}

/// A connection of an app, as its event loop looks after it.
protocol AppConnection: AnyObject {
    /// Ends as soon as nothing runs on it.
    func drain()
    /// Time is up: what still runs is cut, and told so.
    func terminate()
    func checkDeadline(_ now: Tick)
}
