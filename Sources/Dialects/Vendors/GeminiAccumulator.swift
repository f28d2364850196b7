import Interactions

/// Puts chunks of `streamGenerateContent` together, each of which has the shape of a whole response. Google's SDKs hand
/// the chunks on; what they have in common is done here: texts that follow one another become one part, other parts are
/// appended, and of all else the last word stands.
struct GeminiAccumulator: StreamAccumulator {
    private var top = JSON.Object()
    private var candidates: [Candidate] = []
    private var isCut = false
    private var result = Accumulation()

    private struct Candidate {
        let index: Int
        var content = JSON.Object()
        var parts: [JSON] = []
        var others = JSON.Object()

        var isFinished: Bool { others["finishReason"].map { !$0.isBlank } ?? false }
    }

    mutating func take(_ event: StreamEvent) {
        if result.error != nil { return }
        guard case .object(let whole)? = event.json else {
            if event.isUnterminated { isCut = true }
            return
        }
        let chunk = GeminiGenerateContent.unwrapped(.object(whole)).object ?? whole
        if let error = chunk["error"], !error.isNull {
            result.error = error
            return
        }
        for member in chunk.members {
            guard member.name == "candidates" else {
                if !member.value.isNull { top[member.name] = member.value }
                continue
            }
            if top.index(of: "candidates") == nil { top.members.append(JSON.Member("candidates", [])) }
            for (position, candidate) in (member.value.array ?? []).enumerated() {
                guard case .object(let candidate) = candidate else { continue }
                take(candidate, at: position, offset: event.completedAt)
            }
        }
    }

    private mutating func take(_ chunk: JSON.Object, at position: Int, offset: Int) {
        let index = chunk["index"]?.int ?? position
        let place = candidates.firstIndex { $0.index == index } ?? candidates.count
        if place == candidates.count { candidates.append(Candidate(index: index)) }
        for member in chunk.members {
            guard member.name == "content", case .object(let content) = member.value else {
                if !member.value.isNull { candidates[place].others[member.name] = member.value }
                continue
            }
            for member in content.members where member.name != "parts" {
                if !member.value.isNull { candidates[place].content[member.name] = member.value }
            }
            for part in content["parts"]?.array ?? [] {
                if let kind = Self.kind(of: part) { result.tokens.note(kind, at: offset) }
                mark(part, at: offset)
                Self.append(part, to: &candidates[place].parts)
            }
        }
    }

    private static func kind(of part: JSON) -> FirstTokens.Kind? {
        if let text = part["text"]?.string {
            return text.isEmpty ? nil : part["thought"]?.bool == true ? .reasoning : .text
        }
        return part["functionCall"] != nil ? .toolArguments : .other
    }

    /// A signature belongs to the text before it, so none is joined to a text that has one.
    private static func append(_ part: JSON, to parts: inout [JSON]) {
        guard let text = part["text"]?.string, let last = parts.indices.last, parts[last]["text"]?.string != nil,
            parts[last]["thoughtSignature"].map(\.isBlank) ?? true,
            (parts[last]["thought"]?.bool ?? false) == (part["thought"]?.bool ?? false)
        else {
            parts.append(part)
            return
        }
        parts[last].updateObject { whole in
            whole.update("text") { $0.append(text) }
            for member in part.object?.members ?? [] where member.name != "text" { whole[member.name] = member.value }
        }
    }

    private mutating func mark(_ part: JSON, at offset: Int) {
        if let id = (part["executableCode"] ?? part["toolCall"])?["id"]?.string {
            result.toolRuns[id] = Accumulation.ToolRunMarks(began: offset, ended: nil)
        } else if let id = (part["codeExecutionResult"] ?? part["toolResponse"])?["id"]?.string {
            result.toolRuns[id]?.ended = offset
        }
    }

    var accumulation: Accumulation {
        var whole = result
        let isBlocked = top["promptFeedback"]?["blockReason"].map { !$0.isBlank } ?? false
        let isFinished = candidates.isEmpty ? isBlocked : candidates.allSatisfy(\.isFinished)
        whole.isComplete = result.error != nil || (isFinished && !isCut)
        if top.isEmpty { return whole }
        var body = top
        if !candidates.isEmpty {
            body["candidates"] = .array(
                candidates.sorted { $0.index < $1.index }.map { candidate in
                    var content = candidate.content
                    if !candidate.parts.isEmpty {
                        content.members.insert(JSON.Member("parts", .array(candidate.parts)), at: 0)
                    }
                    let members = content.isEmpty ? [] : [JSON.Member("content", .object(content))]
                    return .object(JSON.Object(members + candidate.others.members))
                })
        }
        whole.body = .object(body)
        return whole
    }
}
