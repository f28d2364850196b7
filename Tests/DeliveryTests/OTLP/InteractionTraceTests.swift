import FoundationEssentials
import Interactions
import Testing

@testable import Delivery

@Suite("An interaction's trace")
struct InteractionTraceTests {
    private static let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    /// A chat with a tool, as Steno records it.
    private func interaction(_ change: (inout Interaction) -> Void = { _ in }) throws -> Interaction {
        var interaction = Interaction.sample("Weather?")
        interaction.start = Timestamp(microseconds: 1_000_000)
        interaction.durationMilliseconds = 250
        interaction.metadata = JSON.Object([
            .init("gen_ai.operation.name", "chat"), .init("gen_ai.request.model", "m"),
            .init("gen_ai.response.finish_reasons", ["stop"]), .init("steno.dialect", "openai.chat"),
            .init("steno.connection", ["state": "new"]), .init("tokens_used", 3), .init("prompt_tokens", 2),
            .init("gen_ai.usage.input_tokens", 2), .init("gen_ai.request.temperature", .double(0.5)),
        ])
        interaction.input.request.body = try JSON(
            parsing:
                #"{"messages":[{"role":"system","content":"Be kind"},{"role":"user","content":"Weather?"}],"tools":[{"type":"function","function":{"name":"f"}}]}"#
        )
        interaction.output.body = try JSON(
            parsing: #"{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Sun"}}]}"#
        )
        interaction.spans = [
            .init(nodeID: "chat m", operation: .completion, start: interaction.start, durationMilliseconds: 250),
            .init(
                nodeID: "f", operation: .custom, start: interaction.start.advanced(byNanoseconds: -5_000_000),
                durationMilliseconds: 5, status: .error, input: JSON.Object([.init("city", "Rome")]),
                metadata: JSON.Object([.init("id", "call_1")])),
            .init(
                nodeID: "tls", operation: .custom, start: interaction.start, durationMilliseconds: 1,
                metadata: JSON.Object([.init("tls_ms", 1)])),
        ]
        change(&interaction)
        return interaction
    }

    private func trace(
        keepsContent: Bool = true, _ change: (inout Interaction) -> Void = { _ in }
    ) throws -> InteractionTrace {
        try #require(InteractionTrace(try interaction(change).v4Bytes, keepsContent: keepsContent))
    }

    @Test("has the model call on top, named by operation and model")
    func modelCall() throws {
        let call = try #require(try trace().spans.first)
        #expect((call.name, call.kind, call.parentID) == ("chat m", .client, nil))
        #expect(call.end.microseconds - call.start.microseconds == 250_000)
        #expect(call["gen_ai.usage.input_tokens"] == .int(2))
        #expect(call["gen_ai.response.finish_reasons"] == .strings(["stop"]))
        #expect(call["gen_ai.request.temperature"] == .double(0.5))
        #expect(call["steno.connection"] == .string(#"{"state":"new"}"#))
        #expect(call["tokens_used"] == nil)
        #expect(call.failure == nil)
    }

    @Test("tells messages, instructions and tools as JSON text")
    func content() throws {
        let call = try #require(try trace().spans.first)
        #expect(
            call["gen_ai.output.messages"]
                == .string(#"[{"role":"assistant","parts":[{"type":"text","content":"Sun"}],"finish_reason":"stop"}]"#))
        #expect(call["gen_ai.input.messages"].map { "\($0)".contains("Weather?") } == true)
        #expect(call["gen_ai.tool.definitions"] != nil)
    }

    @Test("tells nothing of what was said where that is not wanted")
    func withoutContent() throws {
        let trace = try trace(keepsContent: false)
        let values = trace.spans.flatMap(\.attributes).map { "\($0.value)" }.joined()
        for word in ["Weather", "Sun", "kind", "Rome"] { #expect(!values.contains(word)) }
    }

    @Test("has the steps below it, the model call itself left out")
    func steps() throws {
        let spans = try trace().spans
        #expect(spans.map(\.name) == ["chat m", "execute_tool f", "tls"])
        #expect(spans.dropFirst().allSatisfy { $0.parentID == spans[0].id && $0.traceID == spans[0].traceID })
        #expect(spans[1]["gen_ai.tool.call.id"] == .string("call_1"))
        #expect(spans[1]["gen_ai.tool.call.arguments"] == .string(#"{"city":"Rome"}"#))
        #expect(spans[1].failure == "_OTHER")
        #expect(Set(spans.map(\.id)).count == 3)
    }

    @Test("hangs under the app's own span")
    func joined() throws {
        let call = try #require(try trace { $0.metadata["traceparent"] = .string(Self.parent) }.spans.first)
        #expect(Digest.hex(call.traceID) == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(call.parentID.map(Digest.hex) == "00f067aa0ba902b7")
        #expect(call.flags == 0x301)
    }

    @Test("has ids of its own otherwise, the same at every try: a turn is a trace")
    func ids() throws {
        let interaction = try interaction()
        let (first, second) = (
            InteractionTrace(interaction.v4Bytes, keepsContent: true),
            InteractionTrace(interaction.v4Bytes, keepsContent: false)
        )
        #expect(first?.spans.map(\.id) == second?.spans.map(\.id))
        #expect(first?.spans.first?.traceID == interaction.turnID.bytes)
    }

    @Test(
        "takes no other header for a parent",
        arguments: [
            "", "00-0-0-0", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        ])
    func noParent(_ header: String) {
        #expect(TraceParent(header) == nil)
    }

    @Test("tells of an error by its type")
    func errors() throws {
        let call = try #require(
            try trace {
                $0.status = .error
                $0.metadata["http.response.status_code"] = 429
            }.spans.first)
        #expect(call.failure == "429")
        #expect(call["error.type"] == .string("429"))
    }

    @Test("has question and answer of what an app wrote itself")
    func received() throws {
        let trace = try trace {
            $0.metadata = JSON.Object()
            $0.input.request = .none
            $0.output.body = nil
            $0.output.response = "done"
            $0.spans = []
        }
        let call = try #require(trace.spans.first)
        #expect(
            call["gen_ai.input.messages"]
                == .string(#"[{"role":"user","parts":[{"type":"text","content":"Weather?"}]}]"#))
        #expect(call["gen_ai.output.messages"].map { "\($0)".contains("done") } == true)
    }

    @Test("is none of what is no interaction")
    func none() {
        #expect(InteractionTrace(Array("{}".utf8), keepsContent: true) == nil)
    }
}

extension TraceSpan {
    fileprivate subscript(name: String) -> Value? { attributes.first { $0.name == name }?.value }
}
