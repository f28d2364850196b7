import Interactions
import TestSupport
import Testing

@testable import Dialects

@Suite struct CorpusFramingTests {
    /// Above this many bytes, that many places are taken at random.
    private static let offsets = 2000

    @Test("Wherever a recorded stream is cut, its events are the same", .enabled(if: Corpus.isThere, Corpus.absence))
    func cuts() throws {
        var generator = SplitMix(seed: 1)
        var count = 0
        for recording in try Corpus.recordings() {
            guard let framing = recording.framing, let body = recording.body else { continue }
            count += 1
            switch framing {
            case .serverSentEvents: expectSameEvents(SSEParser(), body, recording.id, &generator)
            case .lines: expectSameEvents(LineParser(), body, recording.id, &generator)
            case .array: expectSameEvents(ArrayParser(), body, recording.id, &generator)
            case .messages: expectSameEvents(MessageParser(), body, recording.id, &generator)
            }
            #expect(Array(framing.events(in: body)) == events(framing, body, cuts: []), Comment(rawValue: recording.id))
        }
        #expect(count > 200)
    }

    @Test("What each recording's framing is shows", .enabled(if: Corpus.isThere, Corpus.absence))
    func choice() throws {
        for recording in try Corpus.recordings() {
            guard let body = recording.body else { continue }
            let mediaType = recording.contentType.map { String($0.prefix { $0 != ";" }) }
            let framing = Framing.of(
                mediaType: mediaType, bytes: body, streamsArray: recording.path.contains(":streamGenerateContent"))
            // Two agents' streams were recorded without their type.
            let wanted = recording.wire == "bedrock.agent" ? .messages : recording.framing
            #expect(framing == wanted, Comment(rawValue: recording.id))
        }
    }

    /// A cut does all it can between the events before and behind it: each is tried there, and the parser must then be
    /// in the state that the uncut bytes lead to.
    private func expectSameEvents<Parser: FrameParser & Equatable>(
        _ parser: Parser, _ bytes: [UInt8], _ id: String, _ generator: inout SplitMix
    ) {
        let whole = events(parser, bytes, cuts: [])
        var bounds = whole.filter { !$0.isUnterminated }.map { $0.completedAt + 1 }
        bounds += [bytes.count]
        let share = bytes.count > Self.offsets ? Double(Self.offsets) / Double(bytes.count) : 1
        var state = parser
        var all: [StreamEvent] = []
        var begin = 0
        for bound in bounds where bound > begin {
            var next = state
            var wanted: [StreamEvent] = []
            next.feed(Array(bytes[begin..<bound]), into: &wanted)
            for cut in begin..<bound where share == 1 || Double.random(in: 0..<1, using: &generator) < share {
                var other = state
                var got: [StreamEvent] = []
                other.feed(Array(bytes[begin..<cut]), into: &got)
                other.feed(Array(bytes[cut..<bound]), into: &got)
                guard got == wanted, other == next else {
                    Issue.record("\(id) differs if cut at \(cut)")
                    return
                }
            }
            all += wanted
            state = next
            begin = bound
        }
        state.end(into: &all)
        #expect(all == whole, Comment(rawValue: id))
    }
}

func events(_ framing: Framing, _ bytes: [UInt8], cuts: [Int]) -> [StreamEvent] {
    func events(of parser: some FrameParser) -> [StreamEvent] { DialectsTests.events(parser, bytes, cuts: cuts) }
    return events(of: framing.parser())
}

func events<Parser: FrameParser>(_ parser: Parser, _ bytes: [UInt8], cuts: [Int]) -> [StreamEvent] {
    var parser = parser
    var events: [StreamEvent] = []
    var start = 0
    for cut in cuts + [bytes.count] {
        parser.feed(Array(bytes[start..<cut]), into: &events)
        start = cut
    }
    parser.end(into: &events)
    return events
}
