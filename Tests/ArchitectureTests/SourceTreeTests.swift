import Testing

@Suite struct SourceTreeTests {
    @Test("Imports are found with their attributes, not in comments or strings")
    func imports() {
        let file = SourceTree.File(
            path: "Sources/X/Y.swift",
            lines: [
                "import A", "package import B", "@testable import C", "import struct D.E", "// import F",
                "let x = \"import G\"",
                "\"\"\"", "import H", "\"\"\"", "important()",
            ])
        #expect(file.imports == ["A", "B", "C", "D"])
        #expect(file.target == "X")
    }

    @Test("Code is what is left without comments and strings")
    func code() {
        let file = SourceTree.File(
            path: "S/X", lines: ["let a = \"unsafe\" // unsafe", "// public", "b(\"\\\"\") + c"])
        #expect(file.code.map { $0.filter { $0 != "\"" } } == ["let a =  ", "", "b() + c"])
    }
}
