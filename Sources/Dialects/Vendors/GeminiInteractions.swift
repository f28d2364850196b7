import Interactions

/// The Gemini API's Interactions.
struct GeminiInteractions: Dialect {
    var name: String { "gemini.interactions" }
    var operation: String? { "chat" }
    var provider: String? { "gcp.gemini" }
    var scope: DialectScope {
        DialectScope(
            "Gemini's interactions: steps that the vendor keeps",
            paths: [
                "/v1beta/interactions",
                "/v1beta/interactions/v1_ID",
            ], streams: [.events])
    }

    /// The collection, and one interaction by its id; with Google's version before them.
    func claims(path: String) -> Bool {
        guard path.holds("/v1") else { return false }
        if path.ends(with: "/interactions") { return true }
        guard let id = path.tail(behind: "/interactions/") else { return false }
        return id.hasPrefix("v1_") && !id.utf8.contains(UInt8(ascii: "/"))
    }

    func claims(answer: JSON) -> Bool {
        if answer["event_type"]?.string?.hasPrefix("interaction.") == true { return true }
        return answer["object"] == "interaction" && answer["status"] != nil
    }

    func prompt(in request: JSON) -> Prompt {
        var prompt = Prompt(model: GeminiContent.model(request["model"]))
        prompt.isContinuationByReference = request["previous_interaction_id"].map { !$0.isBlank } ?? false
        switch request["input"] {
        case .array(let items) where items.contains { $0["role"] != nil || $0["type"] == "user_input" }:
            prompt.messages = items.map(Self.message)
        case .some(let input):
            let parts = (input.array ?? [input]).flatMap(Self.parts)
            prompt.messages = parts.isEmpty ? [] : [Message(parts.areToolResults ? .tool : .user, parts)]
        case nil: break
        }
        return prompt
    }

    func instructions(in request: JSON) -> [Message.Part] { Message.Part.parts(of: request["system_instruction"]) }

    func parameters(in request: JSON) -> RequestParameters {
        var parameters = RequestParameters(sharedNames: request["generation_config"] ?? .null)
        parameters.isStreamed = request["stream"]?.bool
        return parameters
    }

    /// A turn by its role, or a step by its type.
    private static func message(_ item: JSON) -> Message {
        let contents = item["content"].map { $0.array ?? [$0] } ?? [item]
        let parts = contents.flatMap(parts)
        if parts.areToolResults { return Message(.tool, parts) }
        if let role = item["role"]?.string { return Message(Message.Role(role), parts) }
        return Message(item["type"] == "user_input" ? .user : .assistant, parts)
    }

    /// A content or a step may hold several.
    private static func parts(of item: JSON) -> [Message.Part] {
        let type = item["type"]?.string ?? "text"
        switch type {
        case "text": return Message.Part.parts(of: item)
        case "thought": return [.reasoning(MessageText.joined(item["summary"], separator: "\n\n"))]
        case "function_call":
            return [.toolCall(id: item["id"], name: item["name"], arguments: item["arguments"])]
        case "function_result":
            return [.toolCallResponse(id: item["call_id"]?.string, response: item["result"] ?? .null)]
        case "image", "audio", "video", "document":
            let medium = Message.Medium(type, type: item["mime_type"]?.string)
            if let data = item["data"]?.string { return [.blob(medium, content: data)] }
            return [item["uri"]?.string.map { .uri(medium, uri: $0) } ?? .other(item)]
        case _ where type.hasSuffix("_call"):
            return [
                .serverToolCall(
                    id: item["id"]?.string, name: item["name"]?.string ?? String(type.dropLast("_call".count)),
                    arguments: item["arguments"]?.argumentsParsed ?? .null)
            ]
        case _ where type.hasSuffix("_result"):
            return [.serverToolCallResponse(id: item["call_id"]?.string, response: item)]
        case "model_output", "user_input": return (item["content"]?.array ?? []).flatMap(parts)
        default: return [.other(item)]
        }
    }

    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        InteractionsAccumulator().accumulation(of: events)
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer()
        answer.id = body["id"]?.string
        answer.model = GeminiContent.model(body["model"])
        answer.usage = usage(in: body)
        answer.failure = body.ownFailure ?? (body["status"] == "failed" ? "failed" : nil)
        let steps = body["steps"]?.array ?? body["outputs"]?.array ?? []
        for step in steps {
            for content in step["content"]?.array ?? [step] {
                answer.context += (content["annotations"]?.array ?? []).compactMap(citation)
            }
            if step["type"]?.string?.hasSuffix("_result") == true { take(result: step, into: &answer) }
            guard case .serverToolCall(let id, let name, let arguments)? = Self.parts(of: step).first else { continue }
            answer.toolRuns.append(
                ToolRun(
                    name: name, id: id, isRetrieval: name.holds("search") || name.holds("retrieval"), input: arguments))
        }
        let parts = steps.flatMap(Self.parts).joiningTexts
        let hasCalls = parts.contains { if case .toolCall = $0 { true } else { false } }
        let reason = finishReason(of: body, hasCalls: hasCalls)
        if !parts.isEmpty || reason != nil {
            answer.messages = [Message(.assistant, parts, finishReason: reason)]
        }
        return answer
    }

    private func take(result step: JSON, into answer: inout Answer) {
        answer.context += (step["result"]?.array ?? []).compactMap { found in
            JSON.context(
                text: [found["text"], found["title"], found["url"]], from: found, keep: ["title", "url", "file_name"])
        }
        guard let id = step["call_id"]?.string, let run = answer.toolRuns.lastIndex(where: { $0.id == id }) else {
            return
        }
        answer.toolRuns[run].output = step["result"]
        answer.toolRuns[run].hasFailed = step["is_error"]?.bool == true
    }

    private func citation(_ annotation: JSON) -> JSON? {
        JSON.context(
            text: [annotation["title"], annotation["file_name"], annotation["url"]], from: annotation,
            keep: ["title", "url", "file_name"])
    }

    /// The vendor has a status; OpenTelemetry wants reasons.
    private func finishReason(of body: JSON, hasCalls: Bool) -> String? {
        switch body["status"]?.string {
        case "completed": hasCalls ? "tool_calls" : "stop"
        case "requires_action": "tool_calls"
        case let status? where !["in_progress", "queued", ""].contains(status): status
        default: nil
        }
    }

    private func usage(in body: JSON) -> Usage? {
        guard let counts = body["usage"], !counts.isBlank else { return nil }
        func sum(_ first: String, _ second: String) -> Int? {
            counts[first]?.int.map { $0 &+ (counts[second]?.int ?? 0) }
        }
        var usage = Usage()
        usage.input = sum("total_input_tokens", "total_tool_use_tokens")
        usage.output = sum("total_output_tokens", "total_thought_tokens")
        usage.total = counts["total_tokens"]?.int
        usage.cacheRead = counts["total_cached_tokens"]?.int
        usage.reasoning = counts["total_thought_tokens"]?.int
        return usage
    }
}
