import Glibc
import Interactions

/// Standard output and standard error of commands.
enum Output {
    static func line(_ text: String) { Platform.write(text + "\n", to: STDOUT_FILENO) }

    static func json(_ json: JSON, pretty: Bool = false) { Self.json(text: pretty ? json.prettyText : json.text) }

    /// Of JSON that is text already.
    static func json(text: String) { line(text.escapedForTerminals) }

    static func error(_ text: String) { Platform.write(text + "\n", to: STDERR_FILENO) }
}
