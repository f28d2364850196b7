import Interactions
import Testing

@testable import Dialects

@Suite struct StreamTimingTests {
    private func arrivals(_ milliseconds: [Int64]) -> Exchange.Arrivals {
        Exchange.Arrivals(milliseconds.enumerated().map { Exchange.Arrival(end: $0 + 1, at: $1 * 1_000_000) })
    }

    @Test("Pauses have a middle, an end, and stalls among them")
    func gaps() {
        let timing = StreamTiming(arrivals: arrivals([0, 10, 30, 60, 6060]), stallThreshold: .seconds(5))
        #expect(
            timing.json
                == [
                    "chunks": 5, "gap_median_ms": 20, "gap_p99_ms": 6000, "gap_longest_ms": 6000, "stalls": 1,
                    "stalled_ms": 6000, "arrivals_ms": [0, 10, 20, 30, 6000],
                ])
    }

    @Test("p99 is the pause that one in a hundred is longer than")
    func p99() {
        let even = StreamTiming(arrivals: arrivals((0...200).map { $0 }), stallThreshold: .seconds(5))
        #expect(even.p99 == 1_000_000)
        var late = (0...200).map { Int64($0) }
        late[200] = 1000
        #expect(StreamTiming(arrivals: arrivals(late), stallThreshold: .seconds(5)).p99 == 1_000_000)
        late[198] = 400
        late[199] = 500
        #expect(StreamTiming(arrivals: arrivals(late), stallThreshold: .seconds(5)).p99 == 100_000_000)
    }

    @Test("One chunk has no pauses; a stream that was given up waited until then")
    func ends() {
        #expect(
            StreamTiming(arrivals: arrivals([5]), stallThreshold: .seconds(5)).json
                == ["chunks": 1, "stalls": 0, "arrivals_ms": [5]])
        #expect(StreamTiming(arrivals: [], stallThreshold: .seconds(5)).chunks == 0)
        let hung = StreamTiming(
            arrivals: arrivals([5]), stallThreshold: .milliseconds(100), brokeOffAt: 1_005_000_000)
        #expect(hung.stalls == 1)
        #expect(hung.stalled == 1_000_000_000)
        #expect(hung.longest == nil)
    }

    @Test("Each chunk's time is kept, of many every nth and the last", arguments: [2, 256, 257, 511, 512, 10_000])
    func steps(_ count: Int) {
        let timing = StreamTiming(
            arrivals: arrivals((0..<count).map { Int64($0) * 3 + 7 }), stallThreshold: .seconds(5))
        #expect(timing.steps.count <= StreamTiming.limit)
        #expect(timing.steps.count * 2 > min(count, StreamTiming.limit))
        #expect(timing.steps[0] == 7)
        #expect(timing.steps.reduce(0, +) == 7 + (count - 1) * 3)
        #expect(timing.steps.dropFirst().dropLast().allSatisfy { $0 == timing.every * 3 })
        #expect((timing.every == 1) == (count <= StreamTiming.limit))
    }

    @Test("A stream tells when its first event, text, reasoning and tool arguments came")
    func firsts() {
        let events = [
            #"{"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"#,
            #"{"choices":[{"index":0,"delta":{"reasoning_content":"Hm"}}]}"#,
            #"{"choices":[{"index":0,"delta":{"content":"I"}}]}"#,
            #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":""}}]}}]}"#,
            #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]},"finish_reason":"tool_calls"}]}"#,
        ].map { "data: \($0)\n\n" }
        var example = Example()
        example.contentType = "text/event-stream"
        example.response = events.joined()
        var end = 0
        for (index, event) in events.enumerated() {
            end += event.utf8.count
            example.arrivals.append(.init(end: end, at: Int64(index + 1) * 10_000_000))
        }
        let metadata = example.interaction.metadata
        #expect(metadata["steno.time_to_first_event_ms"] == 10)
        #expect(metadata["steno.time_to_first_token_ms"] == 20)
        #expect(metadata["steno.time_to_first_reasoning_ms"] == 20)
        #expect(metadata["steno.time_to_first_text_ms"] == 30)
        #expect(metadata["steno.time_to_first_tool_arguments_ms"] == 50)
        #expect(metadata["steno.stream"]?["chunks"] == 5)
        #expect(metadata["steno.stream"]?["gap_longest_ms"] == 10)
        #expect(Example(response: "{}").interaction.metadata["steno.stream"] == nil)
    }
}
