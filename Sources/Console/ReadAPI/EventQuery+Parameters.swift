import FoundationEssentials
import Store

extension EventQuery {
    /// Of `GET /api/v1/interactions`; throws all that is wrong with it.
    static func read(_ parameters: inout QueryParameters) throws(APIError) -> (query: EventQuery, nested: Bool) {
        let end = parameters.time("end_time", isRequired: true)
        let size = parameters.integer("size", from: 1, to: 100)
        let page = parameters.integer("page", from: 1)
        let order = parameters.choice("sort_order", ["asc": Order.ascending, "desc": .descending])
        let thread = parameters.uuid("channel_id")
        let role = parameters.choice(
            "type",
            [
                "user_message": EventDraft.Role.user, "agent_reasoning": .reasoning, "agent_response": .response,
            ])
        let nested = parameters.flag("include_nested_interactions")
        let incomplete = parameters.flag("include_incomplete", takesNull: true)
        let external = parameters.flag("include_external_agents")
        try parameters.check()
        guard let end else { throw APIError([]) }
        var query = EventQuery(end: end)
        query.size = size ?? query.size
        query.page = page ?? query.page
        query.order = order ?? query.order
        query.threadID = thread
        query.role = role
        query.route = parameters.text("source")
        query.variant = parameters.text("agent_id")
        query.includesIncomplete = incomplete
        query.includesExternal = external
        return (query, nested)
    }
}
