extension Span<UInt8> {
    /// Without a branch on what the bytes are: how long it takes tells nothing but the length, and many bytes are compared
    /// at a time.
    package func isSame(as other: borrowing Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        var difference: UInt8 = 0
        for index in 0..<count { difference |= self[index] ^ other[index] }
        return difference == 0
    }
}
