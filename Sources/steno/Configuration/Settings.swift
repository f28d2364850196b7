import Proxy

/// All layers, one upon the other: what each key was set to, and by whom. Defaults are not in it.
struct Settings: Sendable, Hashable {
    struct Setting: Sendable, Hashable {
        var value: String
        var origin: Origin
    }

    private(set) var byKey: [String: Setting] = [:]

    /// As it was set; else the key table's default.
    func text(_ key: String) -> String? { byKey[key]?.value ?? KeyTable.find(key)?.key.default }

    func origin(_ key: String) -> Origin { byKey[key]?.origin ?? .builtIn }

    func isSet(_ key: String) -> Bool { byKey[key] != nil }

    // What is set was checked when it was read, and the table's defaults by a test: the fallbacks below are for keys
    // whose mistakes are being reported.
    func duration(_ key: String) -> Duration { text(key).flatMap(ValueText.duration) ?? .zero }
    func size(_ key: String) -> Int? { text(key).flatMap(ValueText.size) }
    func count(_ key: String) -> Int { text(key).flatMap { Int($0) } ?? 1 }
    func flag(_ key: String) -> Bool { text(key).flatMap(ValueText.flag) ?? false }
    func fileMode(_ key: String) -> Int { text(key).flatMap(ValueText.fileMode) ?? 0 }
    func endpoints(_ key: String) -> [Endpoint] { list(key).compactMap(ValueText.endpoint) }
    func list(_ key: String) -> [String] { ValueText.list(text(key) ?? "") }

    /// A file that the key names, relative to the file that says so.
    func file(_ key: String) -> String? {
        byKey[key].map { resolve($0.value, in: $0.origin.folder) }
    }

    /// The names in use for a family's first wildcard: of `route.NAME.…` the routes.
    func names(_ family: String) -> [String] {
        Set(
            byKey.keys.compactMap { key -> String? in
                let parts = key.split(separator: ".", maxSplits: 2)
                return parts.count == 3 && parts[0] == family ? String(parts[1]) : nil
            }
        ).sorted()
    }

    /// Keys that begin with `prefix`, each with what follows it.
    func members(_ prefix: String) -> [(rest: String, setting: Setting)] {
        byKey.filter { $0.key.hasPrefix(prefix) }.map { (String($0.key.dropFirst(prefix.count)), $0.value) }
            .sorted { $0.rest < $1.rest }
    }

    mutating func set(_ key: String, _ value: String, _ origin: Origin) {
        byKey[key] = Setting(value: value, origin: origin)
    }
}

/// Where settings come from.
struct ConfigurationSources: Sendable {
    /// `--config`.
    var file: String?
    var environment: [String: String] = [:]
    /// `--set`, each `key=value`.
    var overrides: [String] = []
    var files: FileAccess = .disk
    /// What relative paths outside files are relative to; `nil`: the working folder.
    var stateDirectory: String? { environment["STATE_DIRECTORY"]?.split(separator: ":").first.map(String.init) }

    /// Reads all layers and checks each entry on its own.
    func read() -> (settings: Settings, problems: [ConfigurationProblem]) {
        var settings = Settings()
        var problems: [ConfigurationProblem] = []
        func take(_ entries: [Entry]) {
            for entry in entries {
                let key = KeyTable.canonical(entry.key)
                if let flaw = flaw(of: entry) { problems.append(.init(origin: entry.origin, message: flaw)) }
                if KeyTable.find(key) != nil { settings.set(key, entry.value, entry.origin) }
            }
        }
        if let file {
            let read = ConfigurationFile.read(file, files: files)
            problems += read.problems
            take(read.entries)
        }
        let fromEnvironment = environmentEntries(inUse: settings)
        problems += fromEnvironment.problems
        take(fromEnvironment.entries)
        let fromCommandLine = commandLineEntries()
        problems += fromCommandLine.problems
        take(fromCommandLine.entries)
        return (settings, problems)
    }

    private func environmentEntries(inUse: Settings) -> (entries: [Entry], problems: [ConfigurationProblem]) {
        let names = EnvironmentKeys(keysInUse: inUse.byKey.keys)
        var entries: [Entry] = []
        var problems: [ConfigurationProblem] = []
        for (variable, value) in environment.sorted(by: { $0.key < $1.key })
        where variable.hasPrefix(EnvironmentKeys.prefix) {
            let origin = Origin.environment(variable)
            switch names.resolve(variable) {
            case .key(let key): entries.append(Entry(key: key, value: value.trimmed, origin: origin))
            case .unknown where EnvironmentKeys.isServiceLink(variable): continue
            case .unknown(let suggestion):
                let hint = suggestion.map { "; did you mean `\($0)`?" } ?? ""
                problems.append(.init(origin: origin, message: "stands for no key\(hint)"))
            case .ambiguous(let names):
                let names = names.map { "`\($0)`" }.joined(separator: " and ")
                problems.append(
                    .init(origin: origin, message: "could mean \(names), which the environment spells alike"))
            }
        }
        return (entries, problems)
    }

    private func commandLineEntries() -> (entries: [Entry], problems: [ConfigurationProblem]) {
        var entries: [Entry] = []
        var problems: [ConfigurationProblem] = []
        for text in overrides {
            guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
                problems.append(.init(origin: .commandLine, message: "write `key=value`; `\(text)` is none"))
                continue
            }
            let value = text[text.index(after: equals)...].trimmed
            entries.append(Entry(key: text[..<equals].trimmed, value: value, origin: .commandLine))
        }
        return (entries, problems)
    }

    private func flaw(of entry: Entry) -> String? {
        guard let match = KeyTable.find(KeyTable.canonical(entry.key)) else { return Self.unknownKey(entry.key) }
        if let flaw = match.key.type.flaw(entry.value) { return "`\(entry.key)`: \(flaw)" }
        if case .everything = match.key.unavailable { return "`\(entry.key)` is not available in this build" }
        if match.key.isUnavailable(entry.value) {
            return "`\(entry.key) = \(entry.value)` is not available in this build"
        }
        if match.key.type == .expression, entry.hadComment {
            return
                "`\(entry.key)`: a comment behind an expression could be part of it; give the comment a line of its own, "
                + "or write `[#]` for a `#`"
        }
        if match.key.type == .file, let failure = files.problem(resolve(entry.value, in: entry.origin.folder)) {
            return "`\(entry.key)`: the file `\(resolve(entry.value, in: entry.origin.folder))` \(failure.text)"
        }
        return nil
    }

    private static func unknownKey(_ key: String) -> String {
        if key == "include" { return "`include` works in files only" }
        let hint = Suggestion.nearest(to: key).map { "; did you mean `\($0)`?" } ?? ""
        return "unknown key `\(key)`\(hint)"
    }
}
