extension Interaction {
    /// The body of `POST /v4/interactions/`, as compact JSON. What is absent is left out; nothing is `null` but inside
    /// captured bodies. `steno.interaction_id` and `steno.turn_id` are in `operation_metadata`, as v4 has no place of its
    /// own for them.
    package var v4Bytes: [UInt8] {
        var out: [UInt8] = []
        // Texts stand in a body and on their own: about twice of them, and a page of all else.
        out.reserveCapacity(2 * (input.query.utf8.count + output.response.utf8.count) + 4096)
        out.append(contentsOf: #"{"application_variant_id":"#.utf8)
        JSON.write(applicationVariantID, into: &out)
        out.append(contentsOf: #","thread_id":""#.utf8)
        threadID.writeText(into: &out)
        out.append(contentsOf: #"","input":"#.utf8)
        input.writeV4(into: &out)
        out.append(contentsOf: #","output":"#.utf8)
        output.writeV4(into: &out)
        out.append(contentsOf: #","start_timestamp":""#.utf8)
        start.writeRFC3339(into: &out)
        out.append(contentsOf: #"","duration_ms":"#.utf8)
        JSON.write(durationMilliseconds, into: &out)
        out.append(contentsOf: #","operation_status":""#.utf8)
        out.append(contentsOf: status.rawValue.utf8)
        out.append(contentsOf: #"","operation_metadata":{"#.utf8)
        for member in metadata.members where member.name != Self.idName && member.name != Self.turnName {
            JSON.write(member, into: &out)
            out.append(UInt8(ascii: ","))
        }
        out.append(contentsOf: #""steno.interaction_id":""#.utf8)
        id.writeText(into: &out)
        out.append(contentsOf: #"","steno.turn_id":""#.utf8)
        turnID.writeText(into: &out)
        out.append(contentsOf: #""}"#.utf8)
        if !spans.isEmpty {
            out.append(contentsOf: #","trace_spans":"#.utf8)
            JSON.write(list: spans, into: &out) { $0.writeV4(into: &$1) }
        }
        out.append(UInt8(ascii: "}"))
        return out
    }

    /// The same for those who want to look into it.
    package var v4: JSON { (try? JSON(parsing: v4Bytes)) ?? .null }

    private static let idName = "steno.interaction_id"
    private static let turnName = "steno.turn_id"
}

extension Interaction.Input {
    fileprivate func writeV4(into out: inout [UInt8]) {
        out.append(contentsOf: #"{"query":"#.utf8)
        JSON.write(query, into: &out)
        out.append(contentsOf: #","request":{"method":"#.utf8)
        JSON.write(request.method, into: &out)
        out.append(contentsOf: #","path":"#.utf8)
        JSON.write(request.path, into: &out)
        out.append(contentsOf: #","headers":{"#.utf8)
        // Values of one name are joined, as RFC 9110 §5.3 allows.
        var headers: [(name: String, value: String)] = []
        headers.reserveCapacity(request.headers.count)
        for field in request.headers {
            let name = field.name.lowercased()
            if let index = headers.firstIndex(where: { $0.name == name }) {
                headers[index].value += ", " + field.value
            } else {
                headers.append((name, field.value))
            }
        }
        for (index, header) in headers.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            JSON.write(header.name, into: &out)
            out.append(UInt8(ascii: ":"))
            JSON.write(header.value, into: &out)
        }
        out.append(UInt8(ascii: "}"))
        if let body = request.body {
            out.append(contentsOf: #","body":"#.utf8)
            body.write(into: &out)
        }
        out.append(contentsOf: "}}".utf8)
    }
}

extension Interaction.Output {
    fileprivate func writeV4(into out: inout [UInt8]) {
        out.append(contentsOf: #"{"response":"#.utf8)
        JSON.write(response, into: &out)
        if let body {
            out.append(contentsOf: #","body":"#.utf8)
            body.write(into: &out)
        }
        if let status {
            out.append(contentsOf: #","status":"#.utf8)
            JSON.write(status, into: &out)
        }
        if !toolCalls.isEmpty {
            out.append(contentsOf: #","tool_calls":"#.utf8)
            JSON.write(list: toolCalls, into: &out) { $0.write(into: &$1) }
        }
        if let reasoning {
            out.append(contentsOf: #","reasoning":"#.utf8)
            JSON.write(reasoning, into: &out)
        }
        if !context.isEmpty {
            out.append(contentsOf: #","context":"#.utf8)
            JSON.write(list: context, into: &out) { $0.write(into: &$1) }
        }
        out.append(UInt8(ascii: "}"))
    }
}

extension Interaction.Span {
    fileprivate func writeV4(into out: inout [UInt8]) {
        out.append(contentsOf: #"{"node_id":"#.utf8)
        JSON.write(nodeID, into: &out)
        out.append(contentsOf: #","operation_type":""#.utf8)
        out.append(contentsOf: operation.rawValue.utf8)
        out.append(contentsOf: #"","start_timestamp":""#.utf8)
        start.writeRFC3339(into: &out)
        out.append(contentsOf: #"","end_timestamp":""#.utf8)
        start.advanced(byNanoseconds: Int64(durationMilliseconds) * 1_000_000).writeRFC3339(into: &out)
        out.append(contentsOf: #"","duration_ms":"#.utf8)
        JSON.write(durationMilliseconds, into: &out)
        out.append(contentsOf: #","operation_status":""#.utf8)
        out.append(contentsOf: status.rawValue.utf8)
        out.append(UInt8(ascii: "\""))
        if !input.isEmpty {
            out.append(contentsOf: #","operation_input":"#.utf8)
            JSON.object(input).write(into: &out)
        }
        if !output.isEmpty {
            out.append(contentsOf: #","operation_output":"#.utf8)
            JSON.object(output).write(into: &out)
        }
        if !metadata.isEmpty {
            out.append(contentsOf: #","operation_metadata":"#.utf8)
            JSON.object(metadata).write(into: &out)
        }
        out.append(UInt8(ascii: "}"))
    }
}
