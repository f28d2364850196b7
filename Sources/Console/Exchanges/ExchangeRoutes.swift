import FoundationEssentials
import HTTPTypes
import Hummingbird
import Interactions
import Store

/// What the viewer asks for: recorded exchanges as lists, one of them whole, and sums over them.
struct ExchangeRoutes: Sendable {
    /// Beyond it a list's total is told as `null`, as counting on would take too long.
    static let countLimit = 10_000
    static let defaultSize = 50

    let reader: StoreReader
    let audit: Audit

    func add(to router: Router<ConsoleContext>) {
        router.only("/api/v1/exchanges", [.get: list])
        router.only("/api/v1/exchanges/:exchange_id", [.get: whole])
        router.only("/api/v1/statistics", [.get: statistics])
        router.only("/api/v1/choices", [.get: choices])
    }

    private func list(_ request: Request, _ context: ConsoleContext) async throws -> Response {
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
            "total": count > Self.countLimit ? .null : .int(count), "last": .int(last), "running": running,
        ])
    }

    private func whole(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let id = try context.id("exchange_id")
        let stored = try await reader.ask { store throws(StoreError) in try store.interaction(id: id) }
        guard let stored else { throw APIError(.notFound, "Exchange not found") }
        audit.read("exchange", by: request, context, id: id)
        guard stored.isIntact else { throw APIError(.internalServerError, "the stored interaction is damaged") }
        return .json(stored.v4)
    }

    private func statistics(_ request: Request, _ context: ConsoleContext) async throws -> Response {
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

    private func choices(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let choices = try await reader.read { store throws(StoreError) in try store.choices() }
        audit.read("choices", by: request, context)
        let members = choices.sorted { $0.key < $1.key }.map { name, values in
            JSON.Member(name, .array(values.map { .string($0) }))
        }
        return .json(.object(JSON.Object(members)))
    }
}
