import Foundation
import Testing

/// The package's own Swift files.
enum SourceTree {
    struct File: CustomTestStringConvertible {
        /// `Sources/Store/Store.swift`.
        let path: String
        let lines: [String]

        /// The folder below `Sources` or `Tests`.
        var target: String { String(path.split(separator: "/")[1]) }
        var testDescription: String { path }

        /// Lines without comments and the contents of strings, for looking at words.
        var code: [String] {
            var isInText = false
            return lines.map { line in
                let toggles = line.components(separatedBy: "\"\"\"").count - 1
                defer { if toggles % 2 == 1 { isInText.toggle() } }
                return isInText || toggles > 0 ? "" : Self.code(line)
            }
        }

        var imports: [String] {
            code.compactMap { line in
                let words = line.split(separator: " ").map(String.init)
                guard let at = words.firstIndex(of: "import"), at + 1 < words.count else { return nil }
                let attributes: Set = [
                    "package", "internal", "private", "fileprivate", "public", "@testable", "@preconcurrency",
                ]
                guard words[..<at].allSatisfy({ attributes.contains($0) || $0.hasPrefix("@") }) else { return nil }
                let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
                let name = kinds.contains(words[at + 1]) && at + 2 < words.count ? words[at + 2] : words[at + 1]
                return name.split(separator: ".").first.map(String.init)
            }
        }

        private static func code(_ line: String) -> String {
            var out = ""
            var isInString = false
            var previous: Character = " "
            for character in line {
                if character == "\"", previous != "\\" { isInString.toggle() }
                if !isInString, character == "/", previous == "/" { return String(out.dropLast()) }
                if !isInString { out.append(character) }
                previous = previous == "\\" && character == "\\" ? " " : character
            }
            return out
        }
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let sources = files(in: "Sources")
    static let tests = files(in: "Tests")

    private static func files(in folder: String) -> [File] {
        let start = root.appending(path: folder)
        guard let walk = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil) else { return [] }
        return walk.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }.compactMap { url in
            guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
            let path = String(url.standardizedFileURL.path.dropFirst(root.standardizedFileURL.path.count)).drop {
                $0 == "/"
            }
            return File(path: String(path), lines: text.components(separatedBy: "\n"))
        }.sorted { $0.path < $1.path }
    }
}
