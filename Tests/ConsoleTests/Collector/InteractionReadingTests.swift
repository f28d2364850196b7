import FoundationEssentials
import Interactions
import Testing

@testable import Console

private let leastMembers = #"""
    "application_variant_id":"a","input":{"query":"q"},"output":{"response":"r"},"start_timestamp":"2026-01-01T00:00:00Z"
    """#

@Suite struct InteractionReadingTests {
    private static let namespace = UUID.v5(
        namespace: UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)), name: "t")
    private func read(_ text: String) throws -> (Interaction?, [String]) {
        var reading = InteractionReading()
        let interaction = reading.interaction(try JSON(parsing: text), namespace: Self.namespace)
        let flaws = reading.flaws.map { flaw in
            flaw.place.map { $0.string ?? String($0.int ?? 0) }.joined(separator: ".") + " " + flaw.type
        }
        return (interaction, flaws)
    }

    @Test("The least that an interaction needs is enough")
    func least() throws {
        let (interaction, flaws) = try read("{\(leastMembers)}")
        let found = try #require(interaction)
        #expect(flaws.isEmpty)
        #expect((found.input.query, found.output.response, found.applicationVariantID) == ("q", "r", "a"))
        #expect((found.status, found.durationMilliseconds, found.turnID) == (.success, 0, found.id))
        let written = found.v4
        #expect(written["input"] == ["query": "q"])
        #expect(written["output"] == ["response": "r"])
        #expect(written["trace_spans"] == nil)
    }

    @Test("What Steno recorded is read and written as it was")
    func roundTrip() throws {
        let text = #"""
            {"application_variant_id":"a","thread_id":"0d2a4b1d-f160-4428-86a7-64030152ce38","input":{"query":"q","request":{"method":"POST","path":"/v1","headers":{"accept":"*/*"},"body":{"n":1e400}}},"output":{"response":"r","body":[1],"status":500,"tool_calls":[{"name":"f"}],"reasoning":"h","context":[{"text":"t","score":0.5}]},"start_timestamp":"2026-01-01T00:00:00.000001Z","duration_ms":7,"operation_status":"ERROR","operation_metadata":{"x":{"y":null},"steno.interaction_id":"01a1fe1a-c982-7697-9a29-11783281b8f8","steno.turn_id":"3dc86190-9a6c-5efd-a550-bf501a234e46"},"trace_spans":[{"node_id":"n","operation_type":"CUSTOM","start_timestamp":"2026-01-01T00:00:00.000000Z","end_timestamp":"2026-01-01T00:00:00.002000Z","duration_ms":2,"operation_status":"ERROR","operation_input":{"i":1},"operation_output":{"o":1},"operation_metadata":{"m":1}}]}
            """#
        let (interaction, flaws) = try read(text)
        #expect(flaws.isEmpty)
        #expect(interaction.map { String(decoding: $0.v4Bytes, as: UTF8.self) } == text)
    }

    @Test("Further members of input and output stay, others are passed over")
    func more() throws {
        let (interaction, _) = try read(
            #"""
            {"application_variant_id":"a","extra":1,"input":{"query":"q","language":"de","request":{"free":true}},
            "output":{"response":"r","status":"fine","grade":null},"start_timestamp":"2026-01-01T00:00:00Z",
            "thread_id":null,"trace_spans":null,"operation_metadata":{"a":null,"b":1}}
            """#)
        let written = try #require(interaction).v4
        #expect(written["input"] == ["query": "q", "language": "de", "request": ["free": true]])
        #expect(written["output"] == ["response": "r", "status": "fine", "grade": nil])
        #expect(written["extra"] == nil)
        #expect(written["operation_metadata"]?.object?.members.map(\.name).first == "b")
    }

    @Test("A name that is no UUID gives the same id at every try")
    func ids() throws {
        let text = #"{\#(leastMembers),"operation_metadata":{"steno.interaction_id":"order 7"}}"#
        let (first, second) = (try read(text).0, try read(text).0)
        #expect(first?.id == second?.id)
        #expect(first?.threadID != second?.threadID)
    }

    @Test(
        "What is wrong is told, all at once and without a value",
        arguments: [
            ("[]", ["body model_attributes_type"]),
            (
                "{}",
                [
                    "body.application_variant_id missing", "body.input missing", "body.output missing",
                    "body.start_timestamp missing",
                ]
            ),
            (
                #"{"application_variant_id":5,"input":{"query":null},"output":"secret","start_timestamp":"secret"}"#,
                [
                    "body.application_variant_id string_type", "body.input.query string_type", "body.output dict_type",
                    "body.start_timestamp datetime_parsing",
                ]
            ),
            (#"{\#(leastMembers),"duration_ms":1.5}"#, ["body.duration_ms int_from_float"]),
            (#"{\#(leastMembers),"duration_ms":"1"}"#, ["body.duration_ms int_type"]),
            (#"{\#(leastMembers),"duration_ms":-1}"#, ["body.duration_ms int_out_of_range"]),
            (#"{\#(leastMembers),"operation_status":"secret"}"#, ["body.operation_status literal_error"]),
            (#"{\#(leastMembers),"thread_id":"secret"}"#, ["body.thread_id uuid_parsing"]),
            (#"{\#(leastMembers),"operation_metadata":[]}"#, ["body.operation_metadata dict_type"]),
            (#"{\#(leastMembers),"trace_spans":{}}"#, ["body.trace_spans list_type"]),
            (
                #"{\#(leastMembers),"trace_spans":["secret",{"node_id":"n","operation_type":"secret","operation_input":"s"}]}"#,
                [
                    "body.trace_spans.0 dict_type", "body.trace_spans.1.operation_type literal_error",
                    "body.trace_spans.1.start_timestamp missing", "body.trace_spans.1.operation_input dict_type",
                ]
            ),
        ])
    func flaws(_ text: String, _ expected: [String]) throws {
        let (interaction, flaws) = try read(text)
        #expect(interaction == nil)
        #expect(flaws == expected)
        var reading = InteractionReading()
        _ = reading.interaction(try JSON(parsing: text), namespace: Self.namespace)
        #expect(!JSON.array(reading.flaws.map(\.json)).text.contains("secret"))
    }

    @Test("A body of a million flaws is told a hundred of them")
    func manyFlaws() throws {
        let spans = Array(repeating: "1", count: 1000).joined(separator: ",")
        #expect(try read(#"{\#(leastMembers),"trace_spans":[\#(spans)]}"#).1.count == 100)
    }
}
