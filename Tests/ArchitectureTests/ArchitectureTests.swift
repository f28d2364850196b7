import Testing

/// Holds the house: who may import whom, and what may be said where.
@Suite struct ArchitectureTests {
    /// For each target those of ours that it may import. C modules are rooms too: the compiler doesn't check who uses them.
    private static let rooms: [String: Set<String>] = [
        "Interactions": ["CCrypto"],
        "CurlClient": ["CCurl", "CLinux"],
        "Proxy": ["CurlClient", "Interactions"],
        "Dialects": ["Interactions"],
        "Redaction": ["Interactions", "CRE2"],
        "Store": ["Interactions", "CSQLite", "CCompression"],
        "Delivery": ["CurlClient", "Interactions", "Dialects", "Redaction", "Store", "CCompression"],
        "Console": ["Interactions", "Store"],
        // A tool for those who work on Steno.
        "Benchmark": ["Interactions", "Dialects", "Redaction", "Store", "Delivery", "Console"],
        "steno": [
            "Interactions", "CurlClient", "Proxy", "Dialects", "Redaction", "Store", "Delivery", "Console", "CLinux",
        ],
    ]

    private static let cModules: Set<String> = ["CCrypto", "CCurl", "CLinux", "CRE2", "CCompression", "CSQLite"]

    /// Where C is spoken to. All else is memory-safe by the compiler's word.
    private static let fences = [
        "Sources/CurlClient/", "Sources/Interactions/Clock.swift", "Sources/Interactions/Digest.swift",
        "Sources/Redaction/Expression.swift", "Sources/Store/Insertion.swift", "Sources/Store/Compressor.swift",
        "Sources/Delivery/Compressor.swift", "Sources/Delivery/Decompressor.swift",
        "Sources/Delivery/Sinks/AppendFile.swift", "Sources/steno/Platform.swift",
    ]

    /// What the tests of several rooms share; no room imports it.
    private static let support = "TestSupport"

    private static var ours: Set<String> { cModules.union(rooms.keys).union([support]) }

    @Test("There is something to look at")
    func isNotEmpty() {
        #expect(Set(SourceTree.sources.map(\.target)).isSuperset(of: ["Interactions", "Console", "steno"]))
        #expect(!SourceTree.tests.isEmpty)
    }

    @Test("A target imports the rooms behind it and no other", arguments: SourceTree.sources)
    func imports(_ file: SourceTree.File) throws {
        let allowed = try #require(Self.rooms[file.target], "\(file.target) has no place in the house")
        #expect(Set(file.imports).intersection(Self.ours).subtracting(allowed) == [])
    }

    @Test(
        "A test imports its target and what that may import; what tests share, the model alone",
        arguments: SourceTree.tests)
    func testImports(_ file: SourceTree.File) {
        let target = file.target == Self.support ? "Interactions" : String(file.target.dropLast("Tests".count))
        let allowed = (Self.rooms[target] ?? []).subtracting(Self.cModules).union([target, Self.support])
        #expect(Set(file.imports).intersection(Self.ours).subtracting(allowed) == [])
    }

    @Test("Nothing is public: there is one executable", arguments: SourceTree.sources)
    func access(_ file: SourceTree.File) {
        let isPublic = file.code.contains {
            words(of: $0).contains("public") || words(of: $0).contains("open") && $0.contains("open class")
        }
        #expect(!isPublic)
    }

    @Test("Unsafe code is in the C fences only", arguments: SourceTree.sources)
    func unsafe(_ file: SourceTree.File) {
        guard !Self.fences.contains(where: file.path.hasPrefix) else { return }
        #expect(!file.code.contains { words(of: $0).contains("unsafe") })
    }

    @Test("Few types are Sendable on their word alone, and each says why")
    func uncheckedSendable() {
        var count = 0
        for file in SourceTree.sources {
            for (index, line) in file.code.enumerated() where line.contains("@unchecked Sendable") {
                count += 1
                let before = index > 0 ? file.lines[index - 1].drop { $0 == " " } : ""
                #expect(before.hasPrefix("//"), "\(file.path):\(index + 1)")
            }
        }
        #expect(count <= 4)
    }

    @Test("No file is longer than 400 lines", arguments: SourceTree.sources + SourceTree.tests)
    func length(_ file: SourceTree.File) {
        #expect(file.lines.count <= 401)
    }

    private func words(of line: String) -> [Substring] {
        line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
    }
}
