import Proxy
import Testing

@testable import steno

@Suite struct StartReportTests {
    @Test("It tells addresses, routes, store and sinks")
    func report() throws {
        let text = """
            presets = off
            upstream = https://api.example/v1
            listen = 127.0.0.1:0
            route.local.upstream = http://127.0.0.1:8080
            sink.main.kind = v4
            sink.main.url = https://sink.example
            """
        let configuration = try Configuration.load(sources(text))
        #expect(
            StartReport(configuration, endpoints: [.tcp(host: "127.0.0.1", port: 4711), .unix(path: "/run/s.sock")])
                .render() == """
                    steno \(Steno.version)
                      proxy     http://127.0.0.1:4711
                                unix:/run/s.sock (http)
                      console   http://127.0.0.1:4142
                      routes    /      → https://api.example/v1
                                /local → http://127.0.0.1:8080
                      store     steno.db
                      sinks     main: v4 → https://sink.example
                    """)
    }

    @Test("Each start warns of upstreams that nobody verifies")
    func warning() throws {
        let configuration = try Configuration.load(
            sources("presets = off\nupstream = https://a\nroute.default.tls.verify = off\nconsole.listen = off"))
        let lines = StartReport(configuration, endpoints: []).render().split(separator: "\n")
        #expect(lines.contains("  console   off"))
        #expect(lines.last == "  WARNING   route `default` talks to anyone who answers: tls.verify = off")
    }
}
