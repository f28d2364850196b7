import Interactions

extension Reading {
    /// The model call, the making of its connection, and each tool run at the vendor's.
    func spans(keepsContent: Bool) -> [Interaction.Span] {
        var spans = [completion]
        if let connection = exchange.connection, !connection.isReused {
            let reach = connection.nameLookup + connection.connect
            var made = span("connect", .custom, from: connection.startedAt, lasting: reach)
            made.metadata.members = [
                JSON.Member(.dnsMilliseconds, .milliseconds(connection.nameLookup)),
                JSON.Member(.connectMilliseconds, .milliseconds(connection.connect)),
            ]
            spans.append(made)
            if connection.tls > 0 {
                var secured = span("tls", .custom, from: connection.startedAt + reach, lasting: connection.tls)
                secured.metadata.members = [JSON.Member(.tlsMilliseconds, .milliseconds(connection.tls))]
                spans.append(secured)
            }
        }
        for run in answer.toolRuns { spans.append(span(of: run, keepsContent: keepsContent)) }
        return spans
    }

    private var completion: Interaction.Span {
        var node = dialect.operation ?? Provider.operation(path: path) ?? "request"
        let model = requestModel
        if let model { node += " " + model }
        var span = span(node, dialect.span, from: 0, lasting: exchange.duration)
        span.status = status
        span.metadata.members.reserveCapacity(3)
        if let model = answer.model ?? model { span.metadata.members.append(JSON.Member("model", .string(model))) }
        if let input = answer.usage?.input {
            span.metadata.members.append(JSON.Member(.promptTokens, .int(input)))
        }
        if let output = answer.usage?.output {
            span.metadata.members.append(JSON.Member(.responseTokens, .int(output)))
        }
        return span
    }

    /// Its time is known from a stream only; otherwise it is somewhere within the model call's.
    private func span(of run: ToolRun, keepsContent: Bool) -> Interaction.Span {
        let marks = run.id.flatMap { stream?.toolRuns[$0] }
        let began = mark(of: marks?.began)
        let ended = mark(of: marks?.ended) ?? exchange.duration
        var span = span(
            run.name, run.isRetrieval ? .retrieval : .custom, from: began ?? 0, lasting: ended - (began ?? 0))
        span.status = run.hasFailed ? .error : .success
        if let id = run.id { span.metadata["id"] = .string(id) }
        if began == nil { span.metadata["steno.time"] = "within the model call" }
        guard keepsContent else { return span }
        if let input = run.input, !input.isBlank {
            span.input = input.object ?? JSON.Object([JSON.Member(.input, input)])
        }
        if let output = run.output, !output.isBlank {
            span.output = JSON.Object([JSON.Member("result", Media.digested(output))])
        }
        return span
    }

    private func span(
        _ node: String, _ operation: Interaction.Span.Operation, from start: Exchange.Mark, lasting: Int64
    ) -> Interaction.Span {
        Interaction.Span(
            nodeID: node, operation: operation, start: exchange.start.advanced(byNanoseconds: start),
            durationMilliseconds: Int(max(0, lasting) / 1_000_000))
    }
}
