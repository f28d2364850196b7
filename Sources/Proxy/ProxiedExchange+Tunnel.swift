import CurlClient
import Interactions
import NIOCore

/// What an exchange has become behind a 101: bytes both ways, each way ended on its own.
struct ProxiedTunnel {
    var record = Exchange.Tunnel()
    var appHasEnded = false
    var upstreamHasEnded = false
}

extension ProxiedExchange {
    /// How long one side may go on alone when the other has said its last.
    private static let halfClosedLimit: Int64 = 60_000_000_000

    /// Nothing of what follows is kept: what the bytes mean is not known, so no rule could find a secret in them.
    func beginTunnel() {
        tunnel = ProxiedTunnel()
        requestTap = BodyTap(limit: 0, budget: loop.context.budget)
        responseTap = requestTap
    }

    func tunnelDidReceive(_ bytes: ByteBuffer, at tick: Tick) {
        guard !isResponseComplete else { return }
        requestTap.add(bytes, at: mark(tick))
        tunnel?.record.up.add(bytes.readableBytes, at: mark(tick))
        send(bytes)
    }

    /// The app sends no more, and may still read.
    func appDidEndTunnel() {
        tunnelDidEnd(.app)
        transfer?.bodyIsReady()
    }

    func tunnelDidEnd(_ side: Exchange.Tunnel.Side) {
        if side == .app { tunnel?.appHasEnded = true } else { tunnel?.upstreamHasEnded = true }
        endTunnel(by: side)
        lastUpstreamActivity = .now
    }

    /// The app's connection is gone, both ways. Behind the upstream's end that is how a tunnel ends.
    func tunnelIsLeft() {
        let hasEnded = tunnel?.upstreamHasEnded == true
        endTunnel(by: .app)
        transfer?.cancel()
        finish(hasEnded ? .complete : .clientDisconnected)
    }

    func breakTunnel(by side: Exchange.Tunnel.Side, _ outcome: Exchange.Outcome, failure: String) {
        endTunnel(by: side)
        breakOff(outcome, failure: failure)
    }

    func checkTunnel(_ now: Tick, limit: Duration) {
        let isHalf = tunnel?.appHasEnded == true || tunnel?.upstreamHasEnded == true
        let limit = isHalf ? min(limit.nanoseconds, Self.halfClosedLimit) : limit.nanoseconds
        guard now - lastUpstreamActivity > limit else { return }
        transfer?.cancel()
        breakTunnel(by: .steno, .timedOut, failure: "tunnel_timed_out")
    }

    private func endTunnel(by side: Exchange.Tunnel.Side) {
        if tunnel?.record.endedBy == nil { tunnel?.record.endedBy = side }
    }
}
