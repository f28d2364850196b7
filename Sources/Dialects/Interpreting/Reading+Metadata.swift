import Interactions

extension Reading {
    /// `operation_metadata`, under DESIGN's names. The app's own keys stand only where they are not Steno's.
    var metadata: JSON.Object {
        var list = MetadataList()
        addModelCall(to: &list)
        addUsage(to: &list)
        addSteno(to: &list)
        let own = list.object.members.count
        for (name, value) in headers.metadata where !MetadataList.reserved.contains(name) {
            let isTaken = list.object.members.prefix(own).contains { $0.name == name }
            if !isTaken { list.object[name] = .string(value) }
        }
        return list.object
    }

    private func addModelCall(to list: inout MetadataList) {
        list.add(
            .providerName,
            Provider.name(route: exchange.route.name, host: headers.host, path: path, dialect: dialect))
        list.add(.operationName, dialect.operation ?? Provider.operation(path: path))
        list.add(.requestModel, requestModel)
        if let parameters = requestContent.json.map(dialect.parameters) {
            parameters.append(to: &list.object.members)
        }
        list.add(.responseModel, answer.model)
        list.add(.responseID, answer.id)
        let reasons = answer.finishReasons
        if !reasons.isEmpty {
            list.add(.finishReasons, .array(reasons.map { .string($0) }))
        }
        list.add(.conversationID, thread.id.text)
        list.add(.statusCode, exchange.response.map { .int($0.status) })
        list.add(.errorType, errorType)
    }

    var requestModel: String? {
        prompt.model ?? Provider.model(path: path)?.percentDecoded
    }

    private var errorType: String? {
        if outcome != .transport(.complete) && outcome != .errorInStream { return exchange.failure ?? outcome.name }
        if let failure { return failure }
        guard let status = exchange.response?.status else { return exchange.failure ?? outcome.name }
        return status >= 400 ? "\(status)" : nil
    }

    private func addUsage(to list: inout MetadataList) {
        list.add(.usage, answer.usage == nil ? "absent" : "reported")
        guard let usage = answer.usage else { return }
        list.add(.usageCounts, usage.counts)
        let sum = usage.input.flatMap { input in usage.output.map { input &+ $0 } }
        list.add(.tokensUsed, (usage.total ?? sum).map { .int($0) })
        list.add(.promptTokens, usage.input.map { .int($0) })
        list.add(.responseTokens, usage.output.map { .int($0) })
        list.add(.inputTokens, usage.input.map { .int($0) })
        list.add(.outputTokens, usage.output.map { .int($0) })
        list.add("gen_ai.usage.cache_read.input_tokens", usage.cacheRead.map { .int($0) })
        list.add("gen_ai.usage.cache_creation.input_tokens", usage.cacheCreation.map { .int($0) })
        list.add("gen_ai.usage.reasoning.output_tokens", usage.reasoning.map { .int($0) })
    }

    private func addSteno(to list: inout MetadataList) {
        list.add(.threadSource, thread.source)
        list.add(.route, exchange.route.name)
        list.add(.dialect, dialect.name)
        list.add(.outcome, outcome.name)
        list.add("steno.error", exchange.failure)
        list.add(.millisecondsToFirstByte, exchange.response.map { .milliseconds($0.headAt) })
        list.add(.millisecondsToFirstToken, firstToken.map { .milliseconds($0) })
        list.add(.millisecondsToFirstEvent, mark(of: firstEvent).map { .milliseconds($0) })
        if let tokens = stream?.tokens {
            list.add(.millisecondsToFirstText, mark(of: tokens.text).map { .milliseconds($0) })
            list.add("steno.time_to_first_reasoning_ms", mark(of: tokens.reasoning).map { .milliseconds($0) })
            list.add(
                "steno.time_to_first_tool_arguments_ms", mark(of: tokens.toolArguments).map { .milliseconds($0) })
        }
        list.add(.outputTokensPerSecond, tokensPerSecond)
        list.add(.stream, timing?.json)
        if let connection = exchange.connection {
            list.add(.connection, connection.json)
        }
        if let tunnel = exchange.tunnel { list.add("steno.tunnel", tunnel.json) }
        list.add(.requestBytes, .int(exchange.request.body.totalBytes))
        list.add(.responseBytes, exchange.response.map { .int($0.body.totalBytes) })
        list.add(.deliveredBytes, .int(exchange.deliveredBytes))
        if isTruncated { list.add(.truncated, true) }
        list.add("steno.user_id", headers.userID)
        list.add("traceparent", headers.traceparent)
    }

    /// From the first token on; less than a millisecond tells nothing about the model.
    private var tokensPerSecond: JSON? {
        guard let firstToken, let output = answer.usage?.output, output > 0 else { return nil }
        let end = exchange.response?.body.endedAt ?? exchange.duration
        guard end - firstToken >= 1_000_000 else { return nil }
        let rate = Double(output) * 1e9 / Double(end - firstToken)
        return .double((rate * 10).rounded() / 10)
    }
}

extension Exchange.Connection {
    fileprivate var json: JSON {
        if isReused { return .object(JSON.Object([JSON.Member(.state, "reused")])) }
        return [
            "state": "new", "dns_ms": .milliseconds(nameLookup), "connect_ms": .milliseconds(connect),
            "tls_ms": .milliseconds(tls),
        ]
    }
}

extension Exchange.Tunnel {
    fileprivate var json: JSON {
        .object([
            "ended_by": endedBy.map { .string($0.rawValue) },
            "up_bytes": .int(up.bytes), "up_first_ms": up.firstAt.map { .milliseconds($0) },
            "up_last_ms": up.lastAt.map { .milliseconds($0) },
            "down_bytes": .int(down.bytes), "down_first_ms": down.firstAt.map { .milliseconds($0) },
            "down_last_ms": down.lastAt.map { .milliseconds($0) },
        ])
    }
}

extension Usage {
    /// Which counts the vendor told.
    fileprivate var counts: JSON {
        func word(_ count: Int?) -> JSON { count == nil ? "absent" : "reported" }
        return .object(
            JSON.Object([
                JSON.Member(.input, word(input)), JSON.Member(.output, word(output)),
                JSON.Member(.cacheRead, word(cacheRead)), JSON.Member(.cacheCreation, word(cacheCreation)),
                JSON.Member(.reasoning, word(reasoning)),
            ]))
    }
}

private struct MetadataList {
    /// Names that are Steno's to give, now or later in the line.
    static let reserved = [
        "tokens_used", "prompt_tokens", "response_tokens", "steno.interaction_id", "steno.turn_id", "steno.redactions",
    ]

    var object = JSON.Object()

    init() { object.members.reserveCapacity(40) }

    mutating func add(_ name: DocumentName, _ value: JSON?) {
        if let value { object.members.append(JSON.Member(name, value)) }
    }

    mutating func add(_ name: DocumentName, _ value: String?) {
        if let value, !value.isEmpty { object.members.append(JSON.Member(name, .string(value))) }
    }

    /// Names that few exchanges have.
    mutating func add(_ name: String, _ value: JSON?) {
        if let value { object.members.append(JSON.Member(name, value)) }
    }

    mutating func add(_ name: String, _ value: String?) {
        if let value, !value.isEmpty { object.members.append(JSON.Member(name, .string(value))) }
    }
}

extension JSON {
    /// Nanoseconds, told in milliseconds with microseconds behind the point.
    static func milliseconds(_ nanoseconds: Int64) -> JSON {
        let micros = Int(max(0, nanoseconds) / 1000)
        return micros % 1000 == 0 ? .int(micros / 1000) : .number(Number(thousandths: UInt(micros)))
    }
}
