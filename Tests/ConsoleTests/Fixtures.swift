import FoundationEssentials
package import Interactions
import Logging
import Store
import TestSupport

@testable import Console

extension Interaction {
    static func sample(
        thread: UUID = .v7(), turn: UUID = .v7(), query: String = "How tall is it?", response: String = "828 metres.",
        start: Timestamp = .second(1_800_000_000), calls: [JSON] = [], reasoning: String? = nil,
        messages: [JSON]? = nil, metadata: JSON.Object = JSON.Object(), route: String? = "default",
        outcome: String = "complete", spans: [Interaction.Span] = []
    ) -> Interaction {
        var metadata = metadata
        if let route { metadata["steno.route"] = .string(route) }
        metadata["steno.outcome"] = .string(outcome)
        let body: JSON = [
            "model": "m-1", "messages": .array(messages ?? [["role": "user", "content": .string(query)]]),
        ]
        return Interaction(
            id: .v7(), threadID: thread, turnID: turn, applicationVariantID: "local",
            input: Input(
                query: query,
                request: Request(method: "POST", path: "/v1/chat/completions", headers: [], body: body)),
            output: Output(response: response, body: ["id": "r"], status: 200, toolCalls: calls, reasoning: reasoning),
            start: start, durationMilliseconds: 1000, status: outcome == "complete" ? .success : .error,
            metadata: metadata, spans: spans)
    }

    /// A turn of two exchanges: a question, a tool call with reasoning, its result, the answer.
    static func toolTurn(thread: UUID = .v7(), start: Int64 = 1_800_000_000) -> [Interaction] {
        let turn = UUID.v7()
        let question: JSON = ["role": "user", "content": "Weather in Paris?"]
        let call: JSON = ["id": "c1", "name": "weather", "arguments": ["city": "Paris"]]
        let result = Span(
            nodeID: "weather", operation: .custom, start: .second(start + 1), durationMilliseconds: 1000,
            input: ["city": "Paris"], output: ["result": "sunny"], metadata: ["id": "c1"])
        return [
            .sample(
                thread: thread, turn: turn, query: "Weather in Paris?", response: "", start: .second(start),
                calls: [call], reasoning: "I should look.", messages: [question]),
            .sample(
                thread: thread, turn: turn, query: "Weather in Paris?", response: "It is sunny.",
                start: .second(start + 2),
                messages: [question, ["role": "tool", "tool_call_id": "c1", "content": "sunny"]], spans: [result]),
        ]
    }
}

extension JSON.Object: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSON)...) {
        self.init(elements.map { JSON.Member($0.0, $0.1) })
    }
}
