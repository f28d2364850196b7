/// Where in a written document lies what other documents may hold as well: long strings, runs of messages and of tools.
/// Pieces lie side by side or one in another.
///
/// Runs end where their own content says, so that two lists with the same elements, some added in front, in between or at
/// the end, have most runs in common.
package struct DocumentOutline: Sendable, Hashable {
    package struct Piece: Sendable, Hashable {
        package let range: Range<Int>
        /// How many pieces lie in it. They stand before it in the outline.
        package let inner: Int
    }

    package private(set) var pieces: [Piece] = []

    /// Shorter strings are not worth a piece.
    package static let shortestString = 256
    /// Of what a run or an object holds beside its inner pieces.
    static let lightestRun = 256
    private static let heaviestRun = 1024
    private static let longestRunOfRuns = 32
    /// An inner piece stands there as a reference.
    private static let weightOfPiece = 8

    init() {}

    /// The outermost among these pieces, in the order of the document.
    package func outermost(in pieces: Range<Int>) -> [Int] {
        var found: [Int] = []
        var index = pieces.upperBound
        while index > pieces.lowerBound {
            index -= 1
            found.append(index)
            index -= self.pieces[index].inner
        }
        return found.reversed()
    }

    mutating func add(_ range: Range<Int>, around first: Int) {
        pieces.append(Piece(range: range, inner: pieces.count - first))
    }

    /// What stands in the range beside the pieces from `first` on.
    func weight(of range: Range<Int>, piecesFrom first: Int) -> Int {
        var weight = range.count
        var index = pieces.count
        while index > first {
            index -= 1
            weight += Self.weightOfPiece - pieces[index].range.count
            index -= pieces[index].inner
        }
        return weight
    }
}

extension DocumentOutline {
    /// Puts the elements of one list into runs, and runs into runs of runs, while they are written.
    struct Runs {
        private var run: Mark
        private var runOfRuns: Mark
        private var element: Mark
        private var weight = 0
        private var runs = 0

        private struct Mark {
            var place: Int
            var pieces: Int
        }

        /// - Parameter place: of the first element.
        init(at place: Int, in outline: DocumentOutline) {
            let mark = Mark(place: place, pieces: outline.pieces.count)
            (run, runOfRuns, element) = (mark, mark, mark)
        }

        /// - Parameter place: behind the comma.
        mutating func beginElement(at place: Int, in outline: DocumentOutline) {
            element = Mark(place: place, pieces: outline.pieces.count)
            if weight == 0 { run = element }
            if weight == 0, runs == 0 { runOfRuns = element }
        }

        /// - Parameter lastReference: where the last reference of the document ends; what holds one is no piece.
        mutating func endElement(
            in out: [UInt8], _ outline: inout DocumentOutline, lastReference: Int
        ) {
            let end = out.count
            weight += outline.weight(of: element.place..<end, piecesFrom: element.pieces)
            guard weight >= lightestRun else { return }
            let sign = Self.sign(of: out.span, from: element.place)
            guard sign & 3 == 0 || weight >= heaviestRun else { return }
            endRun(at: end, &outline, lastReference: lastReference)
            guard runs > 0, runs >= longestRunOfRuns || (runs > 2 && sign & 31 == 0) else { return }
            outline.add(runOfRuns.place..<end, around: runOfRuns.pieces)
            runs = 0
        }

        mutating func endList(at end: Int, _ outline: inout DocumentOutline, lastReference: Int) {
            if weight >= lightestRun { endRun(at: end, &outline, lastReference: lastReference) }
        }

        private mutating func endRun(at end: Int, _ outline: inout DocumentOutline, lastReference: Int) {
            weight = 0
            if lastReference > run.place {
                runs = 0
            } else {
                outline.add(run.place..<end, around: run.pieces)
                runs += 1
            }
        }

        private var lightestRun: Int { DocumentOutline.lightestRun }
        private var heaviestRun: Int { DocumentOutline.heaviestRun }
        private var longestRunOfRuns: Int { DocumentOutline.longestRunOfRuns }

        /// Of the element's length and last bytes: by it the end of a run is chosen.
        private static func sign(of out: borrowing Swift.Span<UInt8>, from start: Int) -> UInt64 {
            var sign = UInt64(out.count - start)
            var at = out.count - 8
            while at >= start, at >= out.count - 40 {
                sign = (sign ^ out.word(at: at)) &* 0x9E37_79B9_7F4A_7C15
                sign ^= sign >> 32
                at -= 8
            }
            return sign
        }
    }
}
