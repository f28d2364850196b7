package import FoundationEssentials
package import Interactions

/// What earlier exchanges have left, by their marks; puts each new interaction on its thread and in its turn.
///
/// Exchanges must come in the order in which they ended. Holds the latest `capacity` marks; what is older is forgotten,
/// and a conversation that goes on after that is a new thread.
package struct ThreadMemory: Sendable {
    /// An earlier exchange.
    package struct Exchange: Sendable, Hashable {
        package var threadID: UUID
        package var turnID: UUID
        /// When its answer ended.
        package var endedAt: Timestamp
        /// `ThreadClues.likeness`; 0: not known.
        package var likeness: UInt64

        package init(threadID: UUID, turnID: UUID, endedAt: Timestamp, likeness: UInt64 = 0) {
            self.threadID = threadID
            self.turnID = turnID
            self.endedAt = endedAt
            self.likeness = likeness
        }
    }

    private struct Entry {
        let exchange: Exchange
        /// Another exchange has gone on from it.
        var isContinued = false
    }

    /// Conversations of the same words, of which the memory can't tell one from another but by what else is alike.
    private static let maximumOfOneMark = 16

    private struct Slot {
        /// The latest last.
        var entries: [Entry] = []
        /// Entries that have given way to later ones of their mark; `order` still has their places, before all others.
        var replaced = 0
    }

    private let capacity: Int
    private var slots: [ThreadMark: Slot] = [:]
    /// Marks in the order they were left, from `first` on.
    private var order: [ThreadMark] = []
    private var first = 0

    package init(capacity: Int = 100_000) {
        self.capacity = capacity
    }

    package var count: Int { order.count - first }

    /// Remembers an exchange.
    package mutating func remember(_ exchange: Exchange, marks: [ThreadMark]) {
        for mark in marks {
            Self.add(Entry(exchange: exchange), to: &slots[mark, default: Slot()])
            order.append(mark)
        }
        while count > capacity { forgetFirst() }
    }

    private static func add(_ entry: Entry, to slot: inout Slot) {
        slot.entries.append(entry)
        guard slot.entries.count > maximumOfOneMark else { return }
        slot.entries.removeFirst()
        slot.replaced += 1
    }

    private mutating func forgetFirst() {
        let mark = order[first]
        first += 1
        if let slot = slots[mark], slot.replaced > 0 {
            slots[mark]?.replaced -= 1
        } else if let slot = slots[mark], slot.entries.count > 1 {
            slots[mark]?.entries.removeFirst()
        } else {
            slots[mark] = nil
        }
        guard first > capacity / 2 else { return }
        order.removeFirst(first)
        first = 0
    }

    /// Finds the thread, the turn, and the time that the app's tools took, and remembers the exchange.
    package mutating func place(_ interaction: inout Interaction) {
        guard var clues = interaction.clues else { return }
        let old = interaction.threadID
        var before: Exchange?
        if clues.namesTold, let found = find(ThreadMark(told: old), like: clues) {
            interaction.threadID = found.threadID
        } else if let response = clues.response, let found = find(response, like: clues) {
            if clues.isOpen { interaction.threadID = found.threadID }
            if found.threadID == interaction.threadID { before = found }
        } else if clues.isOpen, clues.response == nil {
            for mark in clues.conversations {
                guard let found = find(mark, like: clues, continues: true) else { continue }
                interaction.threadID = found.threadID
                interaction.metadata["steno.thread_source"] = "inferred"
                before = found
                break
            }
        }
        if interaction.threadID != old {
            let isTold = interaction.metadata["gen_ai.conversation.id"]?.string == old.text
            if isTold { interaction.metadata["gen_ai.conversation.id"] = .string(interaction.threadID.text) }
        }
        let call = timeTools(&interaction, clues)
        if !clues.opensTurn, let turn = (call ?? before)?.turnID {
            interaction.turnID = turn
        } else if interaction.threadID != old {
            interaction.turnID = Turn.id(clues.turn, thread: interaction.threadID, exchange: interaction.id)
        }
        if let told = clues.told, told != interaction.threadID { clues.leaves.append(ThreadMark(told: told)) }
        interaction.clues = clues
        let duration = Int64(interaction.durationMilliseconds) * 1_000_000
        remember(
            Exchange(
                threadID: interaction.threadID, turnID: interaction.turnID,
                endedAt: interaction.start.advanced(byNanoseconds: duration), likeness: clues.likeness),
            marks: clues.leaves)
    }

    /// Of several that are alike, one that nothing has gone on from yet, else the latest.
    private mutating func find(_ mark: ThreadMark, like clues: ThreadClues, continues: Bool = false) -> Exchange? {
        guard let all = slots[mark]?.entries, !all.isEmpty else { return nil }
        let alike = all.indices.filter { all[$0].exchange.likeness == clues.likeness }
        let candidates = alike.isEmpty ? Array(all.indices) : alike
        let index = candidates.last { !all[$0].isContinued } ?? candidates[candidates.count - 1]
        if continues { slots[mark]?.entries[index].isContinued = true }
        return all[index].exchange
    }

    /// A tool ran from the end of the answer that called it to the request that brings its result. A call that is not
    /// remembered has no span.
    private mutating func timeTools(_ interaction: inout Interaction, _ clues: ThreadClues) -> Exchange? {
        var caller: Exchange?
        var unknown: [Int] = []
        for result in clues.toolResults where interaction.spans.indices.contains(result.span) {
            guard let found = slots[result.call]?.entries.last(where: { $0.exchange.threadID == interaction.threadID })
            else {
                unknown.append(result.span)
                continue
            }
            caller = found.exchange
            let start = min(found.exchange.endedAt, interaction.start)
            interaction.spans[result.span].start = start
            interaction.spans[result.span].durationMilliseconds =
                Int((interaction.start.microseconds - start.microseconds) / 1000)
        }
        for index in unknown.sorted().reversed() { interaction.spans.remove(at: index) }
        return caller
    }
}
