import FoundationEssentials
import Testing

@testable import Console

@Suite struct MetricCatalogTests {
    private static let deploy = URL(filePath: #filePath)
        .appending(path: "../../../../deploy").standardized

    @Test("Every metric says what it is, and only histograms have buckets, in order", arguments: MetricCatalog.all)
    func entries(_ entry: MetricCatalog.Entry) {
        #expect(!entry.help.isEmpty)
        #expect(MetricFamily.name(entry.name) == entry.name)
        #expect((entry.kind == .counter) == entry.name.hasSuffix("_total"))
        #expect((entry.kind == .histogram) == !entry.bounds.isEmpty)
        #expect(zip(entry.bounds, entry.bounds.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test(
        "Dashboard and rules name metrics and labels that there are",
        arguments: ["grafana/steno.json", "prometheus/alerts.yml", "prometheus/alerts.test.yml"])
    func files(_ path: String) throws {
        let text = try String(contentsOf: Self.deploy.appending(path: path), encoding: .utf8)
        let words = Set(text.matches(of: /\b(steno|gen_ai)_[a-z0-9_]+/).map { String($0.output.0) })
        #expect(words.subtracting(Self.words).isEmpty)
        #expect(words.count > 5)
    }

    @Test("The dashboard shows every metric that is measured")
    func complete() throws {
        let text = try String(contentsOf: Self.deploy.appending(path: "grafana/steno.json"), encoding: .utf8)
        #expect(MetricCatalog.all.filter { !text.contains($0.name) }.map(\.name).isEmpty)
    }

    /// What a query may name: series as Prometheus stores them, and labels that look like them.
    private static let words = MetricCatalog.all.reduce(into: Set<String>()) { words, entry in
        let ends = entry.kind == .histogram ? ["_bucket", "_sum", "_count"] : [""]
        words.formUnion(ends.map { entry.name + $0 })
        words.formUnion(entry.labels)
    }
}
