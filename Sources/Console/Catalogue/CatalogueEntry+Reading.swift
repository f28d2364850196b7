import Interactions
package import Store

extension CatalogueEntry {
    /// What a recorded interaction says: by its v4 document, whoever wrote it. Of a damaged one, what its columns tell.
    package init(reading stored: StoredInteraction) {
        self.init(stored)
        guard stored.isIntact, let v4 = try? JSON(parsing: stored.v4) else { return }
        let metadata = v4["operation_metadata"]
        variant = v4["application_variant_id"]?.string ?? ""
        isComplete = stored.outcome.map { $0 == "complete" } ?? !isError
        firstToken = metadata?["steno.time_to_first_token_ms"]?.double.map { Int64(max(0, min($0, 1e12)) * 1000) }
        user = metadata?["steno.user_id"]?.string
        redactions = (metadata?["steno.redactions"]?.object?.members ?? []).map {
            Redaction(kind: $0.name, count: $0.value.int ?? 0)
        }
        let calls = v4["output"]?["tool_calls"]?.array ?? []
        var names: Set<String> = []
        tools = calls.compactMap { $0["name"]?.string }.filter { names.insert($0).inserted }
        events = Self.events(of: v4, calls: calls, stored, isComplete: isComplete)
        if let body = v4["input"]?["request"]?["body"] {
            var count = 0
            Self.gather(body, into: &history, &count)
        }
    }

    /// In the order of a turn: the user's message, what tools brought, the model's reasoning, what was looked up for it and
    /// the tools it calls, and its words: the final answer unless it calls tools.
    private static func events(
        of v4: JSON, calls: [JSON], _ stored: StoredInteraction, isComplete: Bool
    ) -> [EventDraft] {
        let start = stored.start
        let end = Timestamp(microseconds: start.microseconds + Int64(stored.durationMilliseconds) * 1000)
        let spans = ToolSpan.all(in: v4, before: start)
        var drafts: [EventDraft] = []
        if let query = v4["input"]?["query"]?.string, !query.isEmpty {
            drafts.append(EventDraft(.question, at: start, text: query))
        }
        for (index, span) in spans.filter(\.isResult).enumerated() {
            drafts.append(
                EventDraft(
                    .toolResult, index: index, at: start, callID: span.id, name: span.name,
                    text: span.output))
        }
        if let reasoning = v4["output"]?["reasoning"]?.string, !reasoning.isEmpty {
            drafts.append(
                EventDraft(.reasoning, at: end, isComplete: isComplete, text: reasoning))
        }
        for (index, span) in spans.filter({ !$0.isResult }).enumerated() {
            drafts.append(
                EventDraft(
                    .retrieval, index: index, at: end, isComplete: isComplete,
                    name: span.name,
                    text: [span.input, span.output].filter { !$0.isEmpty }.joined(separator: "\n")))
        }
        let words = v4["output"]?["response"]?.string ?? ""
        if !calls.isEmpty, !words.isEmpty {
            drafts.append(
                EventDraft(.words, at: end, isComplete: isComplete, text: words))
        }
        for (index, call) in calls.enumerated() {
            let arguments = call["arguments"] ?? .null
            drafts.append(
                EventDraft(
                    .toolCall, index: index, at: end, isComplete: isComplete,
                    callID: call["id"]?.string, name: call["name"]?.string, text: arguments.string ?? arguments.text))
        }
        if calls.isEmpty {
            drafts.append(
                EventDraft(.answer, at: end, isComplete: isComplete, text: words))
        }
        return drafts
    }

    /// Its texts, without the white space around them: those of a conversation, and a few more.
    private static func gather(_ value: JSON, into texts: inout Set<String>, _ count: inout Int) {
        guard count < 20_000 else { return }
        switch value {
        case .string(let text):
            count += 1
            texts.insert(EventDraft.bare(text))
        case .array(let items): for item in items { gather(item, into: &texts, &count) }
        case .object(let object): for member in object.members { gather(member.value, into: &texts, &count) }
        default: break
        }
    }
}

/// A span that tells of a tool: what the app's own brought, or what was run at the vendor's.
struct ToolSpan: Hashable {
    let name: String
    let id: String?
    let input: String
    let output: String
    /// It was over when the request began: the request brings its result.
    let isResult: Bool

    /// The model call and the making of a connection are none.
    static func all(in v4: JSON, before start: Timestamp) -> [ToolSpan] {
        (v4["trace_spans"]?.array ?? []).compactMap { span in
            guard let operation = span["operation_type"]?.string, ["CUSTOM", "RETRIEVAL"].contains(operation) else {
                return nil
            }
            let metadata = span["operation_metadata"]
            if metadata?["connect_ms"] != nil || metadata?["tls_ms"] != nil { return nil }
            let began = span["start_timestamp"]?.string.flatMap(Timestamp.init(rfc3339:)) ?? start
            let ended = began.microseconds + Int64(span["duration_ms"]?.int ?? 0) * 1000
            return ToolSpan(
                name: span["node_id"]?.string ?? "", id: metadata?["id"]?.string, input: text(span["operation_input"]),
                output: text(span["operation_output"]),
                isResult: operation == "CUSTOM" && ended <= start.microseconds)
        }
    }

    /// The words of a value: of what has but one member, that one's.
    private static func text(_ value: JSON?) -> String {
        guard let value else { return "" }
        if case .object(let object) = value, object.members.count == 1, let only = object.members.first,
            ["result", "input"].contains(only.name)
        {
            return text(only.value)
        }
        if let items = value.array {
            let texts = items.compactMap { $0["text"]?.string }
            if !texts.isEmpty, texts.count == items.count { return texts.joined(separator: "\n") }
        }
        return value.string ?? value.text
    }
}
