import FoundationEssentials
import HTTPTypes
import Hummingbird
import Interactions
import Store

/// What the viewer asks for: recorded exchanges as lists, one of them whole, and sums over them.
struct ExchangeRoutes {
    /// Beyond it a list's total is told as `null`, as counting on would take too long.
    static let countLimit = 10_000
    static let defaultSize = 50

    let reader: StoreReader
    let audit: Audit

    func add(to router: Router<ConsoleContext>) {
        let (reader, audit) = (reader, audit)
        router.only(
            "/api/v1/exchanges",
            [
                .get: { request, context in
                    var parameters = QueryParameters(request.uri.query)
                    let filter = ExchangeFilter.read(&parameters)
                    let before = parameters.integer("before", from: 1).map(Int64.init) ?? .max
                    let size = parameters.integer("size", from: 1, to: 100) ?? Self.defaultSize
                    try parameters.check()
                    let (last, found, count, running) = try await reader.read { store throws(StoreError) in
                        (
                            try store.lastCatalogued(), try store.exchanges(filter, before: before, limit: size + 1),
                            try store.count(filter, limit: Self.countLimit + 1), try store.running(filter)
                        )
                    }
                    audit.read("exchanges", by: request, context, id: filter.threadID)
                    let items = found.prefix(size)
                    let next = found.count > size ? items.last?.sequence : nil
                    return .json([
                        "items": .array(items.map(\.json)), "next": next.map { JSON.int($0) } ?? .null,
                        "total": count > Self.countLimit ? .null : .int(count), "last": .int(last),
                        "running": running,
                    ])
                }
            ])
        router.only(
            "/api/v1/exchanges/:exchange_id",
            [
                .get: { request, context in
                    guard let id = context.parameters.get("exchange_id").flatMap(UUID.init(uuidString:)) else {
                        throw APIError([
                            ValidationProblem(
                                location: ["path", "exchange_id"], message: "Input should be a valid UUID",
                                type: "uuid_parsing")
                        ])
                    }
                    let stored = try await reader.ask { store throws(StoreError) in try store.interaction(id: id) }
                    guard let stored else { throw APIError(.notFound, "Exchange not found") }
                    audit.read("exchange", by: request, context, id: id)
                    guard stored.isIntact else {
                        throw APIError(.internalServerError, "the stored interaction is damaged")
                    }
                    return .json(stored.v4)
                }
            ])
        router.only(
            "/api/v1/statistics",
            [
                .get: { request, context in
                    var parameters = QueryParameters(request.uri.query)
                    let to = parameters.time("to") ?? .now
                    let from = parameters.time("from") ?? Timestamp(microseconds: to.microseconds - 3_600_000_000)
                    let buckets = parameters.integer("buckets", from: 1, to: 500) ?? 60
                    try parameters.check()
                    let statistics = try await reader.read { store throws(StoreError) in
                        try store.statistics(from: from, to: to, buckets: buckets)
                    }
                    var object = statistics.json.object ?? JSON.Object()
                    object["from"] = .string(from.rfc3339)
                    object["to"] = .string(to.rfc3339)
                    return .json(.object(object))
                }
            ])
        router.only(
            "/api/v1/choices",
            [
                .get: { request, context in
                    let choices = try await reader.read { store throws(StoreError) in try store.choices() }
                    audit.read("choices", by: request, context)
                    return .json(
                        .object(
                            JSON.Object(
                                choices.sorted { $0.key < $1.key }.map { name, values in
                                    JSON.Member(name, .array(values.map { .string($0) }))
                                })))
                }
            ])
    }
}
