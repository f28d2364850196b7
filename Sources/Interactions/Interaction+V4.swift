extension Interaction {
    /// The body of `POST /v4/interactions/`. What is absent is left out; nothing is `null` but inside captured bodies.
    /// `steno.interaction_id` and `steno.turn_id` are in `operation_metadata`, as v4 has no place of its own for them.
    package var v4: JSON {
        var metadata = metadata
        metadata["steno.interaction_id"] = .string(id.text)
        metadata["steno.turn_id"] = .string(turnID.text)
        return .object([
            "application_variant_id": .string(applicationVariantID),
            "thread_id": .string(threadID.text),
            "input": input.v4,
            "output": output.v4,
            "start_timestamp": .string(start.rfc3339),
            "duration_ms": .int(durationMilliseconds),
            "operation_status": .string(status.rawValue),
            "operation_metadata": .object(metadata),
            "trace_spans": spans.isEmpty ? nil : .array(spans.map(\.v4)),
        ])
    }
}

extension Interaction.Input {
    fileprivate var v4: JSON {
        // Values of one name are joined, as RFC 9110 §5.3 allows.
        var headers = JSON.Object()
        for field in request.headers {
            let name = field.name.lowercased()
            let earlier = headers[name]?.string.map { $0 + ", " } ?? ""
            headers[name] = .string(earlier + field.value)
        }
        return .object([
            "query": .string(query),
            "request": .object([
                "method": .string(request.method),
                "path": .string(request.path),
                "headers": .object(headers),
                "body": request.body,
            ]),
        ])
    }
}

extension Interaction.Output {
    fileprivate var v4: JSON {
        .object([
            "response": .string(response),
            "body": body,
            "status": status.map { .int($0) },
            "tool_calls": toolCalls.isEmpty ? nil : .array(toolCalls),
            "reasoning": reasoning.map { .string($0) },
            "context": context.isEmpty ? nil : .array(context),
        ])
    }
}

extension Interaction.Span {
    fileprivate var v4: JSON {
        let end = start.advanced(byNanoseconds: Int64(durationMilliseconds) * 1_000_000)
        return .object([
            "node_id": .string(nodeID),
            "operation_type": .string(operation.rawValue),
            "start_timestamp": .string(start.rfc3339),
            "end_timestamp": .string(end.rfc3339),
            "duration_ms": .int(durationMilliseconds),
            "operation_status": .string(status.rawValue),
            "operation_input": input.isEmpty ? nil : .object(input),
            "operation_output": output.isEmpty ? nil : .object(output),
            "operation_metadata": metadata.isEmpty ? nil : .object(metadata),
        ])
    }
}
