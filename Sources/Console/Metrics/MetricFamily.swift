/// What a metric is to Prometheus.
package enum MetricKind: String, Sendable {
    case counter
    case gauge
    case histogram
}

/// Names and values of a series' labels, sorted by name.
package struct MetricLabels: Sendable, Hashable {
    struct Pair: Sendable, Hashable {
        let name: String
        let value: String
    }

    let pairs: [Pair]

    package init(_ pairs: [(String, String)]) {
        self.pairs = pairs.map { Pair(name: MetricFamily.sanitised($0.0), value: $0.1) }.sorted { $0.name < $1.name }
    }

    /// The series that stands for all that are too many.
    var folded: MetricLabels { MetricLabels(pairs.map { ($0.name, "other") }) }
}

/// A histogram's state.
package struct Distribution: Sendable, Hashable {
    /// Upper bounds, inclusive, ascending; one more bucket than bounds.
    let bounds: [Double]
    private(set) var counts: [UInt64]
    private(set) var sum = 0.0

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    mutating func record(_ value: Double) {
        guard !value.isNaN else { return }
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }
}

/// One series at one moment.
package struct MetricSample: Sendable, Hashable {
    package enum Value: Sendable, Hashable {
        case number(Double)
        case distribution(Distribution)
    }

    let labels: MetricLabels
    let value: Value

    package init(labels: MetricLabels, value: Value) {
        self.labels = labels
        self.value = value
    }
}

/// All series of one name.
package struct MetricFamily: Sendable, Hashable {
    let name: String
    let kind: MetricKind
    var samples: [MetricSample]

    init(name: String, kind: MetricKind, samples: [MetricSample]) {
        self.name = name
        self.kind = kind
        self.samples = samples
    }

    /// A gauge that is read when it is asked for.
    package static func gauge(_ label: String, _ values: [(labels: [(String, String)], value: Double)]) -> MetricFamily
    {
        MetricFamily(
            name: name(label), kind: .gauge,
            samples: values.map { MetricSample(labels: MetricLabels($0.labels), value: .number($0.value)) })
    }

    /// A counter whose total is kept elsewhere.
    package static func counter(
        _ label: String, _ values: [(labels: [(String, String)], value: Double)]
    ) -> MetricFamily {
        MetricFamily(
            name: name(label), kind: .counter,
            samples: values.map { MetricSample(labels: MetricLabels($0.labels), value: .number($0.value)) })
    }

    static func name(_ label: String) -> String {
        let name = sanitised(label)
        return name.hasPrefix("steno_") || name.hasPrefix("gen_ai_") ? name : "steno_" + name
    }

    /// Letters, digits and `_`, no digit in front.
    static func sanitised(_ text: String) -> String {
        var out = ""
        for byte in text.utf8 {
            let isLetter = (0x61...0x7A).contains(byte | 0x20) || byte == 0x5F
            let isDigit = (0x30...0x39).contains(byte)
            out.unicodeScalars.append(isLetter || (isDigit && !out.isEmpty) ? Unicode.Scalar(byte) : "_")
        }
        return out
    }
}
