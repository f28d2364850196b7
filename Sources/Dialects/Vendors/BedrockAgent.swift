import Interactions

/// Bedrock's InvokeAgent and InvokeInlineAgent. Their answers are streams of text, with what the agent did beside it;
/// no event tells that the stream is at its end.
struct BedrockAgent: Dialect {
    var name: String { "bedrock.agent" }
    var operation: String? { "invoke_agent" }
    var provider: String? { "aws.bedrock" }
    var scope: DialectScope {
        DialectScope(
            "Bedrock's agents",
            paths: [
                "/agents/ID/agentAliases/ID/sessions/ID/text"
            ], streams: [.messages])
    }

    func claims(path: String) -> Bool {
        path.holds("/agents/") && path.holds("/sessions/") && (path.holds("/agentAliases/") || path.ends(with: "/text"))
    }

    func prompt(in request: JSON) -> Prompt {
        var prompt = Prompt(model: request["foundationModel"], text: request["inputText"])
        prompt.isContinuationByReference = true
        return prompt
    }

    func instructions(in request: JSON) -> [Message.Part] { Message.Part.parts(of: request["instruction"]) }

    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        AgentAccumulator().accumulation(of: events)
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer()
        for citation in body["citations"]?.array ?? [] {
            answer.context += (citation["retrievedReferences"]?.array ?? []).compactMap(Self.reference)
        }
        var thoughts: [String] = []
        for trace in body["traces"]?.array ?? [] {
            guard let step = trace["trace"]?["orchestrationTrace"] else { continue }
            read(step, into: &answer, thoughts: &thoughts)
        }
        answer.say(body["completion"]?.string, reasoning: thoughts, calls: Self.calls(in: body))
        return answer
    }

    /// What the agent leaves to the app.
    private static func calls(in body: JSON) -> [Message.Part] {
        (body["returnControl"]?.array ?? []).flatMap { control in
            (control["invocationInputs"]?.array ?? []).compactMap { input in
                guard let call = input["functionInvocationInput"] ?? input["apiInvocationInput"] else { return nil }
                return .toolCall(
                    id: control["invocationId"], name: call["function"] ?? call["apiPath"] ?? call["actionGroup"],
                    arguments: call["parameters"] ?? call["requestBody"])
            }
        }
    }

    private func read(_ step: JSON, into answer: inout Answer, thoughts: inout [String]) {
        if let text = step["rationale"]?["text"]?.string, !text.isEmpty { thoughts.append(text) }
        if let counts = step["modelInvocationOutput"]?["metadata"]?["usage"] {
            var usage = answer.usage ?? Usage()
            usage.input = (usage.input ?? 0) &+ (counts["inputTokens"]?.int ?? 0)
            usage.output = (usage.output ?? 0) &+ (counts["outputTokens"]?.int ?? 0)
            answer.usage = usage
        }
        if let input = step["invocationInput"], let call = Self.run(input, "Input") {
            answer.toolRuns.append(
                ToolRun(
                    name: call.value["actionGroupName"]?.string ?? call.name, isRetrieval: call.name == "knowledgeBase",
                    input: call.value))
        }
        guard let output = step["observation"], let found = Self.run(output, "Output"),
            let place = answer.toolRuns.lastIndex(where: { $0.output == nil })
        else { return }
        answer.toolRuns[place].output = found.value
        answer.toolRuns[place].hasFailed = found.value["executionError"] != nil
        answer.context += (found.value["retrievedReferences"]?.array ?? []).compactMap(Self.reference)
    }

    /// `codeInterpreterInvocationInput`, `knowledgeBaseLookupOutput` and their like.
    private static func run(_ step: JSON, _ end: String) -> (name: String, value: JSON)? {
        for member in step.object?.members ?? [] where member.name.hasSuffix(end) {
            for middle in ["Invocation", "Lookup"] where member.name.hasSuffix(middle + end) {
                return (String(member.name.dropLast(middle.count + end.count)), member.value)
            }
        }
        return nil
    }

    private static func reference(_ reference: JSON) -> JSON? {
        let location = reference["location"]
        let url = location?["webLocation"]?["url"] ?? location?["s3Location"]?["uri"]
        return JSON.context(
            text: [reference["content"]?["text"], url], from: .object(["url": url, "score": reference["score"]]),
            keep: reference["score"]?.double == nil ? ["url"] : ["score", "url"])
    }
}

/// Text as bytes in base64, and all else in lists.
struct AgentAccumulator: StreamAccumulator {
    private var completion: [UInt8] = []
    private var citations: [JSON] = []
    /// What came beside the text, by the kind of event, in order.
    private var others: [(name: String, items: [JSON])] = []
    private var hasBegun = false
    private var isCut = false
    private var result = Accumulation()

    mutating func take(_ event: StreamEvent) {
        if result.error != nil { return }
        if event.isFault {
            result.error = event.fault
            return
        }
        guard let json = event.json else {
            if event.isUnterminated { isCut = true }
            return
        }
        hasBegun = true
        guard event.name == "chunk" else {
            let name = event.name == "trace" ? "traces" : event.name
            if let place = others.firstIndex(where: { $0.name == name }) {
                others[place].items.append(json)
            } else {
                others.append((name, [json]))
            }
            return
        }
        result.tokens.note(.text, at: event.completedAt)
        completion += json["bytes"]?.string.flatMap(Base64.decode) ?? []
        citations += json["attribution"]?["citations"]?.array ?? []
    }

    var accumulation: Accumulation {
        var whole = result
        whole.isOpenEnded = true
        whole.isComplete = result.error != nil || !isCut
        guard hasBegun else { return whole }
        let text = JSON.string(String(decoding: completion, as: UTF8.self))
        var body = JSON.Object([JSON.Member("completion", text), JSON.Member("citations", .array(citations))])
        for other in others { body.members.append(JSON.Member(other.name, .array(other.items))) }
        whole.body = .object(body)
        return whole
    }
}
