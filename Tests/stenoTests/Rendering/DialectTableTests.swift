import Foundation
import Interactions
import Testing

@testable import steno

@Suite struct DialectTableTests {
    @Test("The page of the documentation is what the program says; `steno dialects --markdown` makes it anew")
    func page() throws {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("deploy/docs/dialects.md"), encoding: .utf8)
        #expect(page == DialectTable.page + "\n")
    }

    @Test("The table has a line for each dialect, with what it is")
    func table() {
        let lines = DialectTable.table.render(Terminal(width: nil, hasColour: false)).split(separator: "\n")
        #expect(lines.count == (DialectTable.json.array?.count ?? 0) + 1)
        #expect(lines.contains { $0.hasPrefix("rerank") && $0.contains("/v2/rerank") })
    }
}
