import Interactions
import Store

/// Which interactions a command is about.
struct InteractionFilter: Sendable, Hashable {
    var route: String?
    /// A part of the model's name, case aside.
    var model: String?
    /// One of them, if there are any.
    var statuses: [StatusPattern] = []
    /// The beginning of a thread's id.
    var thread: String?
    var slowerThan: Duration?
    /// Of the exchange's start.
    var since: Timestamp?
    /// Not this moment itself.
    var until: Timestamp?

    /// What it looks at.
    struct Facts {
        var route: String?
        var model: String?
        var httpStatus: Int?
        var isError = false
        var thread: String
        var start: Timestamp
        var milliseconds: Int
    }

    var isEmpty: Bool { self == InteractionFilter() }

    func admits(_ facts: Facts) -> Bool {
        if let route, facts.route != route { return false }
        if let model, !(facts.model ?? "").lowercased().contains(model.lowercased()) { return false }
        if !statuses.isEmpty, !statuses.contains(where: { $0.admits(facts.httpStatus, isError: facts.isError) }) {
            return false
        }
        if let thread, !facts.thread.digits.hasPrefix(thread.digits) { return false }
        if let slowerThan, .milliseconds(facts.milliseconds) <= slowerThan { return false }
        if let since, facts.start < since { return false }
        if let until, facts.start >= until { return false }
        return true
    }

    func admits(_ facts: ExchangeFacts) -> Bool {
        admits(
            Facts(
                route: facts.route, model: facts.model, httpStatus: facts.httpStatus, isError: facts.isError,
                thread: facts.threadID.text, start: facts.start, milliseconds: facts.durationMilliseconds))
    }

    func admits(_ interaction: StoredInteraction) -> Bool {
        admits(
            Facts(
                route: interaction.route, model: interaction.model, httpStatus: interaction.httpStatus,
                isError: interaction.status == .error, thread: interaction.threadID.text, start: interaction.start,
                milliseconds: interaction.durationMilliseconds))
    }
}

/// `200`, `4xx`, `error`, `ok`.
enum StatusPattern: Sendable, Hashable {
    case exactly(Int)
    /// By its first digit.
    case family(Int)
    /// By `operation_status`, which knows of streams that broke off behind a 200.
    case error
    case ok

    init?(_ text: String) {
        let text = text.lowercased()
        if text == "error" {
            self = .error
        } else if text == "ok" {
            self = .ok
        } else if text.count == 3, text.hasSuffix("xx"), let digit = text.first?.wholeNumberValue, (1...5) ~= digit {
            self = .family(digit)
        } else if let status = Int(text), (100...599) ~= status {
            self = .exactly(status)
        } else {
            return nil
        }
    }

    func admits(_ status: Int?, isError: Bool) -> Bool {
        switch self {
        case .exactly(let wanted): status == wanted
        case .family(let digit): status.map { $0 / 100 == digit } ?? false
        case .error: isError
        case .ok: !isError
        }
    }
}

extension String {
    /// Of an id, which people copy with hyphens or without.
    fileprivate var digits: String { lowercased().filter { $0 != "-" } }
}
