import Interactions

/// Puts chunks of chat completions together, and those of legacy completions, whose choices have text and no message.
struct ChatAccumulator: StreamAccumulator {
    /// The whole's `object`.
    private let object: String
    /// The completion's members in the order they came, `choices` standing for its place.
    private var top = JSON.Object()
    private var choices: [Choice] = []
    private var error: JSON?
    private var isDone = false
    private var tokens = FirstTokens()
    /// A choice has told an error of its own, which ends nothing for an SDK.
    private var hasFailed = false
    private var repeated: Repeated?

    /// A chunk that, taken again with another text, does nothing but lengthen that text.
    private struct Repeated {
        let event: RepeatedEvent
        let choice: Int
        /// Of the message.
        let member: Int
    }

    private struct Choice {
        let index: Int
        var message = JSON.Object()
        var hasDelta = false
        /// A reason was told, and no token came behind it: some tell one behind each tool call.
        var isFinished = false
        var others = JSON.Object()
    }

    init(object: String = "chat.completion") {
        self.object = object
    }

    private var isChat: Bool { object == "chat.completion" }

    /// Noise that hides token lengths from who listens on the line.
    private static func isPadding(_ name: String) -> Bool { name == "obfuscation" || name == "p" }

    mutating func take(_ event: StreamEvent) {
        // An error ends the stream for an SDK, whatever follows.
        if error != nil { return }
        if let repeated, let text = repeated.event.text(of: event) {
            choices[repeated.choice].message.members[repeated.member].value.append(text)
            return
        }
        if event.data.elementsEqual("[DONE]".utf8) {
            isDone = true
            return
        }
        guard case .object(let chunk)? = event.json else {
            if event.name == "error" { error = .string(String(decoding: event.data, as: UTF8.self)) }
            return
        }
        if let told = chunk["error"], !told.isBlank {
            error = told
        } else if event.name == "error" || chunk["object"] == "error" || saysOnlyError(chunk) {
            error = .object(chunk)
            return
        }
        for member in chunk.members {
            switch member.name {
            case "choices":
                if error != nil { break }
                if top.index(of: "choices") == nil { top.members.append(JSON.Member("choices", [])) }
                for choice in member.value.array ?? [] { take(choice: choice, at: event.completedAt) }
            case "object": if top["object"] == nil { top["object"] = .string(object) }
            case "error": break
            default: if !Self.isPadding(member.name) { take(member) }
            }
        }
        repeated = error == nil ? repetition(of: chunk, event) : nil
    }

    /// - Parameter chunk: has just been taken.
    private func repetition(of chunk: JSON.Object, _ event: StreamEvent) -> Repeated? {
        guard isChat, chunk.count(of: "choices") == 1, let list = chunk["choices"]?.array, list.count == 1,
            case .object(let choice) = list[0], choice.count(of: "delta") == 1,
            case .object(let delta)? = choice["delta"],
            choice["finish_reason"]?.isBlank ?? true, choice["logprobs"]?.isNull ?? true,
            choice["error"]?.isBlank ?? true,
            let place = choices.firstIndex(where: { $0.index == choice["index"]?.int ?? 0 })
        else { return nil }
        let telling = delta.members.filter { !$0.value.isBlank && $0.name != "role" }
        guard telling.count == 1, let name = telling.first?.name, delta.count(of: name) == 1,
            ["content", "reasoning_content", "reasoning"].contains(name), case .string? = telling.first?.value,
            let member = choices[place].message.index(of: name),
            case .string = choices[place].message.members[member].value
        else { return nil }
        return RepeatedEvent(
            event, textAt: [.member("choices"), .onlyItem, .member("delta"), .member(name)],
            noise: chunk.members.first { Self.isPadding($0.name) }?.name
        ).map { Repeated(event: $0, choice: place, member: member) }
    }

    /// The first that says something stands; usage grows, and vendors' own objects gain members.
    private mutating func take(_ member: JSON.Member) {
        guard let index = top.index(of: member.name) else {
            top.members.append(member)
            return
        }
        if member.value.isNull { return }
        let old = top.members[index].value
        if member.name == "usage" || old.isBlank || (member.name == "created" && old.int == 0) {
            top.members[index].value = member.value
        } else if case .object(let new) = member.value, case .object(let kept) = old, new != kept {
            top.members[index].value.updateObject { $0.override(with: new) }
        }
    }

    private mutating func take(choice: JSON, at offset: Int) {
        guard case .object(let chunk) = choice else { return }
        let wanted = chunk["index"]?.int ?? 0
        let place = choices.firstIndex { $0.index == wanted } ?? choices.count
        if place == choices.count { choices.append(Choice(index: wanted)) }
        // Together puts a delta beside the text of a legacy completion.
        let delta = isChat || chunk["text"] == nil ? chunk["delta"]?.object : nil
        let kind = delta.map(kind) ?? (chunk["text"]?.isBlank == false ? .text : nil)
        if let reason = chunk["finish_reason"], !reason.isBlank {
            choices[place].isFinished = true
        } else if kind != nil {
            choices[place].isFinished = false
        }
        if let kind { tokens.note(kind, at: offset) }
        if let error = chunk["error"], !error.isBlank { hasFailed = true }
        if let delta {
            choices[place].hasDelta = true
            choices[place].message.merge(delta: delta)
        }
        for member in chunk.members {
            switch member.name {
            case "index", "delta": break
            case "message":
                // Perplexity repeats the whole message so far beside each delta.
                if !choices[place].hasDelta, let message = member.value.object { choices[place].message = message }
            case "text" where delta != nil: break
            case "text":
                choices[place].others.append(member.value.string ?? "", to: "text")
            case "finish_reason" where member.value.isBlank && choices[place].others["finish_reason"] != nil: break
            case "logprobs": choices[place].others.update("logprobs") { $0.extend(logprobs: member.value) }
            default: choices[place].others.override(with: JSON.Object([member]))
            }
        }
    }

    /// The shape that some servers behind a proxy give their errors in a stream.
    private func saysOnlyError(_ chunk: JSON.Object) -> Bool {
        chunk["choices"] == nil && chunk["id"] == nil && (chunk["detail"] ?? chunk["message"])?.string != nil
    }

    /// What a delta brings, by the first of its members that says something.
    private func kind(_ delta: JSON.Object) -> FirstTokens.Kind? {
        for member in delta.members where !member.value.isBlank {
            switch member.name {
            case "content": return member.value[0]?["type"] == "thinking" ? .reasoning : .text
            case "refusal": return .text
            case "reasoning", "reasoning_content", "reasoning_details": return .reasoning
            case "tool_calls":
                let brings = member.value.array?.contains { $0["function"]?["arguments"]?.isBlank == false } == true
                return brings ? .toolArguments : .other
            case "function_call": return member.value["arguments"]?.isBlank == false ? .toolArguments : .other
            case "audio": return .other
            default: break
            }
        }
        return nil
    }

    var accumulation: Accumulation {
        var result = Accumulation()
        result.error = error
        result.tokens = tokens
        result.hasFailed = hasFailed
        result.isComplete = isDone || error != nil || (!choices.isEmpty && choices.allSatisfy(\.isFinished))
        if top.isEmpty { return result }
        var body = top
        body["choices"] = .array(choices.sorted { $0.index < $1.index }.map(whole))
        result.body = .object(body)
        return result
    }

    private func whole(_ choice: Choice) -> JSON {
        var message = choice.message
        if let calls = message["tool_calls"]?.array {
            message["tool_calls"] = .array(
                calls.map { call in
                    guard case .object(var object) = call else { return call }
                    object["index"] = nil
                    return .object(object)
                })
        }
        var object = JSON.Object([JSON.Member("index", .int(choice.index))])
        if !message.isEmpty || choice.others["text"] == nil {
            object.members.append(JSON.Member("message", .object(message)))
        }
        object.members += choice.others.members
        return .object(object)
    }
}

extension JSON {
    /// Lists of token probabilities grow; all else is replaced.
    fileprivate mutating func extend(logprobs new: JSON) {
        guard case .object(let lists) = new else { return }
        updateObject { whole in
            for list in lists.members {
                whole.update(list.name) { value in
                    if let items = list.value.array {
                        value.updateArray { $0 += items }
                    } else if !list.value.isNull {
                        value = list.value
                    }
                }
            }
        }
    }
}
