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
    /// The ids whose keywords end there, by accepting state.
    private let accepted: [[UInt16]]
    /// The most bytes of a keyword.
    private let longest: Int

    /// Where a scan is.
    struct Cursor {
        fileprivate var state: UInt32 = 0
        /// The offset behind the last byte looked at.
        fileprivate(set) var at = 0
    }

    /// `id`: what a hit is reported as.
    init(_ keywords: [(keyword: Keyword, id: UInt16)]) {
        longest = max(1, keywords.lazy.map(\.keyword.sets.count).max() ?? 1)
        var trie = Trie()
        for (keyword, id) in keywords { trie.insert(keyword.sets, id) }

        var classOf: [[Bool]: UInt8] = [:]
        var representatives: [UInt8] = []
        let sets = Array(Set(keywords.flatMap(\.keyword.sets)))
        classes = (UInt8.min...UInt8.max).map { byte in
            let signature = sets.map { $0.contains(byte) }
            if let known = classOf[signature] { return known }
            let next = UInt8(classOf.count)
            classOf[signature] = next
            representatives.append(byte)
            return next
        }
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
        let ids = states.map { nodes in Array(Set(nodes.flatMap { trie.nodes[Int($0)].ids })).sorted() }
        let order = states.indices.filter { ids[$0].isEmpty } + states.indices.filter { !ids[$0].isEmpty }
        var place = [Int](repeating: 0, count: states.count)
        for (index, state) in order.enumerated() { place[state] = index }
        let width = representatives.count
        table = order.flatMap { state in steps[state].map { UInt32(place[$0] * width) } }
        accepted = order.map { ids[$0] }.filter { !$0.isEmpty }
        firstAccepting = UInt32((states.count - accepted.count) * width)
    }

    /// The ids of the keywords that end at the next place where any does; the cursor is moved behind it. `nil` at the
    /// text's end.
    func next(in text: borrowing Span<UInt8>, _ cursor: inout Cursor) -> [UInt16]? {
        let table = table.span
        let classes = classes.span
        var state = cursor.state
        var at = cursor.at
        let count = text.count
        while at < count {
            state = table[Int(state) &+ Int(classes[Int(text[at])])]
            at &+= 1
            if state >= firstAccepting {
                cursor.state = state
                cursor.at = at
                return accepted[Int(state - firstAccepting) / classCount]
            }
        }
        cursor.state = state
        cursor.at = at
        return nil
    }

    /// Whether any keyword is in the text. A long one is walked in four places at once, as each step waits for the one
    /// before it; the walks overlap by as much as a keyword can stand across a border.
    func isHit(_ text: borrowing Span<UInt8>) -> Bool {
        let overlap = longest - 1
        guard text.count >= 8 * max(overlap, 16) else {
            var cursor = Cursor()
            return next(in: text, &cursor) != nil
        }
        let table = table.span
        let classes = classes.span
        let length = (text.count + 3 * overlap) / 4
        let step = length - overlap
        let first = text.extracting(0..<length)
        let second = text.extracting(step..<(step + length))
        let third = text.extracting((2 * step)..<(2 * step + length))
        let fourth = text.extracting((3 * step)..<(3 * step + length))
        var states: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
        for index in 0..<length {
            states.0 = table[Int(states.0) &+ Int(classes[Int(first[index])])]
            states.1 = table[Int(states.1) &+ Int(classes[Int(second[index])])]
            states.2 = table[Int(states.2) &+ Int(classes[Int(third[index])])]
            states.3 = table[Int(states.3) &+ Int(classes[Int(fourth[index])])]
            if max(max(states.0, states.1), max(states.2, states.3)) >= firstAccepting { return true }
        }
        // What the division left over.
        var cursor = Cursor()
        cursor.at = max(0, 3 * step + length - overlap)
        return next(in: text, &cursor) != nil
    }

    /// Whether a keyword is in a JSON member's name, what follows a name in a document counted in.
    func isHit(name: borrowing Span<UInt8>) -> Bool {
        var cursor = Cursor()
        if next(in: name, &cursor) != nil { return true }
        let state = table[Int(cursor.state) + Int(classes[Int(UInt8(ascii: "\""))])]
        return state >= firstAccepting
    }
}

private struct Trie {
    struct Node {
        var children: [(set: ByteSet, node: Int32)] = []
        var ids: [UInt16] = []
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
        nodes[at].ids.append(id)
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
