import Interactions

extension Duration {
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }

    var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}

extension Tick {
    func advanced(by duration: Duration) -> Tick { Tick(nanoseconds: nanoseconds + duration.nanoseconds) }
}
