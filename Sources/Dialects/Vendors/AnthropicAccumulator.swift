import Interactions

/// Puts Messages events together.
struct AnthropicAccumulator: StreamAccumulator {
    private var message: JSON.Object?
    private var blocks: [Block] = []
    private var result = Accumulation()
    private var repeated: Repeated?

    /// A delta that, taken again with another text, does nothing but lengthen that text.
    private struct Repeated {
        let event: RepeatedEvent
        let block: Int
        /// Of the block's content; `nil`: its partial input.
        let member: Int?
    }

    private struct Block {
        let index: Int
        var content: JSON.Object
        /// Tool input as it comes, in pieces that are no JSON alone.
        var partialInput = ""
    }

    mutating func take(_ event: StreamEvent) {
        if result.error != nil { return }
        if let repeated, let text = repeated.event.text(of: event) { return grow(repeated, by: text) }
        repeated = nil
        guard let json = event.json else {
            if event.name == "error" { result.error = .string(String(decoding: event.data, as: UTF8.self)) }
            return
        }
        switch json["type"]?.string ?? event.name {
        case "message_start": message = json["message"]?.object ?? message
        case "content_block_start": start(json, at: event.completedAt)
        case "content_block_delta":
            apply(json, at: event.completedAt)
            repeated = repetition(of: json, event)
        case "message_delta": finish(json)
        case "message_stop": result.isComplete = true
        case "error": result.error = json["error"] ?? json
        default: break
        }
    }

    private mutating func start(_ event: JSON, at offset: Int) {
        guard let index = event["index"]?.int, let content = event["content_block"]?.object else { return }
        blocks.removeAll { $0.index == index }
        blocks.append(Block(index: index, content: content))
        let type = content["type"]?.string ?? ""
        if type == "server_tool_use" || type == "mcp_tool_use", let id = content["id"]?.string {
            result.toolRuns[id] = Accumulation.ToolRunMarks(began: offset, ended: nil)
        } else if type.hasSuffix("_tool_result"), let id = content["tool_use_id"]?.string {
            result.toolRuns[id]?.ended = offset
        }
    }

    private mutating func apply(_ event: JSON, at offset: Int) {
        guard let index = event["index"]?.int, case .object(let delta)? = event["delta"],
            let place = blocks.lastIndex(where: { $0.index == index })
        else { return }
        let type = delta["type"]?.string
        result.tokens.note(Self.kind(type), at: offset)
        switch type {
        case "input_json_delta": blocks[place].partialInput += delta["partial_json"]?.string ?? ""
        case "citations_delta":
            if let citation = delta["citation"] {
                blocks[place].content.update("citations") { $0.updateArray { $0.append(citation) } }
            }
        case "signature_delta": blocks[place].content["signature"] = delta["signature"]
        default:
            // Text, thinking, compaction, and what comes to be: strings grow, all else is replaced.
            for member in delta.members where member.name != "type" {
                guard let text = member.value.string else {
                    if !member.value.isNull { blocks[place].content[member.name] = member.value }
                    continue
                }
                blocks[place].content.update(member.name) { $0.append(text) }
            }
        }
    }

    private mutating func grow(_ repeated: Repeated, by text: String) {
        if let member = repeated.member {
            blocks[repeated.block].content.members[member].value.append(text)
        } else {
            blocks[repeated.block].partialInput += text
        }
    }

    /// - Parameter json: has just been applied.
    private func repetition(of json: JSON, _ event: StreamEvent) -> Repeated? {
        guard let index = json["index"]?.int, json.object?.count(of: "delta") == 1,
            case .object(let delta)? = json["delta"], delta.members.count == 2, let type = delta["type"]?.string,
            let member = delta.members.first(where: { $0.name != "type" }),
            case .string = member.value, let place = blocks.lastIndex(where: { $0.index == index }),
            let repeated = RepeatedEvent(event, textAt: [.member("delta"), .member(member.name)])
        else { return nil }
        switch (type, member.name) {
        case ("input_json_delta", "partial_json"): return Repeated(event: repeated, block: place, member: nil)
        case ("text_delta", "text"), ("thinking_delta", "thinking"):
            return blocks[place].content.index(of: member.name).map {
                Repeated(event: repeated, block: place, member: $0)
            }
        default: return nil
        }
    }

    private static func kind(_ type: String?) -> FirstTokens.Kind {
        switch type {
        case "text_delta": .text
        case "thinking_delta": .reasoning
        case "input_json_delta": .toolArguments
        default: .other
        }
    }

    private mutating func finish(_ event: JSON) {
        var whole = message ?? JSON.Object()
        for member in event.object?.members ?? [] where member.name != "type" {
            switch (member.name, member.value) {
            case ("delta", .object(let delta)): whole.override(with: delta)
            // Counts are running totals: the later ones stand, those that only `message_start` told remain.
            case ("usage", .object(let usage)): whole.update("usage") { $0.updateObject { $0.override(with: usage) } }
            default: whole.override(with: JSON.Object([member]))
            }
        }
        message = whole
    }

    var accumulation: Accumulation {
        guard var body = message else { return result }
        let content = blocks.sorted { $0.index < $1.index }.map { block in
            var content = block.content
            if !block.partialInput.isEmpty { content["input"] = JSON.string(block.partialInput).argumentsParsed }
            return JSON.object(content)
        }
        if !content.isEmpty || body["content"] == nil { body["content"] = .array(content) }
        var whole = result
        whole.body = .object(body)
        return whole
    }
}
