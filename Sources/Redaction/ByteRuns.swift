/// Runs of bytes that are all of one kind; which are, a table of 256 says.
enum ByteRuns {
    static func table(_ contains: (UInt8) -> Bool) -> [Bool] { (UInt8.min...UInt8.max).map(contains) }

    /// Where the first run of at least so many begins. Looks at the last byte that it could have first: most of a text is
    /// passed over.
    static func first(
        of least: Int, _ belongs: borrowing Span<Bool>, in text: borrowing Span<UInt8>, _ range: Range<Int>
    ) -> Int? {
        // Said once, so that it need not be looked after at each byte.
        guard belongs.count == 256 else { return nil }
        var start = range.lowerBound
        while start + least <= range.upperBound {
            var at = start + least - 1
            while at >= start, belongs[Int(text[at])] { at -= 1 }
            if at < start { return start }
            start = at + 1
        }
        return nil
    }
}
