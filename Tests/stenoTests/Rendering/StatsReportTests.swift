import Interactions
import Testing

@testable import steno

@Suite struct StatsReportTests {
    private func report(_ durations: [Double], model: String? = "gpt") -> StatsReport {
        var report = StatsReport(step: .seconds(60))
        for (index, duration) in durations.enumerated() {
            report.add(
                .init(
                    start: Timestamp(microseconds: 1_795_264_530_000_000 + Int64(index) * 30_000_000),
                    isError: index == 0, model: model, duration: duration, firstToken: index == 0 ? nil : duration / 2,
                    inputTokens: 1000, outputTokens: 10))
        }
        return report
    }

    @Test(
        "Percentiles are values that were measured, by nearest rank",
        arguments: [
            ([5.0], 0.5, 5.0), ([5], 0.99, 5), ([1, 2, 3, 4], 0.5, 2), ([4, 3, 2, 1], 0.95, 4),
            (Array(stride(from: 1.0, through: 100, by: 1)), 0.95, 95),
            (Array(stride(from: 1.0, through: 100, by: 1)), 0.99, 99),
        ])
    func percentiles(_ values: [Double], _ share: Double, _ value: Double) {
        var samples = Samples()
        values.forEach { samples.add($0) }
        #expect(samples.value(at: share) == value)
    }

    @Test("Nothing has no percentiles") func none() { #expect(Samples().value(at: 0.5) == nil) }

    @Test("Calls are summed up as a whole, by model and over time")
    func sums() {
        let json = report([100, 200, 300]).json
        #expect(json["all"]?["calls"] == 3)
        #expect(json["all"]?["errors"] == 1)
        #expect(json["all"]?["input_tokens"] == 3000)
        #expect(json["all"]?["duration_ms"]?["p50"]?.double == 200)
        #expect(json["all"]?["time_to_first_token_ms"]?["count"] == 2)
        #expect(json["models"]?["gpt"]?["calls"] == 3)
        #expect(json["steps"]?.array?.map { $0["calls"]?["calls"]?.int } == [1, 2])
        #expect(json["steps"]?[0]?["begin"] == "2026-11-21T12:35:00.000000Z")
    }

    @Test("The page fits a terminal, and tells everything", arguments: [80, 200])
    func page(_ width: Int) {
        let page = report([100, 200, 300], model: "a-model-with-a-very-long-name-\u{1B}[31m").render(
            Terminal(width: width, hasColour: false))
        let lines = page.split(separator: "\n").map(String.init)
        #expect(lines[0] == "2026-11-21 12:35:30 – 2026-11-21 12:36:30 UTC")
        #expect(lines[1] == "3 calls · 1 error (33.3 %) · 3,000 tokens in, 30 out")
        #expect(lines.allSatisfy { $0.displayWidth <= width })
        #expect(!page.contains("\u{1B}"))
        #expect(StatsReport(step: .seconds(60)).render(.plain) == "no interactions")
    }

    @Test(
        "Steps of time make a page",
        arguments: [(30, 60), (60, 300), (24 * 60, 3600), (7 * 24 * 60, 6 * 3600), (90 * 24 * 60, 86_400)])
    func steps(_ minutes: Int, _ seconds: Int) {
        #expect(StatsReport.step(for: .seconds(minutes * 60)) == .seconds(seconds))
    }
}
