import Interactions

@testable import steno

/// An interaction as it is recorded, with what a test cares about put in.
func view(
    query: String = "What is the weather in Paris?", response: String = "It is sunny.", reasoning: String? = nil,
    toolCalls: JSON? = nil, body: JSON = .object([:]), turn: String = "t1", status: Int = 200, isError: Bool = false,
    extra: KeyValuePairs<String, JSON?> = [:]
) -> InteractionView {
    var metadata = JSON.Object([
        .init("tokens_used", 12), .init("prompt_tokens", 5), .init("response_tokens", 7),
        .init("gen_ai.response.model", "gpt-test"), .init("gen_ai.response.finish_reasons", ["stop"]),
        .init("steno.interaction_id", "01a1fddf-c409-7820-b260-d0750e57c050"), .init("steno.turn_id", .string(turn)),
        .init("steno.route", "openai"), .init("steno.dialect", "openai.chat"), .init("steno.outcome", "complete"),
        .init("steno.thread_source", "x-thread-id"), .init("steno.time_to_first_byte_ms", 120),
        .init("steno.connection", ["state": "new", "dns_ms": 1, "connect_ms": .double(2.25), "tls_ms": 12]),
    ])
    for (name, value) in extra { metadata[name] = value }
    return InteractionView(
        v4: .object([
            "thread_id": "27eb0e68-126f-5dd7-9337-ff2a5ffceb1f",
            "input": .object([
                "query": .string(query),
                "request": .object(["method": "POST", "path": "/v1/chat/completions", "body": body]),
            ]),
            "output": .object([
                "response": .string(response), "status": .int(status), "tool_calls": toolCalls,
                "reasoning": reasoning.map { .string($0) },
            ]),
            "start_timestamp": "2026-11-21T11:31:02.793123Z", "duration_ms": 1234,
            "operation_status": isError ? "ERROR" : "SUCCESS", "operation_metadata": .object(metadata),
        ]))
}
