import Interactions
import TestSupport
import Testing

@testable import Dialects

/// Recordings that were damaged at random, the same way in each run: no framing and no dialect may crash on them, hang,
/// or make much out of little.
@Suite struct MutationTests {
    private static let rounds = 1500
    /// Longer recordings only make the same code run longer.
    private static let longest = 20_000

    private static func streams() throws -> [Corpus.Recording] {
        try Corpus.recordings().filter { recording in
            guard recording.framing != nil, let body = recording.body else { return false }
            return body.count < longest
        }
    }

    @Test("Damaged bytes give the same events however they are cut", .enabled(if: Corpus.isThere, Corpus.absence))
    func bytes() throws {
        var generator = SplitMix(seed: 7)
        let recordings = try Self.streams()
        for _ in 0..<Self.rounds {
            guard let recording = recordings.randomElement(using: &generator), let framing = recording.framing,
                let body = recording.body
            else { continue }
            let damaged = Self.damaged(body, &generator)
            let cuts = (0..<4).map { _ in Int.random(in: 0...damaged.count, using: &generator) }.sorted()
            let whole = Array(framing.events(in: damaged))
            #expect(events(framing, damaged, cuts: cuts) == whole, Comment(rawValue: recording.id))
            #expect(whole.reduce(0) { $0 + $1.data.count } <= damaged.count + 200)
            let dialect = Dialects.claimed(named: "auto", path: Self.path(recording.path)) ?? Dialects.unknown
            let result = dialect.accumulate(framing.events(in: damaged))
            if let made = result.body { _ = dialect.answer(in: made).messages.map(\.json) }
        }
    }

    @Test("Damaged events and requests are read by every dialect", .enabled(if: Corpus.isThere, Corpus.absence))
    func values() throws {
        var generator = SplitMix(seed: 11)
        let recordings = try Self.streams()
        for round in 0..<Self.rounds {
            guard let recording = recordings.randomElement(using: &generator), let body = recording.body,
                let framing = recording.framing
            else { continue }
            let own = Dialects.claimed(named: "auto", path: Self.path(recording.path)) ?? Dialects.unknown
            let dialect = round % 4 == 0 ? Dialects.all.randomElement(using: &generator) ?? own : own
            let damaged = Self.damaged(Array(framing.events(in: body)), &generator)
            let result = dialect.accumulate(damaged)
            #expect(dialect.accumulate(Self.spaced(damaged)) == result, Comment(rawValue: recording.id))
            let size = damaged.reduce(0) { $0 + $1.data.count }
            if let made = result.body {
                #expect(made.bytes.count < size * 8 + 200_000, Comment(rawValue: recording.id))
                let answer = dialect.answer(in: Self.damaged(made, &generator))
                _ = answer.messages.map(\.json)
                _ = (answer.text, answer.toolCalls, answer.reasoning, answer.finishReasons)
            }
            guard let request = try? JSON(parsing: recording.request) else { continue }
            let asked = Self.damaged(request, &generator)
            let prompt = dialect.prompt(in: asked)
            _ = (prompt.query, prompt.turn, prompt.messages.map(\.json))
            _ = (dialect.instructions(in: asked), dialect.tools(in: asked), dialect.parameters(in: asked).attributes)
        }
    }

    private static func path(_ target: String) -> String { String(target.prefix { $0 != "?" }) }

    private static func damaged(_ bytes: [UInt8], _ generator: inout SplitMix) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...6, using: &generator) where !bytes.isEmpty {
            let at = Int.random(in: 0..<bytes.count, using: &generator)
            let end = min(bytes.count, at + Int.random(in: 1...40, using: &generator))
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.removeSubrange(at..<end)
            case 2: bytes.insert(contentsOf: bytes[at..<end], at: at)
            case 3: bytes.removeSubrange(at...)
            case 4: bytes.insert(Array("\r\n\"{}[]:,\u{FEFF}\0".utf8).randomElement(using: &generator) ?? 0, at: at)
            default: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            }
        }
        return bytes
    }

    /// Left out, repeated, put elsewhere, changed in what they say.
    private static func damaged(_ events: [StreamEvent], _ generator: inout SplitMix) -> [StreamEvent] {
        var events = events
        for _ in 0..<Int.random(in: 1...8, using: &generator) where !events.isEmpty {
            let at = Int.random(in: 0..<events.count, using: &generator)
            switch Int.random(in: 0..<8, using: &generator) {
            case 0: events.remove(at: at)
            case 1: events.insert(events[at], at: at)
            case 2: events.swapAt(at, Int.random(in: 0..<events.count, using: &generator))
            case 3: events[at].isFault = true
            default:
                guard let json = events[at].json else { continue }
                events[at].data = damaged(json, &generator).bytes
            }
        }
        return events
    }

    /// The same documents, no two in a row written alike.
    private static func spaced(_ events: [StreamEvent]) -> [StreamEvent] {
        events.enumerated().map { index, event in
            guard event.json != nil else { return event }
            var event = event
            event.data.insert(contentsOf: [UInt8](repeating: 0x20, count: index % 3), at: 0)
            return event
        }
    }

    /// One value somewhere inside becomes another, goes, or comes twice.
    private static func damaged(_ json: JSON, _ generator: inout SplitMix) -> JSON {
        switch json {
        case .array(var items) where !items.isEmpty && Int.random(in: 0..<6, using: &generator) > 0:
            let at = Int.random(in: 0..<items.count, using: &generator)
            if Int.random(in: 0..<8, using: &generator) == 0 {
                items.insert(items[at], at: at)
            } else {
                items[at] = damaged(items[at], &generator)
            }
            return .array(items)
        case .object(var object) where !object.members.isEmpty && Int.random(in: 0..<8, using: &generator) > 0:
            let at = Int.random(in: 0..<object.members.count, using: &generator)
            switch Int.random(in: 0..<10, using: &generator) {
            case 0: object.members.remove(at: at)
            case 1: object.members.append(object.members[at])
            case 2: object.members[at] = JSON.Member("type", object.members[at].value)
            default: object.members[at].value = damaged(object.members[at].value, &generator)
            }
            return .object(object)
        default:
            let others: [JSON] = [
                nil, true, -1, 3, 4095, 4096, "", "x", "{\"a\":", [], [:], [[]], [nil], ["a": 1],
                .number(JSON.Number(text: "1e400")), .number(JSON.Number(text: "9223372036854775807")),
                .malformedString(JSON.MalformedString(bytes: Array(#"\ud800"#.utf8))), .array([json]),
                .object(JSON.Object([JSON.Member("text", json)])),
            ]
            return others.randomElement(using: &generator) ?? .null
        }
    }
}
