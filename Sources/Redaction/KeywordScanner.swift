/// Finds all keywords in one pass over a text: an Aho-Corasick automaton, made deterministic ahead of time, over byte
/// sets instead of bytes. One table look-up a byte; what holds no keyword costs nothing else.
struct KeywordScanner: Sendable {
    /// Of each byte: bytes that no keyword tells apart share a class.
    private let classes: [UInt8]
    /// The next state by state and class. A state is the index of its first entry, in units, so that a step is a shift and an
    /// addition. The table is the largest thing that redaction keeps in memory: its entries have two bytes where that
    /// is enough, and thousands of configured names make it `wide`.
    private let narrow: [UInt16]
    private let wide: [UInt32]
    private let isNarrow: Bool
    /// What a state has entries for, in units.
    private let rowUnits: Int
    /// States from here on end a keyword.
    private let firstAccepting: UInt32
    /// The hits of an accepting state: `hits[bounds[n]..<bounds[n + 1]]`.
    private let bounds: [Int]
    let hits: [Hit]
    /// By how much two walks overlap so that no keyword is lost between them: one less than the longest has bytes.
    private let overlap: Int

    /// A keyword that ends where the scan is.
    struct Hit: Sendable, Hashable {
        let id: UInt16
        let length: UInt16
    }

    /// An accepting state, and where.
    private struct Found {
        let state: UInt32
        let end: Int
    }

    /// An entry's state is counted in units of so many entries, as a power of two.
    private static let unit = 5
    private static let worthEight = 1_024
    /// A lane's own bytes, at most.
    private static let stride = 1024

    /// - Parameters:
    ///   - keywords: `id`: what a hit is reported as.
    ///   - narrowest: how many units are counted in two bytes, at most.
    init(_ keywords: [(keyword: Keyword, id: UInt16)], narrowest: Int = 1 << 16) {
        overlap = max(1, keywords.lazy.map(\.keyword.sets.count).max() ?? 1) - 1
        var trie = Trie()
        for (keyword, id) in keywords { trie.insert(keyword.sets, id) }

        var classOf: [[Bool]: UInt8] = [:]
        var representatives: [UInt8] = []
        let sets = Array(Set(keywords.flatMap(\.keyword.sets)))
        var classes = [UInt8](repeating: 0, count: 256)
        for byte in UInt8.min...UInt8.max {
            let signature = sets.map { $0.contains(byte) }
            if let known = classOf[signature] {
                classes[Int(byte)] = known
            } else {
                classes[Int(byte)] = UInt8(classOf.count)
                classOf[signature] = UInt8(classOf.count)
                representatives.append(byte)
            }
        }
        self.classes = classes
        rowUnits = (representatives.count - 1) >> Self.unit + 1

        // A state is the set of trie nodes that the text's end has reached; the root is always one of them, unsaid.
        let edges = trie.edges(representatives)
        let width = representatives.count
        var numbers: [[Int32]: UInt32] = [[]: 0]
        var states: [[Int32]] = [[]]
        func number(_ nodes: [Int32]) -> UInt32 {
            if let number = numbers[nodes] { return number }
            let number = UInt32(states.count)
            numbers[nodes] = number
            states.append(nodes)
            return number
        }
        var fromRoot = [[Int32]](repeating: [], count: width)
        for edge in edges[0] { fromRoot[edge.byteClass].append(edge.node) }
        let firstSteps = fromRoot.map { number($0.sorted()) }
        var steps: [UInt32] = []
        var reached = [[Int32]](repeating: [], count: width)
        var at = 0
        while at < states.count {
            // What the root alone leads to, but for the classes by which the other nodes lead on.
            var classes: [Int] = []
            for node in states[at] {
                for edge in edges[Int(node)] {
                    if reached[edge.byteClass].isEmpty {
                        classes.append(edge.byteClass)
                        reached[edge.byteClass] = fromRoot[edge.byteClass]
                    }
                    reached[edge.byteClass].append(edge.node)
                }
            }
            steps += firstSteps
            for byteClass in classes {
                var nodes: [Int32] = []
                swap(&nodes, &reached[byteClass])
                nodes.sort()
                steps[at * width + byteClass] = number(nodes)
            }
            at += 1
        }

        // Accepting states last: one subtraction numbers them.
        let found = states.map { nodes in
            nodes.contains { !trie.nodes[Int($0)].hits.isEmpty }
                ? Array(Set(nodes.flatMap { trie.nodes[Int($0)].hits })).sorted {
                    ($0.id, $0.length) < ($1.id, $1.length)
                } : []
        }
        let order = states.indices.filter { found[$0].isEmpty } + states.indices.filter { !found[$0].isEmpty }
        var entries = [UInt32](repeating: 0, count: states.count)
        for (index, state) in order.enumerated() { entries[state] = UInt32(index * rowUnits) }
        isNarrow = states.count * rowUnits <= narrowest
        let row = rowUnits << Self.unit
        narrow = isNarrow ? Self.table(order, steps, width, row) { UInt16(entries[Int($0)]) } : []
        wide = isNarrow ? [] : Self.table(order, steps, width, row) { entries[Int($0)] }
        let accepted = order.map { found[$0] }.filter { !$0.isEmpty }
        firstAccepting = UInt32((states.count - accepted.count) * rowUnits)
        hits = accepted.flatMap(\.self)
        bounds = accepted.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    }

    private static func table<Entry: FixedWidthInteger>(
        _ order: [Int], _ steps: [UInt32], _ width: Int, _ row: Int, _ entry: (UInt32) -> Entry
    ) -> [Entry] {
        var table = [Entry](repeating: 0, count: order.count * row)
        for (index, state) in order.enumerated() {
            for byteClass in 0..<width { table[index * row + byteClass] = entry(steps[state * width + byteClass]) }
        }
        return table
    }

    /// Calls `body` with what ends at each place where any keyword does, as a part of `hits`, and with the place, in order;
    /// until it says false. False if it did.
    @discardableResult
    func scan(_ text: borrowing Span<UInt8>, _ body: (_ hits: Range<Int>, _ end: Int) -> Bool) -> Bool {
        isNarrow ? scan(text, narrow.span, body) : scan(text, wide.span, body)
    }

    @inline(__always)
    private func scan<Entry: FixedWidthInteger>(
        _ text: borrowing Span<UInt8>, _ table: Span<Entry>, _ body: (_ hits: Range<Int>, _ end: Int) -> Bool
    ) -> Bool {
        var at = 0
        var state: UInt32 = 0
        // What lanes overlap by is walked twice.
        if text.count >= Self.worthEight {
            var lanes = Lanes<8>()
            guard walk(text, table, &at, &state, &lanes, body) else { return false }
        }
        if step(text.count - at, 4) != nil {
            var lanes = Lanes<4>()
            guard walk(text, table, &at, &state, &lanes, body) else { return false }
        }
        let classes = classes.span
        // Said once, so that it need not be looked after at each byte.
        guard classes.count == 256 else { return true }
        while at < text.count {
            state = next(state, text[at], table, classes)
            at &+= 1
            guard state >= firstAccepting else { continue }
            guard body(hits(of: state), at) else { return false }
        }
        return true
    }

    @inline(__always)
    private func next<Entry: FixedWidthInteger>(
        _ state: UInt32, _ byte: UInt8, _ table: Span<Entry>, _ classes: Span<UInt8>
    ) -> UInt32 {
        UInt32(truncatingIfNeeded: table[Int(state) &<< Self.unit &+ Int(classes[Int(byte)])])
    }

    private func hits(of state: UInt32) -> Range<Int> {
        let number = Int(state - firstAccepting) / rowUnits
        return bounds[number]..<bounds[number + 1]
    }

    /// A stretch of a text that is walked in several places at once, as each step of a walk waits for the one before it. A
    /// lane begins so far into the one before it that no keyword is lost between them.
    private struct Lanes<let count: Int> {
        var states = InlineArray<count, UInt32>(repeating: 0)
        var found = InlineArray<count, [Found]>(repeating: [])
        var isAny = false

        /// - Parameter quiet: what ends up to there is another lane's.
        mutating func note(_ end: Int, _ step: Int, quiet: Int, accepting: UInt32) {
            for lane in 0..<count where states[lane] >= accepting {
                guard lane == 0 || end > quiet else { continue }
                found[lane].append(Found(state: states[lane], end: end + lane * step))
                isAny = true
            }
        }
    }

    /// All stretches from `at` on that are long enough for so many lanes.
    private func walk<let count: Int, Entry: FixedWidthInteger>(
        _ text: borrowing Span<UInt8>, _ table: Span<Entry>, _ at: inout Int, _ state: inout UInt32,
        _ lanes: inout Lanes<count>, _ body: (_ hits: Range<Int>, _ end: Int) -> Bool
    ) -> Bool {
        while let step = step(text.count - at, count) {
            lanes.states = InlineArray(repeating: 0)
            lanes.states[0] = state
            walk(text.extracting(at..<(at + count * step + overlap)), table, at, step, &lanes)
            state = lanes.states[count - 1]
            at += count * step + overlap
            guard lanes.isAny else { continue }
            for lane in 0..<count {
                for found in lanes.found[lane] where !body(hits(of: found.state), found.end) { return false }
                lanes.found[lane].removeAll(keepingCapacity: true)
            }
            lanes.isAny = false
        }
        return true
    }

    /// By how much so many lanes are apart; `nil` where so little text is not worth them.
    private func step(_ length: Int, _ lanes: Int) -> Int? {
        let step = min(Self.stride, (length - overlap) / lanes)
        return step >= max(overlap, 8) ? step : nil
    }

    @inline(__always)
    private func walk<let count: Int, Entry: FixedWidthInteger>(
        _ text: borrowing Span<UInt8>, _ table: Span<Entry>, _ start: Int, _ step: Int, _ lanes: inout Lanes<count>
    ) {
        let classes = classes.span
        guard classes.count == 256 else { return }
        let accepting = firstAccepting
        var states = lanes.states
        for index in 0..<(step + overlap) {
            var highest: UInt32 = 0
            for lane in 0..<count {
                states[lane] = next(states[lane], text[index &+ lane &* step], table, classes)
                highest = max(highest, states[lane])
            }
            if highest >= accepting {
                lanes.states = states
                lanes.note(start + index + 1, step, quiet: start + overlap, accepting: accepting)
            }
        }
        lanes.states = states
    }

    /// Whether any keyword is in the text.
    func isHit(_ text: borrowing Span<UInt8>) -> Bool {
        guard step(text.count, 4) == nil else { return !scan(text) { _, _ in false } }
        return isNarrow ? quietEnd(of: text, narrow.span) == nil : quietEnd(of: text, wide.span) == nil
    }

    /// Whether a keyword is in a JSON member's name, what follows a name in a document counted in.
    func isHit(name: borrowing Span<UInt8>) -> Bool {
        isNarrow ? isHit(name: name, narrow.span) : isHit(name: name, wide.span)
    }

    @inline(__always)
    private func isHit<Entry: FixedWidthInteger>(name: borrowing Span<UInt8>, _ table: Span<Entry>) -> Bool {
        guard let end = quietEnd(of: name, table) else { return true }
        return next(end, UInt8(ascii: "\""), table, classes.span) >= firstAccepting
    }

    /// The state at the text's end; `nil` where a keyword ends in it.
    @inline(__always)
    private func quietEnd<Entry: FixedWidthInteger>(of text: borrowing Span<UInt8>, _ table: Span<Entry>) -> UInt32? {
        let classes = classes.span
        // Said once, so that it need not be looked after at each byte.
        guard classes.count == 256 else { return nil }
        var state: UInt32 = 0
        for index in text.indices {
            state = next(state, text[index], table, classes)
            if state >= firstAccepting { return nil }
        }
        return state
    }
}

private struct Trie {
    struct Node {
        var children: [(set: ByteSet, node: Int32)] = []
        var hits: [KeywordScanner.Hit] = []
    }

    var nodes = [Node()]

    mutating func insert(_ sets: [ByteSet], _ id: UInt16) {
        var at = 0
        for set in sets {
            if let child = nodes[at].children.first(where: { $0.set == set }) {
                at = Int(child.node)
            } else {
                nodes.append(Node())
                nodes[at].children.append((set, Int32(nodes.count - 1)))
                at = nodes.count - 1
            }
        }
        nodes[at].hits.append(KeywordScanner.Hit(id: id, length: UInt16(sets.count)))
    }

    /// Where each node leads, by byte class.
    func edges(_ representatives: [UInt8]) -> [[(byteClass: Int, node: Int32)]] {
        nodes.map { node in
            node.children.flatMap { child in
                representatives.indices.lazy.filter { child.set.contains(representatives[$0]) }.map { ($0, child.node) }
            }
        }
    }
}
