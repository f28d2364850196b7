import FoundationEssentials
import Interactions
import Store

/// An event in the read API's form, with those that hang under it.
struct EventDetail {
    let event: StoredEvent
    /// The whole of its text.
    var text: String
    var reactions: [ReactionCount] = []
    var receipts: [Receipt] = []
    /// `nil`: they were not asked for.
    var nested: [EventDetail]?

    var json: JSON {
        .object([
            "id": .id(event.id),
            "created_at": .string(event.createdAt.rfc3339),
            "channel_id": .id(event.threadID),
            "participant": participant,
            "content": .array(content),
            "content_role": .string(event.role.name),
            "complete": .bool(event.isComplete),
            "metadata": metadata,
            "nested_interactions": nested.map { .array($0.map(\.json)) },
            "interaction_id": event.turnID.map { JSON.id($0) } ?? .null,
            "span_id": .id(event.id),
            "parent_span_id": event.parentID.map { JSON.id($0) } ?? .null,
            "organization_id": .null,
            "organization_application": event.variant.isEmpty ? .null : .string(event.variant),
            "reactions": .array(reactions.map(\.json)),
            "agent_read_receipts": .array(receipts.map(\.json)),
        ])
    }

    private var participant: JSON {
        switch (event.role, event.kind) {
        case (.user, _): ["type": "user", "user_id": event.user.map { JSON.string($0) } ?? .null]
        case (_, .toolResult): ["type": "tool", "user_id": .null]
        default: ["type": "agent", "user_id": .null]
        }
    }

    private var content: [JSON] {
        if text.isEmpty, event.kind == .text { return [] }
        let id = event.callID.map { JSON.string($0) }
        let name = event.name.map { JSON.string($0) }
        let arguments = event.kind == .toolCall ? (try? JSON(parsing: text)) ?? .string(text) : nil
        return [
            .object([
                "type": .string(event.kind.rawValue), "text": .string(text), "id": id, "name": name,
                "arguments": arguments,
            ])
        ]
    }

    private var metadata: JSON {
        .object([
            "steno.interaction_id": .id(event.interactionID),
            "steno.route": event.route.map { .string($0) },
            "steno.outcome": event.outcome.map { .string($0) },
            "steno.state": event.state.map { .string($0.rawValue) },
            "operation_status": event.status.map { .string($0.rawValue) },
            "http.response.status_code": event.httpStatus.map { .int($0) },
            "duration_ms": event.durationMilliseconds.map { .int($0) },
            "gen_ai.response.model": event.model.map { .string($0) },
            "prompt_tokens": event.promptTokens.map { .int($0) },
            "response_tokens": event.responseTokens.map { .int($0) },
        ])
    }
}

extension EventDetail {
    /// Each of `tops` with the tree that hangs under it.
    ///
    /// - Parameters:
    ///   - events: all of their turns, in order.
    ///   - make: gives an event its text, reactions and receipts.
    static func trees(
        _ tops: [StoredEvent], of events: [StoredEvent], make: (StoredEvent) -> EventDetail
    ) -> [EventDetail] {
        var children: [UUID: [StoredEvent]] = [:]
        for event in events where event.role == .reasoning {
            if let parent = event.parentID { children[parent, default: []].append(event) }
        }
        func tree(_ event: StoredEvent, _ depth: Int) -> EventDetail {
            var detail = make(event)
            let below = depth < 64 ? children[event.id] ?? [] : []
            detail.nested = below.map { tree($0, depth + 1) }
            return detail
        }
        return tops.map { tree($0, 0) }
    }
}

extension EventDraft.Role {
    /// `content_role`.
    var name: String {
        switch self {
        case .user: "user_message"
        case .reasoning: "agent_reasoning"
        case .response: "agent_response"
        }
    }
}

extension JSON {
    static func id(_ id: UUID) -> JSON { .string(id.text) }
}

extension ReactionCount {
    fileprivate var json: JSON {
        [
            "interaction_id": .id(eventID), "emoji": .string(emoji), "count": .int(count),
            "reacted_by_me": .bool(includesPerson),
        ]
    }
}

extension Receipt {
    fileprivate var json: JSON {
        let agentID = AgentID.of(agent)
        return [
            "id": .id(.v5(namespace: eventID, name: agent)), "message_event_id": .id(eventID),
            "interaction_id": .id(turnID), "agent_id": .id(agentID), "read_at": .string(readAt.rfc3339),
        ]
    }
}

/// The read API's name for an agent: the application variant, where that is a UUID, else a UUIDv5 of it.
enum AgentID {
    private static let namespace = UUID.v5(
        namespace: UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)), name: "steno agents")

    static func of(_ variant: String) -> UUID {
        UUID(uuidString: variant) ?? .v5(namespace: namespace, name: variant)
    }
}
