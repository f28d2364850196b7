extension String {
    /// At most so many bytes of it, cut between two code points.
    func cut(toBytes limit: Int) -> String {
        let bytes = utf8.span
        guard bytes.count > limit else { return self }
        var end = limit
        while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return String(Substring(utf8.prefix(end)))
    }
}
