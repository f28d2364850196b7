/// Where a setting was said.
enum Origin: Sendable, Hashable, CustomStringConvertible {
    case builtIn
    case file(String, line: Int)
    case environment(String)
    case commandLine
    /// `--config` itself.
    case configOption

    /// As it stands in front of an error: `steno.conf:3`.
    var description: String {
        switch self {
        case .builtIn: "default"
        case .file(let path, let line): "\(path):\(line)"
        case .environment(let name): "environment: \(name)"
        case .commandLine: "--set"
        case .configOption: "--config"
        }
    }

    /// The folder of the file that said it; `nil` where it was no file.
    var folder: String? {
        guard case .file(let path, _) = self else { return nil }
        return path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) }
    }
}

/// One `key = value` as it was said.
struct Entry: Sendable, Hashable {
    var key: String
    var value: String
    var origin: Origin
    /// A `#` comment was taken off the end of the value.
    var hadComment = false
}

struct ConfigurationProblem: Sendable, Hashable, CustomStringConvertible {
    var origin: Origin
    var message: String

    var description: String { "\(origin): \(message)" }
}

/// All that is wrong, in the order in which it was said.
struct ConfigurationError: Error, Sendable, Hashable {
    var problems: [ConfigurationProblem]
}
