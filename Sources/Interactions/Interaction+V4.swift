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
        let isShort = input.query.utf8.count + output.response.utf8.count < FoldedDocument.reach
        return JSONWriter.folded(isShort: isShort) { writeV4(to: &$0) }
    }

    /// The same for those who want to look into it.
    package var v4: JSON { (try? JSON(parsing: v4Bytes)) ?? .null }

    private func writeV4(to writer: inout JSONWriter) {
        // For all that is neither question nor answer.
        writer.out.reserveCapacity(input.query.utf8.count + output.response.utf8.count + 2048)
        writer.begin(.applicationVariantID)
        writer.write(applicationVariantID)
        writer.next(.threadID)
        writer.write(threadID)
        writer.next(.input)
        input.writeV4(to: &writer)
        writer.next(.output)
        output.writeV4(to: &writer)
        writer.next(.startTimestamp)
        writer.write(start)
        writer.next(.durationMilliseconds)
        writer.write(durationMilliseconds)
        writer.next(.operationStatus)
        writer.write(status.rawValue)
        writer.next(.operationMetadata)
        writer.byte("{")
        let members = metadata.members.span
        var isFirst = true
        for index in members.indices where !Self.isIDName(members[index].nameNumber) {
            writer.writeMember(at: index, of: members, isFirst: isFirst)
            isFirst = false
        }
        writer.name(.interactionID, isFirst: isFirst)
        writer.write(id)
        writer.next(.turnID)
        writer.write(turnID)
        writer.byte("}")
        if !spans.isEmpty {
            writer.next(.traceSpans)
            let spans = spans.span
            for index in spans.indices {
                writer.byte(index == 0 ? "[" : ",")
                spans[index].writeV4(to: &writer)
            }
            writer.byte("]")
        }
        writer.byte("}")
    }

    private static func isIDName(_ number: UInt16) -> Bool {
        number == DocumentName.interactionID.rawValue || number == DocumentName.turnID.rawValue
    }
}

extension Interaction.Input {
    fileprivate func writeV4(to writer: inout JSONWriter) {
        writer.begin(.query)
        writer.introduce(query)
        writer.writeMore(more)
        if request != .none { writeRequest(to: &writer) }
        writer.byte("}")
    }

    private func writeRequest(to writer: inout JSONWriter) {
        writer.next(.request)
        writer.begin(.method)
        writer.write(request.method)
        writer.next(.path)
        writer.write(request.path)
        writer.next(.headers)
        writer.byte("{")
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
            writer.name(header.name, isFirst: index == 0)
            writer.write(header.value)
        }
        writer.byte("}")
        if let body = request.body {
            writer.next(.body)
            writer.writeRepeating(body)
        }
        writer.byte("}")
    }
}

extension Interaction.Output {
    fileprivate func writeV4(to writer: inout JSONWriter) {
        writer.begin(.response)
        writer.introduce(response)
        if let body {
            writer.next(.body)
            writer.write(body)
        }
        if let status {
            writer.next(.status)
            writer.write(status)
        }
        if !toolCalls.isEmpty {
            writer.next(.toolCalls)
            writer.write(.array(toolCalls))
        }
        if let reasoning {
            writer.next(.reasoning)
            writer.write(reasoning)
        }
        if !context.isEmpty {
            writer.next(.context)
            writer.write(.array(context))
        }
        writer.writeMore(more)
        writer.byte("}")
    }
}

extension JSON {
    /// Of a v4 document that was read: what `Interaction.outlinedV4` is of an interaction.
    package var outlinedV4: (document: [UInt8], outline: DocumentOutline) {
        JSONWriter.folded(isShort: true) { $0.writeV4(self, at: []) }
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
                name(member.name, isFirst: index == 0)
                writeV4(member.value, at: place + [member.name])
            }
            byte("}")
        default: write(value)
        }
    }

    /// Members behind others.
    fileprivate mutating func writeMore(_ object: JSON.Object) {
        let members = object.members.span
        for index in members.indices { writeMember(at: index, of: members, isFirst: false) }
    }
}

extension Interaction.Span {
    fileprivate func writeV4(to writer: inout JSONWriter) {
        writer.begin(.nodeID)
        writer.write(nodeID)
        writer.next(.operationType)
        writer.write(operation.rawValue)
        writer.next(.startTimestamp)
        writer.write(start)
        writer.next(.endTimestamp)
        writer.write(start.advanced(byNanoseconds: Int64(durationMilliseconds) * 1_000_000))
        writer.next(.durationMilliseconds)
        writer.write(durationMilliseconds)
        writer.next(.operationStatus)
        writer.write(status.rawValue)
        if !input.isEmpty {
            writer.next(.operationInput)
            writer.write(input)
        }
        if !output.isEmpty {
            writer.next(.operationOutput)
            writer.write(output)
        }
        if !metadata.isEmpty {
            writer.next(.operationMetadata)
            writer.write(metadata)
        }
        writer.byte("}")
    }
}
