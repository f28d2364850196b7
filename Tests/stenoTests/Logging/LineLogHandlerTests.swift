import Interactions
import Logging
import Synchronization
import Testing

@testable import steno

@Suite struct LineLogHandlerTests {
    @Test("An event is one line: time, level, message, values by name")
    func line() {
        let line = LineLogHandler.line(
            Timestamp(microseconds: 0), .warning, "the sink is down", ["sink": "main", "cause": "no answer"])
        #expect(line == "1970-01-01T00:00:00.000000Z warning the sink is down cause=\"no answer\" sink=main\n")
    }

    @Test(
        "Values that could be read otherwise are quoted",
        arguments: [
            ("plain", "plain"), ("", "\"\""), ("a b", "\"a b\""), ("a=b", "\"a=b\""), ("a\"b", "\"a\\\"b\""),
            ("two\nlines", "\"two lines\""), ("\u{1B}[31m", "\"\u{FFFD}[31m\""), ("127.0.0.1:80", "127.0.0.1:80"),
        ])
    func quoted(_ value: String, _ written: String) {
        #expect(LineLogHandler.quoted(value) == written)
    }

    @Test(
        "The logger's own values and the event's are joined, the event's going first; what is below the level is not said"
    )
    func logger() {
        let lines = Mutex<[String]>([])
        var logger = Logger(label: "t") { _ in
            LineLogHandler(level: .info) { line in lines.withLock { $0.append(String(line.dropFirst(28))) } }
        }
        logger[metadataKey: "part"] = "console"
        logger[metadataKey: "port"] = "1"
        logger.info("listens", metadata: ["port": "2"])
        logger.debug("not said")
        #expect(lines.withLock { $0 } == ["info listens part=console port=2\n"])
    }
}
