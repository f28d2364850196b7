import Testing

@testable import Console

@Suite struct ExpositionTests {
    @Test("A counter has help, type and a line for each series, sorted")
    func counter() {
        let family = MetricFamily.counter(
            "exchanges_total", [([("route", "b")], 2), ([("route", "a"), ("outcome", "complete")], 1)])
        #expect(
            Exposition.text([family]) == """
                # HELP steno_exchanges_total Requests and their responses that passed, by route and outcome.
                # TYPE steno_exchanges_total counter
                steno_exchanges_total{outcome="complete",route="a"} 1
                steno_exchanges_total{route="b"} 2

                """)
    }

    @Test("A metric without labels has no braces, one without series no lines")
    func bare() {
        let families: [MetricFamily] = [.gauge("up", [([], 1.5)]), .gauge("nothing", [])]
        #expect(Exposition.text(families) == "# TYPE steno_up gauge\nsteno_up 1.5\n")
    }

    @Test(
        "Label values are escaped",
        arguments: [("a\"b", "a\\\"b"), ("a\\b", "a\\\\b"), ("a\nb", "a\\nb"), ("ü", "ü"), ("", "")])
    func escapes(_ value: String, _ written: String) {
        let text = Exposition.text([.gauge("x", [([("l", value)], 1)])])
        #expect(text == "# TYPE steno_x gauge\nsteno_x{l=\"\(written)\"} 1\n")
    }

    @Test(
        "Names have letters, digits and underscores only",
        arguments: [("a.b-c", "a_b_c"), ("9a", "_a"), ("aü", "a__"), ("steno_x", "steno_x")])
    func names(_ name: String, _ written: String) {
        #expect(MetricFamily.sanitised(name) == written)
    }

    @Test(
        "Numbers are written as Prometheus reads them",
        arguments: [
            (0.0, "0"), (1, "1"), (1.5, "1.5"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (0.000_05, "5e-05"),
            (-3, "-3"),
            (9_007_199_254_740_991, "9007199254740991"),
        ])
    func numbers(_ value: Double, _ text: String) {
        #expect(Exposition.text(value) == text)
        #expect(Exposition.text(.nan) == "NaN")
    }

    @Test("A histogram's buckets add up, its last one holds all")
    func histogram() {
        var distribution = Distribution(bounds: [0.1, 1])
        for value in [0.05, 0.1, 0.5, 7, .nan] { distribution.record(value) }
        let family = MetricFamily(
            name: "steno_h", kind: .histogram,
            samples: [.init(labels: .init([("a", "b")]), value: .distribution(distribution))])
        #expect(
            Exposition.text([family]) == """
                # TYPE steno_h histogram
                steno_h_bucket{a="b",le="0.1"} 2
                steno_h_bucket{a="b",le="1"} 3
                steno_h_bucket{a="b",le="+Inf"} 4
                steno_h_sum{a="b"} 7.65
                steno_h_count{a="b"} 4

                """)
    }

    @Test("Two parts of one name are one family")
    func merged() {
        let text = Exposition.text([.gauge("x", [([("a", "2")], 2)]), .gauge("x", [([("a", "1")], 1)])])
        #expect(text == "# TYPE steno_x gauge\nsteno_x{a=\"1\"} 1\nsteno_x{a=\"2\"} 2\n")
    }
}
