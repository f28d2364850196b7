import Interactions
import Store

extension StoredEvent {
    /// What is known of an exchange that is not recorded, in v4 form; `steno.state` tells it from what is.
    ///
    /// - Parameter now: up to when one has taken that runs.
    func document(at now: Timestamp) -> JSON {
        let elapsed = max(0, now.microseconds - createdAt.microseconds) / 1000
        return .object([
            "application_variant_id": .string(variant), "thread_id": .string(threadID.text),
            "input": ["query": ""], "output": ["response": ""],
            "start_timestamp": .string(createdAt.rfc3339),
            "duration_ms": state == .running ? .int(Int(elapsed)) : nil,
            "operation_status": status.map { .string($0.rawValue) },
            "operation_metadata": .object([
                "steno.interaction_id": .string(interactionID.text), "steno.route": route.map { .string($0) },
                "steno.state": state.map { .string($0.rawValue) },
            ]),
        ])
    }
}
