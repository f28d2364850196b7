import Glibc

/// What output may look like: how wide, and whether coloured.
struct Terminal: Sendable, Hashable {
    /// Columns; `nil`: not a terminal, nothing is cut off.
    var width: Int?
    var hasColour: Bool

    static let plain = Terminal(width: nil, hasColour: false)

    /// Of standard output.
    static func current(environment: [String: String]) -> Terminal {
        guard isatty(STDOUT_FILENO) == 1 else { return plain }
        let columns = environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        let isSilenced = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        return Terminal(
            width: columns ?? Platform.terminalWidth ?? 80,
            hasColour: !isSilenced && environment["TERM"] != "dumb")
    }

    enum Style: String {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case cyan = "36"
    }

    func styled(_ text: String, _ style: Style) -> String {
        hasColour && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }
}
