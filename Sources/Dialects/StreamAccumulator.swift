/// Puts a stream together, event by event.
protocol StreamAccumulator {
    mutating func take(_ event: StreamEvent)
    /// What has come of the events so far.
    var accumulation: Accumulation { get }
}

extension StreamAccumulator {
    /// Of all these events, on top of what was taken before.
    func accumulation(of events: some Sequence<StreamEvent>) -> Accumulation {
        var accumulator = self
        for event in events { accumulator.take(event) }
        return accumulator.accumulation
    }
}
