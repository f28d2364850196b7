import Testing

@testable import steno

@Suite struct KeyTableTests {
    @Test("Every default is a value of its key's type, and available")
    func defaults() {
        for key in KeyTable.all {
            guard let value = key.default else { continue }
            #expect(key.type.flaw(value) == nil, "\(key.pattern)")
            #expect(!key.isUnavailable(value), "\(key.pattern)")
        }
    }

    @Test("No two rows are the same key")
    func unique() {
        #expect(Set(KeyTable.all.map(\.pattern)).count == KeyTable.all.count)
    }

    @Test(
        "A key finds its row",
        arguments: [
            ("listen", "listen", []), ("route.a.upstream", "route.NAME.upstream", ["a"]),
            ("route.a-b_c.set_header.X-Key", "route.NAME.set_header.X", ["a-b_c", "X-Key"]),
            ("redact.path.$.a[*].b", "redact.path.PATH", ["$.a[*].b"]),
            ("redact.pattern.x", "redact.pattern.NAME", ["x"]),
            ("route.a.redact.path.$.a[*].b", "route.NAME.redact.path.PATH", ["a", "$.a[*].b"]),
            ("route.a.redact.pattern.x.action", "route.NAME.redact.pattern.NAME.action", ["a", "x"]),
            ("redact.pattern.x.action", "redact.pattern.NAME.action", ["x"]),
        ])
    func find(_ key: String, _ pattern: String, _ names: [String]) throws {
        let match = try #require(KeyTable.find(key))
        #expect(match.key.pattern.description == pattern)
        #expect(match.names == names)
    }

    @Test(
        "What is no key finds none",
        arguments: [
            "", "listen.", ".listen", "Listen", "route.upstream", "route..upstream", "route.a b.upstream", "route.a",
            "redact.path.", "route.ü.upstream",
        ])
    func findNone(_ key: String) {
        #expect(KeyTable.find(key) == nil)
    }
}
