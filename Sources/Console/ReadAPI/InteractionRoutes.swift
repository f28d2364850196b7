import FoundationEssentials
import HTTPTypes
import Hummingbird
import Interactions
import Store

/// `/api/v1/interactions`: what was said, event by event, and people's reactions to it.
struct InteractionRoutes {
    let reader: StoreReader
    let audit: Audit

    func add(to router: Router<ConsoleContext>) {
        let (reader, audit) = (reader, audit)
        router.only(
            "/api/v1/interactions",
            [
                .get: { request, context in
                    var parameters = QueryParameters(request.uri.query)
                    let (query, nested) = try EventQuery.read(&parameters)
                    let person = Self.person(request)
                    let page = try await reader.read { store throws(StoreError) in
                        try EventReader(store: store, person: person).page(query, nested: nested)
                    }
                    audit.read("interactions", by: request, context, id: query.threadID)
                    return .json(page)
                }
            ])
        router.only(
            "/api/v1/interactions/:interaction_id",
            [
                .get: { request, context in
                    let id = try Self.id(context)
                    var parameters = QueryParameters(request.uri.query)
                    let nested = parameters.flag("include_nested_interactions")
                    try parameters.check()
                    let detail = try await Self.detail(of: id, nested: nested, request, reader)
                    audit.read("interaction", by: request, context, id: id)
                    return .json(detail.json)
                }
            ])
        router.only(
            "/api/v1/interactions/:interaction_id/reactions",
            [
                .post: { request, context in
                    let id = try Self.id(context)
                    let emoji = try await Self.emoji(inBodyOf: request)
                    let person = Self.person(request)
                    let event = try await Self.detail(of: id, nested: false, request, reader).event.id
                    let isTaken = try await reader.ask { store throws(StoreError) in
                        try store.react(to: event, with: emoji, person: person)
                    }
                    guard isTaken else {
                        throw APIError(.conflict, "the interaction has as many kinds of reactions as it can")
                    }
                    return .json(try await Self.detail(of: event, nested: false, request, reader).reactionsJSON)
                },
                .delete: { request, context in
                    let id = try Self.id(context)
                    let parameters = QueryParameters(request.uri.query)
                    guard let emoji = parameters.text("emoji"), Self.isEmoji(emoji) else {
                        throw APIError([Self.emojiProblem("query")])
                    }
                    let person = Self.person(request)
                    let event = try await Self.detail(of: id, nested: false, request, reader).event.id
                    try await reader.ask { store throws(StoreError) in
                        try store.takeBackReaction(to: event, with: emoji, person: person)
                    }
                    return .json(try await Self.detail(of: event, nested: false, request, reader).reactionsJSON)
                },
            ])
    }

    private static func detail(
        of id: UUID, nested: Bool, _ request: Request, _ reader: StoreReader
    ) async throws(APIError) -> EventDetail {
        let person = person(request)
        let detail = try await reader.read { store throws(StoreError) in
            try EventReader(store: store, person: person).detail(of: id, nested: nested)
        }
        guard let detail else { throw APIError(.notFound, "Interaction not found") }
        return detail
    }

    private static func id(_ context: ConsoleContext) throws(APIError) -> UUID {
        guard let text = context.parameters.get("interaction_id"), let id = UUID(uuidString: text) else {
            throw APIError([
                ValidationProblem(
                    location: ["path", "interaction_id"], message: "Input should be a valid UUID",
                    type: "uuid_parsing")
            ])
        }
        return id
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
        guard let body = try? JSON(parsing: Array(buffer.readableBytesView)), case .string(let emoji)? = body["emoji"],
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
