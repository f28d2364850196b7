import ArgumentParser
import Interactions
import Store

struct StatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Sum up calls: errors, times, tokens by model, and how they came over time.",
        discussion: "Of the last 24 hours, if no time is given.")

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Which interactions") var selection: FilterOptions
    @OptionGroup(title: "From when") var range: RangeOptions

    @Option(name: .long, help: ArgumentHelp("Count calls of so long together: 5m, 1h, 1d.", valueName: "duration"))
    var step: DurationText?

    func validate() throws {
        if let step, step.duration < .seconds(1) { throw ValidationError("--step must be 1s or more") }
    }

    func run() throws {
        let store = try options.openStore()
        var filter = selection.filter
        let now = Timestamp.now
        let since = range.since?.timestamp ?? Timestamp(microseconds: now.microseconds - 86_400_000_000)
        (filter.since, filter.until) = (since, range.until?.timestamp)
        let length = Duration.microseconds((filter.until ?? now).microseconds - since.microseconds)

        var report = StatsReport(step: step?.duration ?? StatsReport.step(for: length))
        var progress = Progress(writesAlong: false)
        let walk = InteractionWalk(store: store, filter: filter)
        try walk.forEachFact {
            progress.tick($0, of: $1)
        } _: { facts in
            var firstToken = facts.firstToken.map { Double($0) / 1000 }
            if !facts.isCatalogued, let whole = try walk.whole([facts]).first {
                firstToken = InteractionView(v4: (try? JSON(parsing: whole.v4)) ?? .null).firstToken
            }
            report.add(
                StatsReport.Facts(
                    start: facts.start, isError: facts.isError, model: facts.model,
                    duration: Double(facts.durationMilliseconds), firstToken: firstToken,
                    inputTokens: facts.promptTokens, outputTokens: facts.responseTokens))
        }
        progress.end()
        if output.json { Output.json(report.json) } else { Output.line(report.render(output.terminal)) }
    }
}
