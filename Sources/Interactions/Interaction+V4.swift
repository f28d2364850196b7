import FoundationEssentials

extension Interaction {
    /// The body of `POST /v4/interactions/`, as compact JSON. What is absent is left out; nothing is `null` but inside
    /// captured bodies. `steno.interaction_id` and `steno.turn_id` are in `operation_metadata`, as v4 has no place of its
    /// own for them.
    package var v4Bytes: [UInt8] {
        var writer = JSONWriter()
        writeV4(to: &writer)
        return writer.out
    }

    /// The same as a `FoldedDocument`.
    package var foldedV4: [UInt8] { outlinedV4.document }

    /// The same, and where in the `FoldedDocument` lies what others may hold as well.
    package var outlinedV4: (document: [UInt8], outline: DocumentOutline) {
        var writer = JSONWriter(isFolding: true)
        writeV4(to: &writer)
        return (writer.out, writer.outline)
    }

    /// The same for those who want to look into it.
    package var v4: JSON { (try? JSON(parsing: v4Bytes)) ?? .null }

    private func writeV4(to writer: inout JSONWriter) {
        // A page for all that is neither question nor answer.
        writer.out.reserveCapacity(input.query.utf8.count + output.response.utf8.count + 4096)
        writer.raw(#"{"application_variant_id":"#)
        writer.write(applicationVariantID)
        writer.raw(#","thread_id":""#)
        writer.write(threadID)
        writer.raw(#"","input":"#)
        input.writeV4(to: &writer)
        writer.raw(#","output":"#)
        output.writeV4(to: &writer)
        writer.raw(#","start_timestamp":""#)
        writer.write(start)
        writer.raw(#"","duration_ms":"#)
        writer.write(durationMilliseconds)
        writer.raw(#","operation_status":""#)
        writer.raw(status.rawValue)
        writer.raw(#"","operation_metadata":{"#)
        let members = metadata.members.span
        for index in members.indices where !Self.isIDName(members[index].name) {
            writer.write(members[index], isFirst: true)
            writer.byte(",")
        }
        writer.raw(#""steno.interaction_id":""#)
        writer.write(id)
        writer.raw(#"","steno.turn_id":""#)
        writer.write(turnID)
        writer.raw(#""}"#)
        if !spans.isEmpty {
            for (index, span) in spans.enumerated() {
                writer.raw(index == 0 ? #","trace_spans":["# : ",")
                span.writeV4(to: &writer)
            }
            writer.byte("]")
        }
        writer.byte("}")
    }

    private static func isIDName(_ name: String) -> Bool {
        // Most names differ in length, which is much cheaper to compare.
        switch name.utf8.count {
        case 20: name == "steno.interaction_id"
        case 13: name == "steno.turn_id"
        default: false
        }
    }
}

extension Interaction.Input {
    fileprivate func writeV4(to writer: inout JSONWriter) {
        writer.raw(#"{"query":"#)
        writer.introduce(query)
        writer.writeMore(more)
        if request != .none { writeRequest(to: &writer) }
        writer.byte("}")
    }

    private func writeRequest(to writer: inout JSONWriter) {
        writer.raw(#","request":{"method":"#)
        writer.write(request.method)
        writer.raw(#","path":"#)
        writer.write(request.path)
        writer.raw(#","headers":{"#)
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
            if index > 0 { writer.byte(",") }
            writer.write(header.name)
            writer.byte(":")
            writer.write(header.value)
        }
        writer.byte("}")
        if let body = request.body {
            writer.raw(#","body":"#)
            writer.writeRepeating(body)
        }
        writer.byte("}")
    }
}

extension Interaction.Output {
    fileprivate func writeV4(to writer: inout JSONWriter) {
        writer.raw(#"{"response":"#)
        writer.introduce(response)
        if let body {
            writer.raw(#","body":"#)
            writer.write(body)
        }
        if let status {
            writer.raw(#","status":"#)
            writer.write(status)
        }
        if !toolCalls.isEmpty {
            writer.raw(#","tool_calls":"#)
            writer.write(.array(toolCalls))
        }
        if let reasoning {
            writer.raw(#","reasoning":"#)
            writer.write(reasoning)
        }
        if !context.isEmpty {
            writer.raw(#","context":"#)
            writer.write(.array(context))
        }
        writer.writeMore(more)
        writer.byte("}")
    }
}

extension JSON {
    /// Of a v4 document that was read: what `Interaction.outlinedV4` is of an interaction.
    package var outlinedV4: (document: [UInt8], outline: DocumentOutline) {
        var writer = JSONWriter(isFolding: true)
        writer.writeV4(self, at: [])
        return (writer.out, writer.outline)
    }
}

extension JSONWriter {
    fileprivate mutating func writeV4(_ value: JSON, at place: [String]) {
        switch (place, value) {
        case (["input", "query"], .string(let text)), (["output", "response"], .string(let text)): introduce(text)
        case (["input", "request", "body"], _): writeRepeating(value)
        case ([], .object(let object)), (["input"], .object(let object)), (["input", "request"], .object(let object)),
            (["output"], .object(let object)):
            byte("{")
            for (index, member) in object.members.enumerated() {
                if index > 0 { byte(",") }
                write(member.name)
                byte(":")
                writeV4(member.value, at: place + [member.name])
            }
            byte("}")
        default: write(value)
        }
    }

    /// Without quotes.
    fileprivate mutating func write(_ id: UUID) {
        out.append(addingCapacity: UUID.textSize) { id.writeText(into: &$0) }
    }

    /// Without quotes.
    fileprivate mutating func write(_ time: Timestamp) {
        out.append(addingCapacity: Timestamp.rfc3339Size) { time.writeRFC3339(into: &$0) }
    }

    /// Members behind others.
    fileprivate mutating func writeMore(_ object: JSON.Object) {
        let members = object.members.span
        for index in members.indices { write(members[index], isFirst: false) }
    }
}

extension Interaction.Span {
    fileprivate func writeV4(to writer: inout JSONWriter) {
        writer.raw(#"{"node_id":"#)
        writer.write(nodeID)
        writer.raw(#","operation_type":""#)
        writer.raw(operation.rawValue)
        writer.raw(#"","start_timestamp":""#)
        writer.write(start)
        writer.raw(#"","end_timestamp":""#)
        writer.write(start.advanced(byNanoseconds: Int64(durationMilliseconds) * 1_000_000))
        writer.raw(#"","duration_ms":"#)
        writer.write(durationMilliseconds)
        writer.raw(#","operation_status":""#)
        writer.raw(status.rawValue)
        writer.byte("\"")
        if !input.isEmpty {
            writer.raw(#","operation_input":"#)
            writer.write(input)
        }
        if !output.isEmpty {
            writer.raw(#","operation_output":"#)
            writer.write(output)
        }
        if !metadata.isEmpty {
            writer.raw(#","operation_metadata":"#)
            writer.write(metadata)
        }
        writer.byte("}")
    }
}
