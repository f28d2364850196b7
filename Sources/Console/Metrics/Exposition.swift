/// Prometheus' text format, version 0.0.4.
package enum Exposition {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Families of one name are written as one; sorted, so that two scrapes differ in numbers only.
    package static func text(_ families: [MetricFamily]) -> String {
        var out = ""
        let byName = Dictionary(grouping: families, by: \.name)
        for (name, parts) in byName.sorted(by: { $0.key < $1.key }) {
            guard let kind = parts.first?.kind else { continue }
            let samples = parts.filter { $0.kind == kind }.flatMap(\.samples)
            if samples.isEmpty { continue }
            if let help = MetricCatalog.entry(name)?.help { out += "# HELP \(name) \(escaped(help: help))\n" }
            out += "# TYPE \(name) \(kind.rawValue)\n"
            for (labels, sample) in samples.map({ (text($0.labels), $0) }).sorted(by: { $0.0 < $1.0 }) {
                switch sample.value {
                case .number(let value): out += "\(name)\(braced(labels)) \(text(value))\n"
                case .distribution(let distribution): write(distribution, name, labels, &out)
                }
            }
        }
        return out
    }

    private static func write(_ distribution: Distribution, _ name: String, _ labels: String, _ out: inout String) {
        let prefix = labels.isEmpty ? "" : labels + ","
        var total: UInt64 = 0
        for (index, count) in distribution.counts.enumerated() {
            total += count
            let bound = index < distribution.bounds.count ? text(distribution.bounds[index]) : "+Inf"
            out += "\(name)_bucket{\(prefix)le=\"\(bound)\"} \(total)\n"
        }
        out += "\(name)_sum\(braced(labels)) \(text(distribution.sum))\n"
        out += "\(name)_count\(braced(labels)) \(total)\n"
    }

    private static func braced(_ labels: String) -> String { labels.isEmpty ? "" : "{\(labels)}" }

    private static func text(_ labels: MetricLabels) -> String {
        labels.pairs.map { "\($0.name)=\"\(escaped(label: $0.value))\"" }.joined(separator: ",")
    }

    static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let integer = Int64(exactly: value), integer.magnitude < 1 << 53 { return String(integer) }
        return "\(value)"
    }

    private static func escaped(label: String) -> String {
        label.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    private static func escaped(help: String) -> String {
        help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }
}
