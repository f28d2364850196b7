/// Values by name in ASCII, case aside. Asked for every member and header field of every exchange, so that the common
/// answer, none, costs neither an allocation nor more than a glance.
struct NameTable<Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        let name: [UInt8]
        let value: Value
    }

    private let ignoresSeparators: Bool
    /// By what is told of a name at a glance.
    private let buckets: [[Entry]]
    /// What a name may begin with.
    private let starts: ByteSet
    private static var bucketCount: Int { 64 }

    /// - Parameter ignoresSeparators: as `FieldName.normalized` does.
    init(_ values: some Sequence<(key: String, value: Value)>, ignoresSeparators: Bool = false) {
        self.ignoresSeparators = ignoresSeparators
        var buckets = [[Entry]](repeating: [], count: Self.bucketCount)
        var starts = ByteSet([])
        for (key, value) in values {
            let name = key.utf8.lazy.filter { !ignoresSeparators || !FieldName.isSeparator($0) }
                .map { FieldName.lower($0) }
            let entry = Entry(name: Array(name), value: value)
            guard let bucket = Self.bucket(entry.name.span, ignoresSeparators) else { continue }
            buckets[bucket].append(entry)
            for byte in UInt8.min...UInt8.max
            where FieldName.lower(byte) == entry.name[0] || ignoresSeparators && FieldName.isSeparator(byte) {
                starts.insert(byte)
            }
        }
        self.buckets = buckets
        self.starts = starts
    }

    func value(of name: borrowing Span<UInt8>) -> Value? {
        guard name.count > 0, starts.contains(name[0]), let bucket = Self.bucket(name, ignoresSeparators) else {
            return nil
        }
        for entry in buckets[bucket] where isSame(name, entry.name.span) { return entry.value }
        return nil
    }

    private static func bucket(_ name: borrowing Span<UInt8>, _ ignoresSeparators: Bool) -> Int? {
        var first = 0
        while ignoresSeparators, first < name.count, FieldName.isSeparator(name[first]) { first += 1 }
        guard first < name.count else { return nil }
        let letter = Int(FieldName.lower(name[first]))
        return (ignoresSeparators ? letter : letter + 31 * name.count) % bucketCount
    }

    private func isSame(_ name: borrowing Span<UInt8>, _ entry: borrowing Span<UInt8>) -> Bool {
        guard name.count >= entry.count else { return false }
        var at = 0
        for index in name.indices {
            if ignoresSeparators, FieldName.isSeparator(name[index]) { continue }
            guard at < entry.count, FieldName.lower(name[index]) == entry[at] else { return false }
            at += 1
        }
        return at == entry.count
    }
}
