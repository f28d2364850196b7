import FoundationEssentials
import GRDB
import Interactions

/// What an event is among those of its interaction, which is also where it stands: they are in the order of a turn.
package struct EventPlace: Sendable, Hashable {
    package enum Part: Int, Sendable, CaseIterable {
        case question = 0
        case toolResult = 1
        case reasoning = 2
        case retrieval = 3
        /// Beside tool calls.
        case words = 4
        case toolCall = 5
        /// The exchange's last word.
        case answer = 6
    }

    package let part: Part
    /// Among those of the same kind; only tools' results and calls, and what was looked up, can be several.
    package let index: Int

    package init(_ part: Part, index: Int = 0) {
        self.part = part
        self.index = index
    }

    /// More of a kind have no place in the catalogue.
    package static let lastIndex = (1 << indexBits) - 1
    private static let indexBits = 12
}

extension EventPlace {
    /// As the catalogue has it.
    var number: Int { part.rawValue << Self.indexBits | index }

    /// `nil` where it is none.
    init?(number: Int) {
        guard let part = Part(rawValue: number >> Self.indexBits) else { return nil }
        self.init(part, index: number & Self.lastIndex)
    }

    /// SQL for what a turn has between its question and its answer.
    static let isReasoning = "place >= \(EventPlace(.toolResult).number) AND place < \(EventPlace(.answer).number)"

    private var name: String {
        switch part {
        case .question: "question"
        case .toolResult: "tool_result/\(index)"
        case .reasoning: "reasoning"
        case .retrieval: "retrieval/\(index)"
        case .words: "words"
        case .toolCall: "tool_call/\(index)"
        case .answer: "answer"
        }
    }

    func id(in interaction: UUID) -> UUID { .v5(namespace: interaction, name: name) }

    /// What events are looked up by: four bytes of their ids.
    static func mark(_ id: UUID) -> Int64 {
        let b = id.uuid
        return Int64(Int32(truncatingIfNeeded: Int(b.0) << 24 | Int(b.1) << 16 | Int(b.2) << 8 | Int(b.3)))
    }

    static let idFunction = "eventID"
    static let markFunction = "eventMark"

    /// The same for SQL: an event's id by its interaction's id and its place, and an id's mark.
    static let functions = [
        DatabaseFunction(idFunction, argumentCount: 2, pure: true) { values in
            guard let interaction = UUID.fromDatabaseValue(values[0]), let number = Int.fromDatabaseValue(values[1]),
                let place = EventPlace(number: number)
            else { return nil }
            return Data(place.id(in: interaction).bytes)
        },
        DatabaseFunction(markFunction, argumentCount: 1, pure: true) { values in
            UUID.fromDatabaseValue(values[0]).map(mark)
        },
    ]
}
