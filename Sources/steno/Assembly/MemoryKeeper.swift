import ServiceLifecycle

/// Gives memory back that the process holds and has no use for: what malloc keeps of freed blocks after a load, and code
/// and constants that only the start and the first exchanges needed.
struct MemoryKeeper: Service {
    /// Nothing is under way that would need the memory again at once.
    let isQuiet: @Sendable () -> Bool
    /// Taken once, while nobody loads a library: what is mapped later is left alone, as it may be half loaded.
    private let constants = Platform.constantMappings

    init(isQuiet: @escaping @Sendable () -> Bool) {
        self.isQuiet = isQuiet
    }

    /// Between two looks, at most.
    private static let interval = Duration.seconds(5)
    /// Less than this is not worth the walk.
    private static let worthwhile = 4 << 20

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var pause = ForgettingPause()
            try await Task.sleep(for: pause.duration)
            var kept = giveBack(andForget: true)
            var keptOfConstants = kept.resident
            while true {
                let interval = min(pause.duration, Self.interval)
                try await Task.sleep(for: interval)
                pause.waited += interval
                guard isQuiet() else { continue }
                let held = HeldMemory()
                if pause.isOver, held.resident - keptOfConstants > Self.worthwhile {
                    kept = giveBack(andForget: true)
                    keptOfConstants = kept.resident
                    pause.lengthen()
                } else if held.mayBeGivenBack(since: kept) > Self.worthwhile {
                    kept = giveBack(andForget: false)
                }
            }
        }
    }

    private func giveBack(andForget forgets: Bool) -> HeldMemory {
        Platform.giveBackFreeHeap()
        if forgets { Platform.forget(constants) }
        return HeldMemory()
    }
}

/// What the process has of memory at a moment, in bytes.
struct HeldMemory {
    /// In RAM.
    let resident: Int
    /// Of the heap. (What is free of it tells nothing: what was given back still counts, as does what was used again since.)
    let used: Int

    init(resident: Int = Platform.residentBytes, used: Int = Platform.usedHeapBytes) {
        self.resident = resident
        self.used = used
    }

    /// At most: what came into RAM since the free heap was given back, or what was in use then and is free now.
    func mayBeGivenBack(since kept: HeldMemory) -> Int {
        max(resident - kept.resident, kept.used - used)
    }
}

/// The start is done soon, and the first exchanges run what none after them does, so the first looks come quickly. What
/// comes back each time is needed: it is let go of ever more seldom.
private struct ForgettingPause {
    private(set) var duration = Duration.milliseconds(250)
    var waited = Duration.zero

    var isOver: Bool { waited >= duration }

    mutating func lengthen() {
        duration = min(duration * 2, .seconds(300))
        waited = .zero
    }
}
