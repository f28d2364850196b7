import Synchronization

@testable import steno

/// Files by their paths; `nil` content is a folder, content in `locked` can't be read.
func files(_ contents: [String: String], locked: Set<String> = [], folders: Set<String> = []) -> FileAccess {
    @Sendable func problem(_ path: String) -> FileAccess.Failure? {
        if folders.contains(path) { return .folder }
        if contents[path] == nil { return .missing }
        return locked.contains(path) ? .unreadable : nil
    }
    return FileAccess(
        read: { path throws(FileAccess.Failure) in
            if let problem = problem(path) { throw problem }
            return Array((contents[path] ?? "").utf8)
        },
        problem: problem)
}

/// Sources with one file, `steno.conf`.
func sources(
    _ text: String? = nil, environment: [String: String] = [:], set: [String] = [], others: [String: String] = [:]
) -> ConfigurationSources {
    var contents = others
    if let text { contents["steno.conf"] = text }
    return ConfigurationSources(
        file: text == nil ? nil : "steno.conf", environment: environment, overrides: set, files: files(contents))
}

/// What is wrong with a configuration, a line each.
func problems(_ sources: ConfigurationSources) -> [String] {
    do throws(ConfigurationError) {
        _ = try Configuration.load(sources)
        return []
    } catch {
        return error.problems.map(\.description)
    }
}
