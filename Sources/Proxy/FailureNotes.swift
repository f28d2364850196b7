import Interactions

/// Says when a failure that comes again and again is worth a line in the log.
struct FailureNotes {
    private struct Key: Hashable {
        let route: String
        let code: String
    }

    private struct Note {
        var loggedAt: Tick
        var unsaid = 0
    }

    private static let interval: Int64 = 10_000_000_000
    private var notes: [Key: Note] = [:]

    /// How often it has happened since it was last said, this time included; `nil`: it was said a moment ago.
    mutating func note(_ route: String, _ code: String, at now: Tick) -> Int? {
        let key = Key(route: route, code: code)
        guard var note = notes[key] else {
            notes[key] = Note(loggedAt: now)
            return 1
        }
        note.unsaid += 1
        let times = now - note.loggedAt >= Self.interval ? note.unsaid : nil
        notes[key] = times == nil ? note : Note(loggedAt: now)
        return times
    }
}
