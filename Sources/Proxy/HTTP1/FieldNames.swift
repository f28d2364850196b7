/// A small set of header field names, looked up by bytes without regard to case.
struct FieldNames: Sendable {
    private struct Entry: Sendable {
        let name: [UInt8]
        let index: Int
    }

    /// By length, as most names differ in it already.
    private var entries: [[Entry]] = []
    let count: Int

    init(_ names: [String]) {
        count = names.count
        for (index, name) in names.enumerated() {
            let bytes = Array(name.lowercased().utf8)
            while entries.count <= bytes.count { entries.append([]) }
            entries[bytes.count].append(Entry(name: bytes, index: index))
        }
    }

    /// The place of the name in the list it was made from.
    func index(of range: Range<Int>, in bytes: borrowing Span<UInt8>) -> Int? {
        guard range.count < entries.count else { return nil }
        candidates: for entry in entries[range.count] {
            for offset in entry.name.indices {
                let byte = bytes[range.lowerBound + offset]
                let lower = byte &- 0x41 < 26 ? byte | 0x20 : byte
                if lower != entry.name[offset] { continue candidates }
            }
            return entry.index
        }
        return nil
    }
}
