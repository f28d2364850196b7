import Interactions

/// Google's `generateContent` and `streamGenerateContent`, of the Gemini API, of Vertex AI, and of the Code Assist
/// service that the Gemini CLI asks.
struct GeminiGenerateContent: Dialect {
    var name: String { "gemini.generateContent" }
    var operation: String? { "generate_content" }
    var provider: String? { "gcp.gemini" }
    var scope: DialectScope {
        DialectScope(
            "Gemini, of Google's API and of Vertex",
            paths: [
                "/v1beta/models/NAME:generateContent",
                "/v1beta/models/NAME:streamGenerateContent",
                "/v1/projects/ID/locations/PLACE/publishers/google/models/NAME:streamGenerateContent",
            ], streams: [.events, .array])
    }

    func claims(path: String) -> Bool {
        path.ends(with: ":generateContent") || path.ends(with: ":streamGenerateContent")
    }

    func claims(answer: JSON) -> Bool {
        let answer = Self.unwrapped(answer)
        if let candidate = answer["candidates"]?[0] {
            return candidate["content"] != nil || candidate["finishReason"] != nil
        }
        return answer["usageMetadata"]?["promptTokenCount"] != nil || answer["promptFeedback"]?["blockReason"] != nil
    }

    /// Without `alt=sse` a stream is an array that is written bit by bit.
    func streamsArray(path: String) -> Bool { path.ends(with: ":streamGenerateContent") }

    /// Code Assist wraps requests and answers.
    static func unwrapped(_ message: JSON) -> JSON {
        if let request = message["request"], request["contents"] != nil { return request }
        if let response = message["response"], response["candidates"] != nil || response["usageMetadata"] != nil {
            return response
        }
        return message
    }

    func prompt(in request: JSON) -> Prompt {
        Prompt(
            model: GeminiContent.model(request["model"]),
            messages: GeminiContent.messages(Self.unwrapped(request)["contents"]))
    }

    func instructions(in request: JSON) -> [Message.Part] {
        let request = Self.unwrapped(request)
        return GeminiContent.parts(of: request["systemInstruction"] ?? request["system_instruction"])
    }

    func tools(in request: JSON) -> [JSON] { GeminiContent.tools(Self.unwrapped(request)["tools"]) }

    func parameters(in request: JSON) -> RequestParameters {
        let request = Self.unwrapped(request)
        return GeminiContent.parameters(request["generationConfig"] ?? request["generation_config"])
    }

    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        GeminiAccumulator().accumulation(of: events)
    }

    func answer(in body: JSON) -> Answer {
        let body = Self.unwrapped(body)
        var answer = Answer()
        answer.id = body["responseId"]?.string
        answer.model = body["modelVersion"]?.string
        answer.usage = usage(in: body)
        answer.failure = body.ownFailure
        let candidates = (body["candidates"]?.array ?? []).sorted { ($0["index"]?.int ?? 0) < ($1["index"]?.int ?? 0) }
        for candidate in candidates {
            let parts = candidate["content"]?["parts"]?.array ?? []
            answer.messages.append(
                Message(.assistant, Self.said(parts), finishReason: candidate["finishReason"]?.word))
            readRuns(in: parts, into: &answer)
            read(grounding: candidate, into: &answer)
        }
        if let reason = body["promptFeedback"]?["blockReason"]?.word, candidates.isEmpty {
            answer.say(nil, finishReason: reason)
        }
        return answer
    }

    /// Texts that only signatures part are one.
    private static func said(_ parts: [JSON]) -> [Message.Part] {
        var said: [Message.Part] = []
        var calls = GeminiCalls()
        for part in parts {
            if let call = part["functionCall"] {
                calls.take(call)
            } else if let part = GeminiContent.part(part) {
                said.append(part)
            }
        }
        return said.joiningTexts + calls.all
    }

    private func readRuns(in parts: [JSON], into answer: inout Answer) {
        for part in parts {
            if let result = part["codeExecutionResult"] ?? part["toolResponse"] {
                take(result: result, into: &answer)
            } else if case .serverToolCall(let id, let name, let arguments)? = GeminiContent.part(part) {
                answer.toolRuns.append(
                    ToolRun(name: name, id: id, isRetrieval: name.holds("search"), input: arguments))
            }
        }
    }

    /// Belongs to the run of its id, or to the last that has no result yet.
    private func take(result: JSON, into answer: inout Answer) {
        let id = result["id"]?.string
        let runs = answer.toolRuns
        let place = runs.lastIndex { run in id == nil ? run.output == nil : run.id == id }
        guard let place else { return }
        answer.toolRuns[place].output = result["output"] ?? result["response"] ?? result
        answer.toolRuns[place].hasFailed = result["outcome"].map { $0.word != "OUTCOME_OK" && $0.int != 1 } ?? false
    }

    private func read(grounding candidate: JSON, into answer: inout Answer) {
        let grounding = candidate["groundingMetadata"]
        let chunks = grounding?["groundingChunks"]?.array ?? []
        answer.context += chunks.compactMap { chunk in
            guard let source = chunk["web"] ?? chunk["retrievedContext"] ?? chunk["maps"] else { return nil }
            return Self.context(source["text"], title: source["title"], url: source["uri"])
        }
        let isTold = answer.toolRuns.contains(where: \.isRetrieval)
        for (list, name) in [("webSearchQueries", "google_search"), ("retrievalQueries", "retrieval")] {
            guard let queries = grounding?[list], !queries.isBlank, !isTold else { continue }
            answer.toolRuns.append(
                ToolRun(
                    name: name, isRetrieval: true, input: .object(["queries": queries]),
                    output: chunks.isEmpty ? nil : .array(chunks)))
        }
        if let pages = candidate["urlContextMetadata"]?["urlMetadata"]?.array, !pages.isEmpty {
            answer.toolRuns.append(
                ToolRun(
                    name: "url_context", isRetrieval: true,
                    input: .object(["urls": .array(pages.compactMap { $0["retrievedUrl"] })]), output: .array(pages)))
        }
        let cited = candidate["citationMetadata"]
        answer.context += (cited?["citationSources"]?.array ?? cited?["citations"]?.array ?? []).compactMap {
            Self.context(nil, title: $0["title"], url: $0["uri"])
        }
    }

    private static func context(_ text: JSON?, title: JSON?, url: JSON?) -> JSON? {
        let source = JSON.object(["title": title, "url": url])
        return JSON.context(text: [text, title, url], from: source, keep: ["title", "url"])
    }

    /// Google counts thoughts apart from the candidates, and what tools brought apart from the prompt.
    private func usage(in body: JSON) -> Usage? {
        guard let counts = body["usageMetadata"], !counts.isBlank else { return nil }
        func sum(_ first: String, _ second: String) -> Int? {
            let told = [counts[first]?.int, counts[second]?.int].compactMap { $0 }
            return told.isEmpty ? nil : told.reduce(0, &+)
        }
        var usage = Usage()
        usage.input = sum("promptTokenCount", "toolUsePromptTokenCount")
        usage.output = sum("candidatesTokenCount", "thoughtsTokenCount")
        usage.total = counts["totalTokenCount"]?.int
        usage.cacheRead = counts["cachedContentTokenCount"]?.int
        usage.reasoning = counts["thoughtsTokenCount"]?.int
        return usage == Usage() ? nil : usage
    }
}

extension JSON {
    /// An enumeration's value: a name, or a number where the app asks for numbers (`$alt=json;enum-encoding=int`).
    var word: String? {
        if let number = int { return "\(number)" }
        return string.flatMap { $0.isEmpty ? nil : $0 }
    }
}
