import Glibc

/// How far long work is, on standard error while somebody looks at it.
struct Progress {
    private let isShown: Bool
    private var next = ContinuousClock.now.advanced(by: .milliseconds(300))
    private var isWritten = false

    /// - Parameter writesAlong: results come meanwhile; on a terminal the line would stand in their way.
    init(writesAlong: Bool) {
        isShown = isatty(STDERR_FILENO) == 1 && !(writesAlong && isatty(STDOUT_FILENO) == 1)
    }

    mutating func tick(_ done: Int, of total: Int) {
        guard isShown, ContinuousClock.now >= next, total > 0 else { return }
        next = ContinuousClock.now.advanced(by: .milliseconds(100))
        isWritten = true
        Platform.write(
            "\r\u{1B}[K\(min(done, total)) of \(total) (\(min(100, done * 100 / total)) %)", to: STDERR_FILENO)
    }

    mutating func end() {
        if isWritten { Platform.write("\r\u{1B}[K", to: STDERR_FILENO) }
        isWritten = false
    }
}
