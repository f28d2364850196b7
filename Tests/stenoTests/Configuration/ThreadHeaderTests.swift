import Dialects
import Interactions
import Testing

@testable import steno

@Suite struct ThreadHeaderTests {
    @Test(
        "A header stands alone or with an expression for its value",
        arguments: [
            ("X-Mine", "x-mine", nil), ("x-path : session=([^;]+)", "x-path", "session=([^;]+)"),
            ("x-a:b:c", "x-a", "b:c"),
        ])
    func read(text: String, name: String, expression: String?) {
        let header = ThreadHeader(text)
        #expect(header.name == name)
        #expect(header.expression == expression)
        #expect(header.flaw == nil)
    }

    @Test("What is no name or no expression is told", arguments: ["x y", "x y:a", ":a", "x-a:", "x-a:("])
    func flaw(text: String) {
        #expect(ThreadHeader(text).flaw != nil)
    }

    @Test("An expression names the thread by its group, or by all that it finds")
    func rules() throws {
        let configuration = try Configuration.load(
            sources("presets = off\nupstream = http://h\nthread.headers = x-a:s=([a-z]+), x-b:[0-9]+, x-c"))
        let rules = configuration.threadRules
        #expect(rules.map(\.header) == ["x-a", "x-b", "x-c"])
        #expect(rules[0].extract?("k=1;s=abc;") == "abc")
        #expect(rules[0].extract?("k=1") == nil)
        #expect(rules[1].extract?("run 42") == "42")
        #expect(rules[2].extract == nil)
        let plain = try Configuration.load(sources("presets = off\nupstream = http://h\nthread.headers = x-c"))
        #expect(plain.threadRules.isEmpty)
    }
}
