import Dialects
import FoundationEssentials
import Interactions

/// An interaction as spans, by OpenTelemetry's conventions for generative AI (1.41): one for the model call, and below it
/// one for each step.
struct InteractionTrace {
    /// The application's, by which spans are grouped.
    let variant: String
    private(set) var spans: [TraceSpan] = []

    private let document: JSON
    private let metadata: JSON.Object
    private let keepsContent: Bool
    private let id: [UInt8]
    private let start: Timestamp
    private let duration: Int

    /// - Parameter v4: as it was recorded.
    init?(_ v4: [UInt8], keepsContent: Bool) {
        guard let document = try? JSON(parsing: v4), let metadata = document["operation_metadata"]?.object,
            let id = metadata["steno.interaction_id"]?.string.flatMap(UUID.init(loose:)),
            let start = document["start_timestamp"]?.string.flatMap(Timestamp.init(rfc3339:))
        else { return nil }
        self.document = document
        self.metadata = metadata
        self.keepsContent = keepsContent
        self.id = id.bytes
        self.start = start
        duration = document["duration_ms"]?.int ?? 0
        variant = document["application_variant_id"]?.string ?? ""
        let call = modelCall
        spans = [call] + steps(below: call)
    }

    // MARK: The model call

    private var modelCall: TraceSpan {
        let parent = TraceParent(metadata["traceparent"]?.string)
        let turn = metadata["steno.turn_id"]?.string.flatMap(UUID.init(loose:))?.bytes ?? id
        var span = TraceSpan(
            traceID: parent?.traceID ?? turn,
            // The half of a UUID of version 7 that is random.
            id: Array(id.suffix(8)), parentID: parent?.spanID, flags: parent?.flags ?? 1, name: name, kind: .client,
            start: start, end: start.advanced(byNanoseconds: Int64(duration) * 1_000_000))
        span.attributes = attributes
        if isError(document) { span.failure = errorType }
        return span
    }

    private var name: String {
        let operation = metadata["gen_ai.operation.name"]?.string
        let model = metadata["gen_ai.request.model"]?.string ?? metadata["gen_ai.response.model"]?.string
        if operation == nil, model == nil { return firstStep?["node_id"]?.string ?? "request" }
        return [operation ?? "request", model].compactMap(\.self).joined(separator: " ")
    }

    /// All that is told of the call, under the names that it has in v4 already.
    private var attributes: [TraceSpan.Attribute] {
        var list: [TraceSpan.Attribute] = []
        func add(_ name: String, _ value: JSON?) {
            guard let value, !list.contains(where: { $0.name == name }), let value = TraceSpan.Value(value) else {
                return
            }
            list.append(TraceSpan.Attribute(name, value))
        }
        for member in metadata.members where !Self.ownPlace.contains(member.name) { add(member.name, member.value) }
        add("gen_ai.operation.name", "chat")
        add("gen_ai.provider.name", "unknown")
        add("gen_ai.conversation.id", document["thread_id"])
        add("session.id", document["thread_id"])
        add("gen_ai.usage.input_tokens", metadata["prompt_tokens"])
        add("gen_ai.usage.output_tokens", metadata["response_tokens"])
        if isError(document) { add("error.type", .string(errorType)) }
        if keepsContent {
            for (name, value) in content { add(name, value) }
        }
        return list
    }

    /// Told in a span's own fields, or twice.
    private static let ownPlace: Set = ["traceparent", "tokens_used", "prompt_tokens", "response_tokens"]

    /// The conventions want messages as JSON text where attributes can't be structured.
    private var content: [(String, JSON)] {
        let request = document["input"]?["request"]?["body"]
        let meaning = Meaning(
            dialect: metadata["steno.dialect"]?.string ?? "", request: request, answer: document["output"]?["body"])
        var (input, output) = (meaning.input, meaning.output)
        // Of what an app wrote itself, and of what is not understood, there are question and answer.
        if input.isEmpty, let query = document["input"]?["query"]?.string, !query.isEmpty {
            input = [Message(.user, [.text(query)])]
        }
        if output.isEmpty, let response = document["output"]?["response"]?.string, !response.isEmpty {
            output = [Message(.assistant, [.text(response)])]
        }
        let fallback = isError(document) ? "error" : "stop"
        output = output.map { message in
            var message = message
            message.finishReason = message.finishReason ?? fallback
            return message
        }
        var list: [(String, JSON)] = []
        func add(_ name: String, _ items: [JSON]) {
            if !items.isEmpty { list.append((name, .string(JSON.array(items).text))) }
        }
        add("gen_ai.system_instructions", meaning.instructions.map(\.json))
        add("gen_ai.input.messages", input.map(\.json))
        add("gen_ai.output.messages", output.map(\.json))
        add("gen_ai.tool.definitions", meaning.tools)
        return list
    }

    private func isError(_ value: JSON) -> Bool { value["operation_status"]?.string == "ERROR" }

    /// Of few values, as the conventions ask.
    private var errorType: String {
        metadata["error.type"]?.string ?? metadata["http.response.status_code"]?.int.map { String($0) } ?? "_OTHER"
    }

    // MARK: The steps

    private var firstStep: JSON? { document["trace_spans"]?[0] }

    /// Without the one that is the model call itself.
    private func steps(below call: TraceSpan) -> [TraceSpan] {
        (document["trace_spans"]?.array ?? []).enumerated().compactMap { index, step in
            guard let start = step["start_timestamp"]?.string.flatMap(Timestamp.init(rfc3339:)) else { return nil }
            if index == 0, start == self.start, step["duration_ms"]?.int == duration,
                metadata["steno.dialect"] != nil
            {
                return nil
            }
            return span(of: step, index, start, below: call)
        }
    }

    private func span(of step: JSON, _ index: Int, _ start: Timestamp, below call: TraceSpan) -> TraceSpan {
        let node = step["node_id"]?.string ?? "step"
        let reach = Int64(step["duration_ms"]?.int ?? 0) * 1_000_000
        let end = step["end_timestamp"]?.string.flatMap(Timestamp.init(rfc3339:))
        let metadata = step["operation_metadata"]?.object ?? JSON.Object()
        let operation = Self.operation(of: step, metadata)
        var span = TraceSpan(
            traceID: call.traceID, id: Array(Digest.sha256(id + Array("\(index)".utf8)).prefix(8)),
            // Of this process, so not remote.
            parentID: call.id, flags: call.flags & 0xFF | 0x100,
            name: operation.map { "\($0) \(node)" } ?? node, kind: .internal, start: start,
            end: max(start, end ?? start.advanced(byNanoseconds: reach)))
        func add(_ name: String, _ value: JSON?) {
            if let value = value.flatMap(TraceSpan.Value.init) { span.attributes.append(.init(name, value)) }
        }
        add("gen_ai.operation.name", operation.map { .string($0) })
        add("steno.operation_type", step["operation_type"])
        add("gen_ai.conversation.id", document["thread_id"])
        let isTool = operation == "execute_tool"
        if isTool {
            add("gen_ai.tool.name", .string(node))
            add("gen_ai.tool.call.id", metadata["id"])
        }
        for member in metadata.members where !(isTool && member.name == "id") {
            add(member.name.contains(".") ? member.name : "steno.\(member.name)", member.value)
        }
        if keepsContent {
            add(isTool ? "gen_ai.tool.call.arguments" : "steno.operation_input", step["operation_input"])
            add(isTool ? "gen_ai.tool.call.result" : "steno.operation_output", step["operation_output"])
        }
        if isError(step) {
            span.failure = "_OTHER"
            add("error.type", "_OTHER")
        }
        return span
    }

    /// In the conventions' words; `nil` for what they have none for, such as the making of a connection.
    private static func operation(of step: JSON, _ metadata: JSON.Object) -> String? {
        switch step["operation_type"]?.string {
        case "COMPLETION": "chat"
        case "RETRIEVAL": "retrieval"
        case "CUSTOM" where metadata["connect_ms"] == nil && metadata["tls_ms"] == nil: "execute_tool"
        default: nil
        }
    }
}

/// W3C Trace Context §3.2.2: the app's own span, under which its call stands.
struct TraceParent: Equatable {
    let traceID: [UInt8]
    let spanID: [UInt8]
    /// With OTLP's marks that it is known that the parent is of another process.
    let flags: UInt32

    init?(_ header: String?) {
        guard let parts = header?.split(separator: "-", omittingEmptySubsequences: false), parts.count >= 4,
            parts[0].utf8.count == 2, parts[0] != "ff", let version = Self.bytes(parts[0], 1)?.first,
            version > 0 || parts.count == 4, let trace = Self.bytes(parts[1], 16), let span = Self.bytes(parts[2], 8),
            let flags = Self.bytes(parts[3], 1), trace.contains(where: { $0 != 0 }), span.contains(where: { $0 != 0 })
        else { return nil }
        traceID = trace
        spanID = span
        self.flags = UInt32(flags[0]) | 0x300
    }

    private static func bytes(_ text: Substring, _ count: Int) -> [UInt8]? {
        guard text.utf8.count == count * 2,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        var rest = text[...]
        return (0..<count).compactMap { _ in
            defer { rest = rest.dropFirst(2) }
            return UInt8(rest.prefix(2), radix: 16)
        }
    }
}
