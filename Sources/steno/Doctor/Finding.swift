/// What a check of `steno doctor` found.
struct Finding: Sendable, Hashable {
    enum Verdict: String, Sendable {
        case ok
        case warning
        case failure
        /// There was nothing to look at, or it was not asked for.
        case skipped
    }

    /// What was looked at: `store`, `upstream openai`.
    var check: String
    var verdict: Verdict
    var text: String
    /// What to do about it.
    var advice: String?

    init(_ check: String, _ verdict: Verdict, _ text: String, advice: String? = nil) {
        self.check = check
        self.verdict = verdict
        self.text = text
        self.advice = advice
    }
}
