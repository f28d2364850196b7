import Interactions
import Testing

@testable import steno

@Suite struct CheckReportTests {
    private func report(_ text: String, others: [String: String] = [:]) throws -> CheckReport {
        CheckReport(try Configuration.load(sources(text, others: others)))
    }

    @Test("What is not a default tells who said it")
    func origins() throws {
        let text = try report("presets = off\nupstream = http://a\nlisten = 127.0.0.1:9").render(.plain)
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.first == "listen                    = 127.0.0.1:9  # steno.conf:3")
        #expect(lines.contains("console.listen            = 127.0.0.1:4142"))
        #expect(lines.contains("presets                   = off          # steno.conf:1"))
        #expect(lines.contains("route.default.upstream    = http://a     # steno.conf:2"))
        #expect(lines.contains("route.default.path        = /"))
    }

    @Test("Secrets are masked")
    func secrets() throws {
        let report = try report(
            "route.openai.set_header.X-Key = hunter2\nroute.openai.set_header_file.X-Other = f",
            others: ["f": "hunter3"])
        let both = report.render(.plain) + report.json.text
        #expect(!both.contains("hunter2"))
        #expect(!both.contains("hunter3"))
        #expect(both.contains("route.openai.set_header.X-Key"))
    }

    @Test("Errors as JSON have origin and message")
    func errors() {
        let error = ConfigurationError(problems: [.init(origin: .file("a.conf", line: 2), message: "wrong")])
        #expect(error.json.text == #"{"valid":false,"errors":[{"origin":"a.conf:2","message":"wrong"}]}"#)
        #expect(error.text == "a.conf:2: wrong")
    }
}
