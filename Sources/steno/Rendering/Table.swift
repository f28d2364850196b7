/// Rows under headings, in columns as wide as they must be; on a terminal that is too narrow the flexible ones give way.
struct Table {
    struct Column {
        var title: String
        var alignsRight = false
        /// Is cut short where the terminal is too narrow.
        var isFlexible = false
    }

    var columns: [Column]
    var rows: [[String]] = []

    private static let gap = 2
    private static let narrowest = 8

    func render(_ terminal: Terminal) -> String {
        let widths = widths(terminal.width)
        let heading = line(columns.map(\.title), widths)
        let lines = [terminal.styled(heading, .bold)] + rows.map { line($0, widths) }
        return lines.joined(separator: "\n")
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var out = ""
        for (index, cell) in cells.enumerated() where index < columns.count {
            let cell = cell.truncated(to: widths[index])
            if index > 0 { out += String(repeating: " ", count: Self.gap) }
            let isLast = index == columns.count - 1
            out +=
                isLast && !columns[index].alignsRight
                ? cell : cell.padded(to: widths[index], right: columns[index].alignsRight)
        }
        while out.last == " " { out.removeLast() }
        return out
    }

    private func widths(_ limit: Int?) -> [Int] {
        var widths = columns.indices.map { index in
            rows.reduce(columns[index].title.displayWidth) { width, row in
                max(width, index < row.count ? row[index].displayWidth : 0)
            }
        }
        guard let limit else { return widths }
        var excess = widths.reduce(0, +) + Self.gap * (columns.count - 1) - limit
        // The widest gives way first.
        while excess > 0 {
            let candidates = columns.indices.filter { columns[$0].isFlexible && widths[$0] > Self.narrowest }
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }
}
