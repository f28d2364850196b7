import FoundationEssentials
import Interactions
import Store

/// What the v4 API shows of what was recorded.
struct InteractionEntity {
    private let id: UUID
    private let recordedAt: Timestamp
    private let document: JSON

    /// `nil` where the store gave back something else than it was given.
    init?(_ stored: StoredInteraction) {
        guard stored.isIntact, let document = try? JSON(parsing: stored.v4), document.object != nil else { return nil }
        id = stored.id
        recordedAt = stored.recordedAt
        self.document = document
    }

    /// The answer to who wrote it: what was recorded, with ids.
    var written: JSON {
        var object = document.object ?? JSON.Object()
        if !spans.isEmpty { object["trace_spans"] = .array(spans) }
        object.members.insert(JSON.Member("id", .string(id.text)), at: 0)
        return .object(object)
    }

    /// As an entry of its thread.
    func message(withSpans: Bool) -> JSON {
        .object([
            "entry": .object([
                "id": .string(id.text), "application_variant_id": document["application_variant_id"],
                "application_spec_id": document["application_variant_id"], "aggregated": false,
                "created_at": .string(recordedAt.rfc3339), "chat_thread_id": document["thread_id"],
                "start_timestamp": document["start_timestamp"], "duration_ms": document["duration_ms"],
                "operation_status": document["operation_status"], "input": document["input"],
                "output": document["output"], "operation_metadata": document["operation_metadata"],
            ]),
            "spans": withSpans ? .array(spans) : nil,
        ])
    }

    private var spans: [JSON] {
        (document["trace_spans"]?.array ?? []).enumerated().map { index, span in
            var object = span.object ?? JSON.Object()
            let name = UUID.v5(namespace: id, name: "trace_spans/\(index)").text
            object.members.insert(
                contentsOf: [
                    JSON.Member("id", .string(name)), JSON.Member("application_interaction_id", .string(id.text)),
                ], at: 0)
            return .object(object)
        }
    }
}

extension ThreadSummary {
    /// As the v4 API shows a thread. Steno has no accounts and no users of them.
    func v4(variant: String) -> JSON {
        [
            "id": .string(id.text), "application_variant_id": .string(variant), "title": .string(lastQuery),
            "account_id": "steno", "created_at": .string(first.rfc3339), "updated_at": .string(last.rfc3339),
            "created_by_user_id": "steno", "created_by_identity_type": "service_account",
        ]
    }
}
