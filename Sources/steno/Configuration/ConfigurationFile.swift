/// Reads `key = value` files.
///
/// One setting a line; `#` at a line's start or after white space begins a comment; `include = FILE` reads another file
/// in its place, relative to the including one. Nothing is quoted, nothing continues on the next line.
struct ConfigurationFile {
    private(set) var entries: [Entry] = []
    private(set) var problems: [ConfigurationProblem] = []

    private let files: FileAccess
    /// The files being read, outermost first: one that includes itself would never end.
    private var open: [String] = []

    private init(files: FileAccess) {
        self.files = files
    }

    static func read(_ path: String, files: FileAccess) -> ConfigurationFile {
        var file = ConfigurationFile(files: files)
        do throws(FileAccess.Failure) {
            let bytes = try files.read(path)
            file.parse(bytes, path: path)
        } catch {
            file.problems.append(.init(origin: .configOption, message: "the file `\(path)` \(error.text)"))
        }
        return file
    }

    private mutating func parse(_ bytes: [UInt8], path: String) {
        open.append(path)
        defer { open.removeLast() }
        var linesOfKeys: [String: Int] = [:]
        for (index, raw) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            let origin = Origin.file(path, line: index + 1)
            guard let line = Self.text(raw, isFirst: index == 0) else {
                problems.append(.init(origin: origin, message: "the line is not UTF-8 text"))
                continue
            }
            let (content, hadComment) = Self.withoutComment(line)
            guard !content.isEmpty else { continue }
            guard let equals = content.firstIndex(of: "=") else {
                problems.append(.init(origin: origin, message: "a line must read `key = value`; this one has no `=`"))
                continue
            }
            let key = content[..<equals].trimmed
            let value = content[content.index(after: equals)...].trimmed
            guard !key.isEmpty else {
                problems.append(.init(origin: origin, message: "a line must read `key = value`; this one has no key"))
                continue
            }
            if key == "include" {
                include(value, at: origin)
                continue
            }
            let canonical = KeyTable.canonical(key)
            if let earlier = linesOfKeys.updateValue(index + 1, forKey: canonical) {
                let message = "`\(key)` is set a second time in this file; the first is in line \(earlier)"
                problems.append(.init(origin: origin, message: message))
                continue
            }
            entries.append(Entry(key: key, value: value, origin: origin, hadComment: hadComment))
        }
    }

    private mutating func include(_ name: String, at origin: Origin) {
        guard !name.isEmpty else {
            problems.append(.init(origin: origin, message: "`include` names no file"))
            return
        }
        let path = Self.normalised(resolve(name, in: origin.folder))
        if let start = open.firstIndex(where: { Self.normalised($0) == path }) {
            let circle = (open[start...].map(Self.normalised) + [path]).joined(separator: " → ")
            problems.append(.init(origin: origin, message: "`include` goes in a circle: \(circle)"))
            return
        }
        do throws(FileAccess.Failure) {
            let bytes = try files.read(path)
            parse(bytes, path: path)
        } catch {
            problems.append(.init(origin: origin, message: "the included file `\(path)` \(error.text)"))
        }
    }

    private static func text(_ raw: ArraySlice<UInt8>, isFirst: Bool) -> String? {
        var raw = raw
        if isFirst, raw.starts(with: [0xEF, 0xBB, 0xBF]) { raw = raw.dropFirst(3) }
        if raw.last == UInt8(ascii: "\r") { raw = raw.dropLast() }
        guard (try? UTF8Span(validating: raw.span)) != nil else { return nil }
        return String(decoding: raw, as: UTF8.self)
    }

    private static func withoutComment(_ line: String) -> (content: Substring, hadComment: Bool) {
        var previous: Character = " "
        for index in line.indices {
            if line[index] == "#", previous.isWhitespace {
                let content = line[..<index].trimmed
                return (content[...], !content.isEmpty)
            }
            previous = line[index]
        }
        return (line.trimmed[...], false)
    }

    /// Without `.` and inner `..` segments, so that one file has one name.
    private static func normalised(_ path: String) -> String {
        var out: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = out.last, last != ".." { out.removeLast() } else { out.append(part) }
        }
        return (path.hasPrefix("/") ? "/" : "") + out.joined(separator: "/")
    }
}

extension StringProtocol {
    /// Without white space at either end.
    var trimmed: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
