/// Finds all keywords in one pass over a text: an Aho-Corasick automaton, made deterministic ahead of time, over byte
/// sets instead of bytes. One table look-up a byte; what holds no keyword costs nothing else.
struct KeywordScanner: Sendable {
    /// Of each byte: bytes that no keyword tells apart share a class.
    private let classes: [UInt8]
    private let classCount: Int
    /// The next state by state and class. A state is the index of its first entry, so that a step is one addition.
    private let table: [UInt32]
    /// States from here on end a keyword.
    private let firstAccepting: UInt32
    /// The hits of an accepting state: `hits[bounds[n]..<bounds[n + 1]]`.
    private let bounds: [Int]
    let hits: [Hit]
    /// By how much two walks overlap so that no keyword is lost between them: one less than the longest has bytes.
    private let overlap: Int

    /// A keyword that ends where the cursor stands.
    struct Hit: Sendable, Hashable {
        let id: UInt16
        let length: UInt16
    }

    /// Where a scan is.
    struct Cursor {
        /// The offset behind the last byte looked at.
        fileprivate(set) var at = 0
        fileprivate var state: UInt32 = 0
        /// Up to here the text is walked byte by byte.
        fileprivate var near = 0
        /// Up to here what ends is another lane's.
        fileprivate var quiet = 0
        /// What is left of a stretch that was looked over in lanes.
        fileprivate var lanes: Lanes?
    }

    /// A stretch of a text that was walked in four places at once, as each step of a walk waits for the one before it. A
    /// lane begins so far into the one before it that no keyword is lost between them.
    fileprivate struct Lanes {
        let start: Int
        let step: Int
        let states: (first: UInt32, last: UInt32)
        /// Where something was found: one bit a lane.
        var found: UInt8
        var lane = 0
    }

    /// A lane's own bytes, at most.
    private static let stride = 256

    /// `id`: what a hit is reported as.
    init(_ keywords: [(keyword: Keyword, id: UInt16)]) {
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
        classCount = representatives.count

        // A state is the set of trie nodes that the text's end has reached; the root is always one of them, unsaid.
        let edges = trie.edges(representatives)
        var numbers: [[Int32]: Int] = [[]: 0]
        var states: [[Int32]] = [[]]
        func number(_ nodes: [Int32]) -> Int {
            if let number = numbers[nodes] { return number }
            numbers[nodes] = states.count
            states.append(nodes)
            return states.count - 1
        }
        var fromRoot = [[Int32]](repeating: [], count: representatives.count)
        for edge in edges[0] { fromRoot[edge.byteClass].append(edge.node) }
        let firstSteps = fromRoot.map { number($0.sorted()) }
        var steps: [[Int]] = []
        while steps.count < states.count {
            // What the root alone leads to, but for the classes by which the other nodes lead on.
            var reached: [Int: [Int32]] = [:]
            for node in states[steps.count] {
                for edge in edges[Int(node)] {
                    reached[edge.byteClass, default: fromRoot[edge.byteClass]].append(edge.node)
                }
            }
            var step = firstSteps
            for (byteClass, nodes) in reached { step[byteClass] = number(nodes.sorted()) }
            steps.append(step)
        }

        // Accepting states last: one comparison tells them.
        let found = states.map { nodes in
            Array(Set(nodes.flatMap { trie.nodes[Int($0)].hits })).sorted { ($0.id, $0.length) < ($1.id, $1.length) }
        }
        let order = states.indices.filter { found[$0].isEmpty } + states.indices.filter { !found[$0].isEmpty }
        var place = [Int](repeating: 0, count: states.count)
        for (index, state) in order.enumerated() { place[state] = index }
        let width = representatives.count
        table = order.flatMap { state in steps[state].map { UInt32(place[$0] * width) } }
        let accepted = order.map { found[$0] }.filter { !$0.isEmpty }
        firstAccepting = UInt32((states.count - accepted.count) * width)
        hits = accepted.flatMap(\.self)
        bounds = accepted.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    }

    /// What ends at the next place where any keyword does, as a part of `hits`; the cursor is moved behind it. `nil` at the
    /// text's end.
    func next(in text: borrowing Span<UInt8>, _ cursor: inout Cursor) -> Range<Int>? {
        while true {
            if cursor.at < cursor.near, walk(text, &cursor) {
                let number = Int(cursor.state - firstAccepting) / classCount
                return bounds[number]..<bounds[number + 1]
            }
            if cursor.at < cursor.near { continue }
            if cursor.lanes != nil {
                enterLane(&cursor)
            } else {
                guard cursor.at < text.count else { return nil }
                lookOver(text, &cursor)
            }
        }
    }

    /// True where a keyword ends, false at `near` and where what ends is another lane's.
    private func walk(_ text: borrowing Span<UInt8>, _ cursor: inout Cursor) -> Bool {
        let table = table.span
        let classes = classes.span
        let firstAccepting = firstAccepting
        var state = cursor.state
        var at = cursor.at
        let near = cursor.near
        while at < near {
            state = table[Int(state) &+ Int(classes[Int(text[at])])]
            at &+= 1
            if state >= firstAccepting { break }
        }
        cursor.state = state
        cursor.at = at
        return state >= firstAccepting && at > cursor.quiet
    }

    /// Whether any keyword is in the text.
    func isHit(_ text: borrowing Span<UInt8>) -> Bool {
        var cursor = Cursor()
        return next(in: text, &cursor) != nil
    }

    /// Walks the next stretch in four lanes; what is too short for that is to be walked as it is.
    private func lookOver(_ text: borrowing Span<UInt8>, _ cursor: inout Cursor) {
        let at = cursor.at
        let step = min(Self.stride, (text.count - at - overlap) / 4)
        guard step >= max(overlap, 8) else {
            cursor.near = text.count
            return
        }
        let table = table.span
        let classes = classes.span
        let length = step + overlap
        let first = text.extracting(at..<(at + length))
        let second = text.extracting((at + step)..<(at + step + length))
        let third = text.extracting((at + 2 * step)..<(at + 2 * step + length))
        let fourth = text.extracting((at + 3 * step)..<(at + 3 * step + length))
        var states: (UInt32, UInt32, UInt32, UInt32) = (cursor.state, 0, 0, 0)
        var highest: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
        for index in 0..<length {
            states.0 = table[Int(states.0) &+ Int(classes[Int(first[index])])]
            states.1 = table[Int(states.1) &+ Int(classes[Int(second[index])])]
            states.2 = table[Int(states.2) &+ Int(classes[Int(third[index])])]
            states.3 = table[Int(states.3) &+ Int(classes[Int(fourth[index])])]
            highest.0 = max(highest.0, states.0)
            highest.1 = max(highest.1, states.1)
            highest.2 = max(highest.2, states.2)
            highest.3 = max(highest.3, states.3)
        }
        var found: UInt8 = highest.0 >= firstAccepting ? 1 : 0
        if highest.1 >= firstAccepting { found |= 2 }
        if highest.2 >= firstAccepting { found |= 4 }
        if highest.3 >= firstAccepting { found |= 8 }
        cursor.lanes = Lanes(start: at, step: step, states: (cursor.state, states.3), found: found)
    }

    /// Goes to the next lane in which something was found, or behind the last.
    private func enterLane(_ cursor: inout Cursor) {
        guard var lanes = cursor.lanes else { return }
        while lanes.lane < 4, lanes.found >> UInt8(lanes.lane) & 1 == 0 { lanes.lane += 1 }
        let isBehind = lanes.lane == 4
        let start = lanes.start + min(lanes.lane, 3) * lanes.step
        let end = start + lanes.step + overlap
        cursor.at = isBehind ? end : start
        cursor.state = isBehind ? lanes.states.last : lanes.lane == 0 ? lanes.states.first : 0
        cursor.near = end
        cursor.quiet = lanes.lane == 0 || isBehind ? 0 : start + overlap
        lanes.lane += 1
        cursor.lanes = isBehind ? nil : lanes
    }

    /// Whether a keyword is in a JSON member's name, what follows a name in a document counted in.
    func isHit(name: borrowing Span<UInt8>) -> Bool {
        let table = table.span
        let classes = classes.span
        var state: UInt32 = 0
        for index in name.indices {
            state = table[Int(state) &+ Int(classes[Int(name[index])])]
            if state >= firstAccepting { return true }
        }
        return table[Int(state) &+ Int(classes[Int(UInt8(ascii: "\""))])] >= firstAccepting
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
