import Interactions

/// Puts the events of Bedrock's ConverseStream together, as the answer that Converse would have given.
struct ConverseAccumulator: StreamAccumulator {
    private var role: JSON?
    private var blocks: [Block] = []
    private var others = JSON.Object()
    private var isCut = false
    private var hasStopped = false
    private var hasBegun = false
    private(set) var result = Accumulation()

    fileprivate struct Block {
        let index: Int
        var content = JSON.Object()
        /// Tool input as it comes, in pieces that are no JSON alone.
        var partialInput = ""
    }

    mutating func take(_ event: StreamEvent) {
        if result.error != nil { return }
        if event.isFault {
            result.error = event.fault
        } else if let json = event.json {
            take(event.name, json, at: event.completedAt)
        } else if event.isUnterminated {
            isCut = true
        }
    }

    /// - Parameter name: the event's type; Nova's own stream has it as the name of a member.
    mutating func take(_ name: String, _ event: JSON, at offset: Int) {
        hasBegun = true
        switch name {
        case "messageStart": role = event["role"]
        case "contentBlockStart":
            guard case .object(let start)? = event["start"] else { return }
            change(event) { $0.content.override(with: start) }
            if start["toolUse"]?["type"] != nil, let id = start["toolUse"]?["toolUseId"]?.string {
                result.toolRuns[id] = Accumulation.ToolRunMarks(began: offset, ended: nil)
            } else if let id = start["toolResult"]?["toolUseId"]?.string {
                result.toolRuns[id]?.ended = offset
            }
        case "contentBlockDelta":
            guard case .object(let delta)? = event["delta"] else { return }
            for member in delta.members { result.tokens.note(Self.kind(member.name), at: offset) }
            change(event) { $0.apply(delta) }
        case "messageStop":
            hasStopped = true
            keep(event)
        case "metadata": keep(event)
        default: break
        }
    }

    private static func kind(_ name: String) -> FirstTokens.Kind {
        switch name {
        case "text": .text
        case "reasoningContent": .reasoning
        case "toolUse": .toolArguments
        default: .other
        }
    }

    /// All but the noise that hides the lengths of tokens.
    private mutating func keep(_ event: JSON) {
        for member in event.object?.members ?? [] where member.name != "p" { others[member.name] = member.value }
    }

    private mutating func change(_ event: JSON, _ change: (inout Block) -> Void) {
        let index = event["contentBlockIndex"]?.int ?? 0
        let place = blocks.lastIndex { $0.index == index } ?? blocks.count
        if place == blocks.count { blocks.append(Block(index: index)) }
        change(&blocks[place])
    }

    var accumulation: Accumulation {
        var whole = result
        whole.isComplete = result.error != nil || (hasStopped && !isCut)
        guard hasBegun else { return whole }
        let content = blocks.sorted { $0.index < $1.index }.map(\.whole)
        let message = JSON.object(["role": role, "content": .array(content)])
        let output = JSON.Member("output", .object(["message": message]))
        whole.body = .object(JSON.Object([output] + others.members))
        return whole
    }
}

extension ConverseAccumulator.Block {
    fileprivate mutating func apply(_ delta: JSON.Object) {
        for member in delta.members {
            switch member.name {
            case "text": content.update("text") { $0.append(member.value.string ?? "") }
            case "toolUse": partialInput += member.value["input"]?.string ?? ""
            case "toolResult":
                content.update("toolResult") { result in
                    result.updateObject { $0.update("content") { $0.updateArray { $0 += member.value.array ?? [] } } }
                }
            case "reasoningContent": apply(reasoning: member.value)
            case "citation":
                content.update("citationsContent") { cited in
                    cited.updateObject { $0.update("citations") { $0.updateArray { $0.append(member.value) } } }
                }
            default:
                // An image, and what comes to be.
                content.update(member.name) { value in
                    guard case .object(let new) = member.value else {
                        value = member.value
                        return
                    }
                    value.updateObject { $0.override(with: new) }
                }
            }
        }
    }

    private mutating func apply(reasoning delta: JSON) {
        content.update("reasoningContent") { reasoning in
            reasoning.updateObject { whole in
                for member in delta.object?.members ?? [] {
                    guard let text = member.value.string else { continue }
                    if member.name == "redactedContent" {
                        whole.update("redactedContent") { $0.append(text) }
                    } else {
                        whole.update("reasoningText") { $0.updateObject { $0.update(member.name) { $0.append(text) } } }
                    }
                }
            }
        }
    }

    /// The text that a block's citations are for stands beside them.
    fileprivate var whole: JSON {
        var content = content
        if content["toolUse"] != nil || !partialInput.isEmpty {
            let input = partialInput.isEmpty ? JSON.object(JSON.Object()) : JSON.string(partialInput).argumentsParsed
            content.update("toolUse") { $0.updateObject { $0["input"] = input } }
        }
        if content["citationsContent"] != nil, let text = content["text"] {
            content["text"] = nil
            content.update("citationsContent") { $0.updateObject { $0["content"] = [.object(["text": text])] } }
        }
        return .object(content)
    }
}

extension StreamEvent {
    /// What a fault tells, its kind as `type`.
    var fault: JSON {
        var told = json?.object ?? JSON.Object()
        if told["type"] == nil, !name.isEmpty { told.members.insert(JSON.Member("type", .string(name)), at: 0) }
        return .object(told)
    }
}
