import Interactions

/// What `steno doctor` prints: each check, what it found, and what to do.
struct DoctorReport {
    let findings: [Finding]

    var isWell: Bool { !findings.contains { $0.verdict == .failure } }

    func render(_ terminal: Terminal) -> String {
        let width = findings.map(\.check.displayWidth).max() ?? 0
        let indent = String(repeating: " ", count: width + 4)
        let room = terminal.width.map { max(20, $0 - width - 4) }
        return findings.flatMap { finding -> [String] in
            let head = "\(mark(finding.verdict, terminal)) \(finding.check.oneLine.padded(to: width))  "
            let advice = finding.advice.map { ("→ " + $0.oneLine).wrapped(to: room) } ?? []
            return finding.text.oneLine.wrapped(to: room).enumerated().map {
                ($0.offset == 0 ? head : indent) + $0.element
            }
                + advice.map { indent + $0 }
        }.joined(separator: "\n")
    }

    private func mark(_ verdict: Finding.Verdict, _ terminal: Terminal) -> String {
        switch verdict {
        case .ok: terminal.styled("✓", .green)
        case .warning: terminal.styled("!", .yellow)
        case .failure: terminal.styled("✗", .red)
        case .skipped: terminal.styled("–", .dim)
        }
    }

    var json: JSON {
        .object([
            "is_well": .bool(isWell),
            "checks": .array(
                findings.map { finding in
                    .object([
                        "check": .string(finding.check), "verdict": .string(finding.verdict.rawValue),
                        "finding": .string(finding.text), "advice": finding.advice.map { .string($0) },
                    ])
                }),
        ])
    }
}
