import Interactions
import Logging

/// Turns reports into log lines, few of them.
struct ShipperLog {
    private let logger: Logger
    private var lastDead: [String: Tick] = [:]

    init(logger: Logger) {
        self.logger = logger
    }

    mutating func write(_ report: SinkFlow.Report, at now: Tick) {
        switch report {
        case .down(let cause):
            logger.warning(
                "the sink is down; interactions wait in the store and one at a time is tried",
                metadata: ["cause": "\(cause)"])
        case .throttled(let cause, let seconds):
            logger.notice(
                "the sink asks us to wait", metadata: ["cause": "\(cause)", "seconds": "\(seconds)"])
        case .refused(let cause):
            logger.error(
                "the sink refuses us: check its address and key; interactions wait in the store",
                metadata: ["cause": "\(cause)"])
        case .back: logger.notice("the sink is back")
        case .rejected(let parts):
            if let last = lastDead["rejected"], now < last.advanced(by: .seconds(60)) { return }
            lastDead["rejected"] = now
            logger.warning("the sink left out parts of what it took", metadata: ["parts": "\(parts)"])
        case .dead(let sequence, let reason, let detail):
            // At most one line a minute for each reason; all are counted.
            if let last = lastDead[reason], now < last.advanced(by: .seconds(60)) { return }
            lastDead[reason] = now
            logger.warning(
                "the sink will never take an interaction; it is among the dead letters",
                metadata: ["sequence": "\(sequence)", "reason": "\(reason)", "detail": "\(detail ?? "")"])
        }
    }
}
