package import FoundationEssentials
import GRDB
package import Interactions

/// What an interaction has left of its conversation.
package struct ThreadTrace: Sendable, Hashable {
    package let threadID: UUID
    package let turnID: UUID
    package let endedAt: Timestamp
    package let marks: [ThreadMark]
}

extension Store {
    /// The key of all `ThreadMark`s in this store: random, made once.
    package func threadKey() throws(StoreError) -> [UInt8] {
        try write { database in
            try database.execute(
                sql: "INSERT INTO secret (name, value) VALUES ('threads', ?) ON CONFLICT DO NOTHING",
                arguments: [Data(Digest.randomBytes(32))])
            return [UInt8](
                try Data.fetchOne(database, sql: "SELECT value FROM secret WHERE name = 'threads'") ?? Data())
        }
    }

    /// Of the latest interactions, in the order of recording.
    package func threadTraces(limit: Int) throws(StoreError) -> [ThreadTrace] {
        try read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT threadID, turnID, start, durationMilliseconds, marks FROM interaction
                    WHERE marks IS NOT NULL ORDER BY sequence DESC LIMIT ?
                    """, arguments: [limit])
            var traces: [ThreadTrace] = []
            while let row = try rows.next() {
                let marks = [UInt8](row[4] as Data)
                let start: Int64 = row[2]
                let duration: Int64 = row[3]
                traces.append(
                    ThreadTrace(
                        threadID: try UUID(column: row[0]), turnID: try UUID(column: row[1]),
                        endedAt: Timestamp(microseconds: start + duration * 1000),
                        marks: stride(from: 0, to: marks.count, by: 16).map { ThreadMark(bytes: marks[$0...]) }))
            }
            return traces.reversed()
        }
    }
}
