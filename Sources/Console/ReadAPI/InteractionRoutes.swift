import FoundationEssentials
import HTTPTypes
import Hummingbird
import Interactions
import Store

/// `/api/v1/interactions`: what was said, event by event, and people's reactions to it.
struct InteractionRoutes: Sendable {
    let reader: StoreReader
    let audit: Audit

    func add(to router: Router<ConsoleContext>) {
        router.only("/api/v1/interactions", [.get: list])
        router.only("/api/v1/interactions/:interaction_id", [.get: one])
        router.only("/api/v1/interactions/:interaction_id/reactions", [.post: react, .delete: takeBack])
    }

    private func list(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query)
        let (query, nested) = try EventQuery.read(&parameters)
        let person = Self.person(request)
        let page = try await reader.read { store throws(StoreError) in
            try EventReader(store: store, person: person).page(query, nested: nested)
        }
        audit.read("interactions", by: request, context, id: query.threadID)
        return .json(page)
    }

    private func one(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let id = try context.id("interaction_id")
        var parameters = QueryParameters(request.uri.query)
        let nested = parameters.flag("include_nested_interactions")
        try parameters.check()
        let detail = try await detail(of: id, nested: nested, for: Self.person(request))
        audit.read("interaction", by: request, context, id: id)
        return .json(detail.json)
    }

    private func react(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let id = try context.id("interaction_id")
        let emoji = try await Self.emoji(inBodyOf: request)
        return try await reactions(to: id, by: Self.person(request)) { store, event, person throws(StoreError) in
            try store.react(to: event, with: emoji, person: person)
        }
    }

    private func takeBack(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let id = try context.id("interaction_id")
        let parameters = QueryParameters(request.uri.query)
        guard let emoji = parameters.text("emoji"), Self.isEmoji(emoji) else {
            throw APIError([Self.emojiProblem("query")])
        }
        return try await reactions(to: id, by: Self.person(request)) { store, event, person throws(StoreError) in
            try store.takeBackReaction(to: event, with: emoji, person: person)
            return true
        }
    }

    /// As they are once the change is made; the change says whether there was room for it.
    private func reactions(
        to id: UUID, by person: String,
        change: @escaping @Sendable (Store, UUID, String) throws(StoreError) -> Bool
    ) async throws(APIError) -> Response {
        let event = try await detail(of: id, nested: false, for: person).event.id
        let isTaken = try await reader.ask { store throws(StoreError) in try change(store, event, person) }
        guard isTaken else {
            throw APIError(.conflict, "the interaction has as many kinds of reactions as it can")
        }
        return .json(try await detail(of: event, nested: false, for: person).reactionsJSON)
    }

    private func detail(of id: UUID, nested: Bool, for person: String) async throws(APIError) -> EventDetail {
        let detail = try await reader.read { store throws(StoreError) in
            try EventReader(store: store, person: person).detail(of: id, nested: nested)
        }
        guard let detail else { throw APIError(.notFound, "Interaction not found") }
        return detail
    }

    /// Who says to be asking: all who hold the token may say they are anybody.
    private static func person(_ request: Request) -> String {
        HTTPField.Name("x-steno-user-id").flatMap { request.headers[$0] }.map { String($0.prefix(200)) } ?? ""
    }

    private static func emoji(inBodyOf request: Request) async throws -> String {
        guard MediaType(from: request.headers[.contentType] ?? "")?.isType(.applicationJson) == true else {
            throw APIError(.unsupportedMediaType, "send application/json")
        }
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: 4096)
        } catch {
            throw APIError(.contentTooLarge, "the body is too large")
        }
        guard let body = try? JSON(parsing: buffer.readableBytesUInt8Span), case .string(let emoji)? = body["emoji"],
            isEmoji(emoji)
        else { throw APIError([emojiProblem("body")]) }
        return emoji
    }

    /// One to 32 code points, no control characters among them.
    private static func isEmoji(_ text: String) -> Bool {
        (1...32).contains(text.unicodeScalars.count)
            && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }

    private static func emojiProblem(_ place: String) -> ValidationProblem {
        ValidationProblem(
            location: [place, "emoji"], message: "String should have 1 to 32 characters", type: "string_too_long")
    }
}

extension EventDetail {
    fileprivate var reactionsJSON: JSON { ["reactions": json["reactions"] ?? []] }
}
