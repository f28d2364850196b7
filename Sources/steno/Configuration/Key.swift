import Delivery
import Proxy

/// One row of the key table: a key or a family of keys, and what it takes.
struct Key: Sendable {
    let pattern: KeyPattern
    let type: ValueType
    /// As it would be written; `nil` where there is none.
    let `default`: String?
    /// One line, for people.
    let meaning: String
    /// The values that this build can't honour though the grammar knows them.
    let unavailable: Unavailable

    enum Unavailable: Sendable {
        case nothing
        case everything
        case values(Set<String>)
    }

    func isUnavailable(_ value: String) -> Bool {
        switch unavailable {
        case .nothing: false
        case .everything: true
        case .values(let values): values.contains(value)
        }
    }
}

enum ValueType: Sendable, Hashable {
    /// Addresses of the listener, by comma.
    case endpoints
    case fileMode
    case addressOrOff
    case baseURL
    /// A base URL or a Unix socket.
    case upstream
    case routePath
    case text
    case duration
    /// `0s` means at once.
    case durationOrZero
    case size
    case sizeOrOff
    case count(ClosedRange<Int>)
    case onOff
    /// Of a whole: `25%` or `0.25`.
    case share
    /// Of a ClickHouse database.
    case table
    case choice([String])
    case list
    /// Header names, each with or without `:` and an expression.
    case threadHeaders
    /// A file that must be there and readable.
    case file
    /// Never shown.
    case secret
    case expression
    case store
    /// A path that Steno writes to.
    case output

    /// Why `value` is none of this type. Secrets are not repeated.
    func flaw(_ value: String) -> String? {
        switch self {
        case .endpoints: Self.endpointsFlaw(value)
        case .fileMode: ValueText.fileMode(value) == nil ? "`\(value)` is no file mode: write it as `0660`" : nil
        case .addressOrOff:
            value != "off" && ListenAddress(value) == nil
                ? "`\(value)` is not an address: write host:port, such as `127.0.0.1:4142`, or `off`" : nil
        case .baseURL: Self.flaw { () throws(BaseURL.Flaw) in try BaseURL(value) }
        case .upstream: Self.flaw { () throws(BaseURL.Flaw) in try BaseURL.upstream(value) }
        case .routePath: Self.routePathFlaw(value)
        case .text, .expression, .output: value.isEmpty ? "needs a value" : nil
        case .secret: Self.secretFlaw(value)
        case .duration, .durationOrZero: durationFlaw(value)
        case .size:
            ValueText.size(value).map { $0 > 0 } != true
                ? "`\(value)` is not a size: write a number and a unit, such as `512B`, `64KiB`, `8MiB` or `10GiB`"
                : nil
        case .sizeOrOff:
            value != "off" && ValueText.size(value).map({ $0 > 0 }) != true
                ? "`\(value)` is not a size: write a number and a unit, such as `8MiB`, or `off`" : nil
        case .count(let range):
            Int(value).map(range.contains) != true
                ? "`\(value)` is not a number from \(range.lowerBound) to \(range.upperBound)" : nil
        case .onOff: ValueText.flag(value) == nil ? "`\(value)` is neither `on` nor `off`" : nil
        case .table:
            ClickHouseTable(value) == nil
                ? "`\(value)` is not a table: write `table` or `database.table`, of letters, digits and `_`" : nil
        case .share:
            ValueText.share(value) == nil ? "`\(value)` is not a share: write it as `25%` or `0.25`" : nil
        case .choice(let choices):
            choices.contains(value)
                ? nil : "`\(value)` is none of " + choices.map { "`\($0)`" }.joined(separator: ", ")
        case .list:
            ValueText.list(value).first { !ValueText.isToken($0) }.map { "`\($0)` is not a header's name" }
        case .threadHeaders: ValueText.list(value).lazy.compactMap { ThreadHeader($0).flaw }.first
        case .file: value.isEmpty ? "needs the name of a file" : nil
        case .store:
            value.hasPrefix("sqlite:") && value != "sqlite:"
                ? nil : "`\(value)` is not a store: write `sqlite:` and the path of a file"
        }
    }

    private func durationFlaw(_ value: String) -> String? {
        guard let duration = ValueText.duration(value) else {
            return
                "`\(value)` is not a duration: write a number and a unit, such as `250ms`, `30s`, `5m`, `12h` or `30d`"
        }
        return duration == .zero && self == .duration ? "must be more than zero" : nil
    }

    private static func endpointsFlaw(_ value: String) -> String? {
        let texts = ValueText.list(value)
        if texts.isEmpty { return "needs an address" }
        for text in texts {
            switch ValueText.endpoint(text) {
            case .unix(let path) where path.utf8.count > Endpoint.maximumPathLength:
                return "`\(text)`: a socket's path can have \(Endpoint.maximumPathLength) bytes, this one has "
                    + "\(path.utf8.count)"
            case nil:
                return "`\(text)` is not an address: write host:port, such as `127.0.0.1:4141` or `[::1]:4141`, or "
                    + "`unix:` and an absolute path"
            default: continue
            }
        }
        return nil
    }

    private static func flaw(_ read: () throws(BaseURL.Flaw) -> BaseURL) -> String? {
        do throws(BaseURL.Flaw) {
            _ = try read()
            return nil
        } catch {
            return error.text
        }
    }

    private static func routePathFlaw(_ value: String) -> String? {
        guard value.hasPrefix("/") else { return "`\(value)` must begin with `/`" }
        guard value == "/" || !value.hasSuffix("/") else { return "`\(value)` must not end with `/`" }
        let isPlain = value.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x3F && $0 != 0x23 }
        let parts = value.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard value == "/" || (isPlain && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }) else {
            return "`\(value)` is not a path prefix: write `/name` or `/name/more`"
        }
        return nil
    }

    /// What may stand in a header field's value (RFC 9110 §5.5).
    static func secretFlaw(_ value: String) -> String? {
        if value.isEmpty { return "needs a value" }
        let isPrintable = value.utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }
        return isPrintable ? nil : "holds a control character, which no header can carry"
    }
}
