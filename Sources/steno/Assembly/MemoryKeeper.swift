import ServiceLifecycle

/// Gives memory back that the process holds and has no use for: what malloc keeps of freed blocks after a load, and code
/// that ran at the start.
struct MemoryKeeper: Service {
    /// Nothing is under way that would need the memory again at once.
    let isQuiet: @Sendable () -> Bool

    private static let interval = Duration.seconds(5)
    /// What only the start needs has run by then.
    private static let start = Duration.seconds(1)
    /// Less than this is not worth the walk.
    private static let worthwhile = 4 << 20

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            try await Task.sleep(for: Self.start)
            Platform.forgetCode()
            // Of malloc's own figures none tells it: what was given back still counts as free, and so does what was used
            // again since.
            var kept = Platform.residentBytes
            while true {
                if Platform.residentBytes - kept > Self.worthwhile, isQuiet() {
                    Platform.giveBackFreeHeap()
                    Platform.forgetCode()
                    kept = Platform.residentBytes
                }
                try await Task.sleep(for: Self.interval)
            }
        }
    }
}
