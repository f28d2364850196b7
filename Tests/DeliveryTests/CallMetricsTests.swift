import Interactions
import MetricsTestKit
import Store
import Testing

@testable import Delivery

@Suite struct CallMetricsTests {
    private let metrics = TestMetrics()
    private let call = [
        ("gen_ai_operation_name", "chat"), ("gen_ai_provider_name", "openai"), ("gen_ai_request_model", "gpt"),
        ("gen_ai_response_model", "gpt-1"),
    ]

    private func interaction(_ more: [(String, JSON)] = [], status: Interaction.Status = .success) -> Interaction {
        var interaction = Interaction.sample()
        interaction.durationMilliseconds = 2200
        interaction.status = status
        let metadata: [(String, JSON)] = [
            ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt"),
            ("gen_ai.response.model", "gpt-1"), ("gen_ai.usage.input_tokens", .int(70)),
            ("gen_ai.usage.output_tokens", .int(11)),
        ]
        for (name, value) in metadata + more { interaction.metadata[name] = value }
        return interaction
    }

    private func values(_ name: String, _ more: [(String, String)] = []) -> [Double]? {
        try? metrics.expectRecorder(name, call + more).values
    }

    @Test("A streamed call has its duration, its tokens, its first token and the time of each that follows")
    func streamed() {
        let streamed = interaction([("steno.time_to_first_token_ms", .int(200))])
        DeliveryMetrics(factory: metrics).recorded([InteractionRow(streamed)])
        #expect(values("gen_ai_client_operation_duration_seconds") == [2.2])
        #expect(values("gen_ai_client_token_usage", [("gen_ai_token_type", "input")]) == [70])
        #expect(values("gen_ai_client_token_usage", [("gen_ai_token_type", "output")]) == [11])
        #expect(values("gen_ai_server_time_to_first_token_seconds") == [0.2])
        #expect(values("gen_ai_server_time_per_output_token_seconds") == [0.2])
    }

    @Test("A failed call has its error, and no times of tokens")
    func failed() {
        let failed = interaction(
            [("steno.time_to_first_token_ms", .int(200)), ("error.type", "overloaded")], status: .error)
        DeliveryMetrics(factory: metrics).recorded([InteractionRow(failed)])
        #expect(values("gen_ai_client_operation_duration_seconds", [("error_type", "overloaded")]) == [2.2])
        #expect(values("gen_ai_server_time_to_first_token_seconds") == nil)
        #expect(values("gen_ai_server_time_per_output_token_seconds") == nil)
    }

    @Test("Calls of one kind are measured together, and apart from others")
    func kinds() {
        let metrics = DeliveryMetrics(factory: metrics)
        metrics.recorded([interaction(), interaction([("gen_ai.request.model", "gpt-2")])].map(InteractionRow.init))
        metrics.recorded([InteractionRow(interaction([("gen_ai.usage.output_tokens", .int(12))]))])
        #expect(values("gen_ai_client_operation_duration_seconds") == [2.2, 2.2])
        #expect(values("gen_ai_client_token_usage", [("gen_ai_token_type", "output")]) == [11, 12])
    }

    @Test("What calls no model is not measured")
    func others() {
        DeliveryMetrics(factory: metrics).recorded([InteractionRow(Interaction.sample())])
        #expect(!metrics.recorders.contains { $0.label.hasPrefix("gen_ai_") })
    }

    @Test("Models that apps make up become one series when they are too many, or too long")
    func bounded() {
        let names = BoundedNames(limit: 2, other: "other")
        let long = String(repeating: "x", count: 101)
        #expect(["a", "b", "c", "a", "b", long].map(names.admitted) == ["a", "b", "other", "a", "b", "other"])
    }
}
