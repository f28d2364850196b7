import Interactions
import Store

extension ExchangeSummary {
    var json: JSON { .object(members) }

    var members: JSON.Object {
        let firstToken = firstToken.map { JSON.double(Double($0) / 1000) }
        let members: KeyValuePairs<String, JSON?> = [
            "id": .id(id), "sequence": .int(sequence), "thread_id": .id(threadID), "turn_id": .id(turnID),
            "start_timestamp": .string(start.rfc3339), "duration_ms": .int(durationMilliseconds),
            "operation_status": .string(status.rawValue), "complete": .bool(isComplete),
            "http_status": httpStatus.map { .int($0) }, "outcome": outcome.map { .string($0) },
            "route": route.map { .string($0) }, "dialect": dialect.map { .string($0) },
            "model": model.map { .string($0) }, "prompt_tokens": promptTokens.map { .int($0) },
            "response_tokens": responseTokens.map { .int($0) }, "time_to_first_token_ms": firstToken,
            "user": user.map { .string($0) }, "tools": tools.flatMap { try? JSON(parsing: $0) } ?? [],
            "redactions": redactions.flatMap { try? JSON(parsing: $0) } ?? .object(JSON.Object()),
            "query": .string(query), "response": .string(response),
        ]
        return JSON.object(members).object ?? JSON.Object()
    }
}

extension ExchangeFilter {
    static func read(_ parameters: inout QueryParameters) -> ExchangeFilter {
        var filter = ExchangeFilter()
        filter.search = parameters.text("q")
        filter.threadID = parameters.uuid("thread")
        filter.model = parameters.text("model")
        filter.route = parameters.text("route")
        filter.user = parameters.text("user")
        filter.tool = parameters.text("tool")
        filter.isError = parameters.choice("status", ["success": false, "error": true])
        filter.httpStatus = parameters.integer("http_status", from: 100, to: 999)
        filter.from = parameters.time("from")
        filter.to = parameters.time("to")
        filter.slowerThan = parameters.integer("slower_than", from: 0)
        return filter
    }
}

extension OpenExchange {
    var json: JSON {
        [
            "id": .id(id), "thread_id": .id(threadID), "start_timestamp": .string(start.rfc3339),
            "route": .string(route), "method": .string(method), "path": .string(path),
        ]
    }
}

extension ExchangeFilter {
    /// What is known of an exchange that runs must fit; what a filter asks for besides, none has yet.
    func admits(_ exchange: OpenExchange, now: Timestamp = .now) -> Bool {
        let isOpen = (search, model, user, tool) == (nil, nil, nil, nil) && isError == nil && httpStatus == nil
        guard isOpen, route == nil || route == exchange.route else { return false }
        if let from, exchange.start < from { return false }
        if let to, exchange.start > to { return false }
        if let slowerThan, now.microseconds - exchange.start.microseconds <= Int64(slowerThan) * 1000 { return false }
        return threadID == nil || threadID == exchange.threadID
    }
}

extension Store {
    /// Those that run and fit, as many as lists show of them, the oldest first.
    func running(_ filter: ExchangeFilter) throws(StoreError) -> JSON {
        let open = try openExchanges(inThread: filter.threadID)
        return .array(open.filter { filter.admits($0) }.prefix(100).map(\.json))
    }
}

extension Statistics {
    var json: JSON {
        .object([
            "interactions": .int(interactions), "errors": .int(errors), "threads": .int(threads),
            "duration_ms": duration?.json ?? .null, "time_to_first_token_ms": firstToken?.json ?? .null,
            "models": .array(
                models.map {
                    [
                        "name": .string($0.name), "interactions": .int($0.interactions),
                        "prompt_tokens": .int($0.promptTokens), "response_tokens": .int($0.responseTokens),
                    ]
                }),
            "tools": .array(tools.map(\.json)), "redactions": .array(redactions.map(\.json)),
            "buckets": .array(
                buckets.map {
                    [
                        "start": .string($0.start.rfc3339), "interactions": .int($0.interactions),
                        "errors": .int($0.errors), "tokens": .int($0.tokens),
                    ]
                }),
        ])
    }
}

extension Statistics.Percentiles {
    /// In milliseconds.
    fileprivate var json: JSON {
        func milliseconds(_ value: Int64) -> JSON { .double(Double(value) / 1000) }
        return ["p50": milliseconds(p50), "p95": milliseconds(p95), "p99": milliseconds(p99)]
    }
}

extension Statistics.Count {
    fileprivate var json: JSON { ["name": .string(name), "count": .int(count)] }
}
