import Delivery
import Interactions
import Testing

@testable import steno

@Suite struct ConfigurationBuilderSinksTests {
    private func sinks(_ text: String) throws -> [SinkSettings] {
        try Configuration.load(sources(text, others: ["key": "k"])).sinks
    }

    @Test("A file has its rotation, and lies beside the configuration that names it")
    func jsonl() throws {
        let text = """
            sink.f.kind = jsonl
            sink.f.path = log/out
            sink.f.rotate.size = 1MiB
            sink.f.rotate.age = 2h
            sink.f.rotate.keep = 0
            sink.o.kind = jsonl
            sink.o.path = -
            """
        let sinks = try sinks(text)
        #expect(sinks.map(\.place) == ["log/out", "standard output"])
        #expect(sinks.first?.target == .jsonl("log/out", .init(size: 1 << 20, age: 7200, keep: 0)))
        #expect(sinks.last?.target == .jsonl("-", .init()))
    }

    @Test("Traces have encoding, content, headers and resource")
    func otlp() throws {
        let text = """
            sink.t.kind = otlp
            sink.t.url = http://o:4318
            sink.t.encoding = json
            sink.t.compression = off
            sink.t.content = off
            sink.t.set_header.authorization = secret
            sink.t.resource.service.name = shop
            """
        let expected = SinkSettings.OTLP(
            isJSON: true, compresses: false, keepsContent: false,
            headers: [.init(name: "authorization", value: "secret")],
            resource: [.init(name: "service.name", value: "shop")])
        #expect(try sinks(text).first?.target == .otlp(try BaseURL("http://o:4318"), expected))
    }

    @Test("A table has its user")
    func clickhouse() throws {
        let text = """
            sink.c.kind = clickhouse
            sink.c.url = http://c:8123
            sink.c.table = logs.steno
            sink.c.user = u
            """
        let table = try #require(ClickHouseTable("logs.steno"))
        #expect(try sinks(text).first?.target == .clickhouse(try BaseURL("http://c:8123"), table, user: "u"))
    }

    @Test("A filter holds what was said of it")
    func filter() throws {
        let text = """
            sink.a.kind = v4
            sink.a.url = http://a
            sink.a.filter.route = openai, local
            sink.a.filter.status = error
            sink.a.filter.sample = 25%
            """
        let filter = try #require(try sinks(text).first?.filter)
        #expect(filter == SinkFilter(routes: ["openai", "local"], status: .error, sample: 0.25))
    }

    @Test(
        "Each mistake has its message",
        arguments: [
            ("sink.a.kind = jsonl", "sink `a` has no file: set `sink.a.path`"),
            (
                "sink.a.kind = jsonl\nsink.a.path = x\nsink.a.url = http://x",
                "`sink.a.url` means nothing to a sink of the kind `jsonl`"
            ),
            (
                "sink.a.kind = v4\nsink.a.url = http://x\nsink.a.content = off",
                "`sink.a.content` means nothing to a sink of the kind `v4`"
            ),
            (
                "sink.a.kind = v4\nsink.a.url = http://x\nsink.a.filter.sample = 120%",
                "`sink.a.filter.sample`: `120%` is not a share: write it as `25%` or `0.25`"
            ),
            (
                "sink.a.kind = clickhouse\nsink.a.url = http://x\nsink.a.table = a;b",
                "`sink.a.table`: `a;b` is not a table: write `table` or `database.table`, of letters, digits and `_`"
            ),
            (
                "sink.a.kind = jsonl\nsink.a.path = x\nsink.b.kind = jsonl\nsink.b.path = x",
                "sinks `a` and `b` both write `x`"
            ),
        ])
    func mistakes(_ text: String, _ message: String) {
        #expect {
            _ = try sinks(text)
        } throws: { error in
            (error as? ConfigurationError)?.problems.map(\.message) == [message]
        }
    }
}
