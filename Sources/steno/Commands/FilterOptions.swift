import ArgumentParser

/// Which interactions: all of what is given must hold.
struct FilterOptions: ParsableArguments {
    @Option(name: .long, help: "Of this route.")
    var route: String?

    @Option(name: .long, help: "Of models with this in their name.")
    var model: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "With this status: 200, 4xx, `error` (failed in any way) or `ok`. May be given several times.",
            valueName: "status"))
    var status: [StatusPattern] = []

    @Option(name: .long, help: "Of the thread with this id, or the beginning of one.")
    var thread: String?

    @Option(name: .long, help: ArgumentHelp("That took longer: 500ms, 10s, 2m.", valueName: "duration"))
    var slowerThan: DurationText?

    var filter: InteractionFilter {
        InteractionFilter(
            route: route, model: model, statuses: status, thread: thread, slowerThan: slowerThan?.duration)
    }
}

/// From when to when.
struct RangeOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Started since: how long ago (30m, 2h, 7d), or a time (2026-11-21T10:24Z).", valueName: "time"))
    var since: Moment?

    @Option(name: .long, help: ArgumentHelp("Started before, likewise.", valueName: "time"))
    var until: Moment?
}

/// `500ms`, `10s`, `2m`.
struct DurationText: Sendable, ExpressibleByArgument {
    let duration: Duration

    init(_ duration: Duration) {
        self.duration = duration
    }

    init?(argument: String) {
        guard let duration = ValueText.duration(argument) else { return nil }
        self.duration = duration
    }

    var defaultValueDescription: String { "\(duration.components.seconds)s" }
}

extension StatusPattern: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }
}

extension Moment: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }
}
