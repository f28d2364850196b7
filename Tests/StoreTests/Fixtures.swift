import FoundationEssentials
import Interactions
import Store
import Testing

extension Interaction {
    static func sample(
        id: UUID = .v7(), thread: UUID = .v7(), turn: UUID = .v7(), query: String = "How tall is it?",
        response: String = "828 metres.", start: Timestamp = Timestamp(microseconds: 1_800_000_000_000_000),
        status: Status = .success, metadata: JSON.Object = JSON.Object()
    ) -> Interaction {
        let request = Request(
            method: "POST", path: "/v1/chat/completions", headers: [HeaderField("content-type", "application/json")],
            body: ["model": "m-1", "messages": [["role": "user", "content": .string(query)]]])
        return Interaction(
            id: id, threadID: thread, turnID: turn, applicationVariantID: "local",
            input: Input(query: query, request: request),
            output: Output(response: response, body: ["id": "r"], status: status == .success ? 200 : 500), start: start,
            durationMilliseconds: 12, status: status, metadata: metadata)
    }
}

extension [Interaction] {
    static func samples(_ count: Int) -> [Interaction] { (0..<count).map { .sample(query: "number \($0)") } }
}
