import Interactions

/// What chat completions lean on: search results, citations and tool runs, wherever a vendor puts them.
enum ChatSources {
    /// - Parameter holder: a choice's message, or the completion itself.
    static func context(of holder: JSON) -> [JSON] {
        guard let members = holder.object?.members, members.contains(where: { isSource($0.name) }) else { return [] }
        var found = (holder["annotations"]?.array ?? []).compactMap(citation)
        // Azure's "on your data".
        found += (holder["context"]?["citations"]?.array ?? []).compactMap {
            JSON.context(text: [$0["content"], $0["title"], $0["url"]], from: $0, keep: ["title", "url", "filepath"])
        }
        // Groq's compound systems.
        for tool in holder["executed_tools"]?.array ?? [] {
            found += (tool["search_results"]?["results"]?.array ?? []).compactMap(result)
        }
        // Perplexity's, then Zhipu's.
        let results = (holder["search_results"]?.array ?? holder["web_search"]?.array ?? []).compactMap(result)
        if !results.isEmpty { return found + results }
        // Perplexity's and xAI's: URLs alone.
        return found
            + (holder["citations"]?.array ?? []).compactMap { citation in
                citation.string.map { ["text": .string($0), "url": .string($0)] }
            }
    }

    /// Hardly an answer has one.
    private static func isSource(_ name: String) -> Bool {
        switch Word(name) {
        case "annotations", "context", "executed_tools", "search_results", "web_search", "citations": true
        default: false
        }
    }

    private static func citation(_ annotation: JSON) -> JSON? {
        let cited = annotation["url_citation"] ?? annotation
        return JSON.context(
            text: [cited["content"], cited["title"], cited["url"]], from: cited, keep: ["title", "url"])
    }

    private static func result(_ result: JSON) -> JSON? {
        let score = result["score"]?.double == nil ? [] : ["score"]
        return JSON.context(
            text: [result["snippet"], result["content"], result["title"], result["url"] ?? result["link"]],
            from: result, keep: ["title", "url", "link", "date"] + score)
    }

    static func toolRuns(in message: JSON) -> [ToolRun] {
        (message["executed_tools"]?.array ?? []).map { tool in
            let type = tool["type"]?.string ?? "tool"
            return ToolRun(
                name: type, isRetrieval: type.holds("search"), input: tool["arguments"]?.argumentsParsed,
                output: tool["output"] ?? tool["search_results"])
        }
    }
}
