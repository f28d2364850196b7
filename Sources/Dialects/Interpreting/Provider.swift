import Interactions

/// `gen_ai.provider.name`, in OpenTelemetry's words where it has some.
enum Provider {
    /// Preset routes and what people call theirs.
    private static let routes = [
        "openai": "openai", "anthropic": "anthropic", "gemini": "gcp.gemini", "vertex": "gcp.vertex_ai",
        "mistral": "mistral_ai", "groq": "groq", "cohere": "cohere", "deepseek": "deepseek", "xai": "x_ai",
        "openrouter": "openrouter", "together": "together", "fireworks": "fireworks", "ollama": "ollama",
        "azure": "azure.ai.openai", "bedrock": "aws.bedrock", "perplexity": "perplexity",
    ]

    /// Ends of host names, for requests that still name the vendor's, by the name's last label.
    private static let hosts = Dictionary(grouping: ends) { String($0.0.tail(behindLast: ".") ?? "") }

    private static let ends = [
        ("openai.azure.com", "azure.ai.openai"), ("services.ai.azure.com", "azure.ai.inference"),
        ("openai.com", "openai"), ("anthropic.com", "anthropic"),
        ("aiplatform.googleapis.com", "gcp.vertex_ai"), ("generativelanguage.googleapis.com", "gcp.gemini"),
        ("mistral.ai", "mistral_ai"), ("groq.com", "groq"), ("cohere.com", "cohere"), ("deepseek.com", "deepseek"),
        ("x.ai", "x_ai"), ("openrouter.ai", "openrouter"), ("together.xyz", "together"), ("together.ai", "together"),
        ("fireworks.ai", "fireworks"), ("perplexity.ai", "perplexity"),
        ("voyageai.com", "voyageai"), ("jina.ai", "jina"), ("cerebras.ai", "cerebras"),
        ("huggingface.co", "huggingface"),
        ("z.ai", "zai"), ("bigmodel.cn", "zhipu"), ("moonshot.ai", "moonshot"), ("aliyuncs.com", "alibaba"),
        ("nvidia.com", "nvidia"), ("cloud.ibm.com", "ibm.watsonx.ai"), ("ollama.com", "ollama"),
        ("amazonaws.com", "aws.bedrock"),
    ]

    static func name(route: String, host: String?, path: String, dialect: any Dialect) -> String? {
        if let known = routes[route] { return known }
        if let known = host.flatMap(name(host:)) { return known }
        if path.holds("/openai/deployments/") { return "azure.ai.openai" }
        if path.holds("/publishers/") { return "gcp.vertex_ai" }
        return dialect.provider
    }

    private static func name(host: String) -> String? {
        let host = host.head(before: ":")
        // An address.
        if let last = host.utf8.last, last &- UInt8(ascii: "0") < 10 { return nil }
        guard let label = host.tail(behindLast: "."), let ends = hosts[String(label)] else { return nil }
        for (end, provider) in ends where host.ends(with: end) {
            if host.utf8.dropLast(end.utf8.count).last ?? UInt8(ascii: ".") == UInt8(ascii: ".") { return provider }
        }
        return nil
    }

    /// `gen_ai.operation.name` of paths in no known dialect.
    static func operation(path: String) -> String? {
        if path.ends(with: "/embeddings") || path.ends(with: "/embed") { return "embeddings" }
        if path.ends(with: "/completions") { return "text_completion" }
        if path.holds("enerateContent") { return "generate_content" }
        return path.ends(with: "/chat") ? "chat" : nil
    }

    /// The model that Gemini's (`/models/NAME:method`) and Bedrock's (`/model/NAME/method`) paths name.
    static func model(path: String) -> String? {
        let marks: [(String, Character)] = [
            ("/models/", ":"), ("/tunedModels/", ":"), ("/endpoints/", ":"), ("/model/", "/"),
        ]
        for (mark, end) in marks {
            guard let tail = path.tail(behind: mark) else { continue }
            let name = tail.prefix { $0 != "/" && $0 != end }
            if !name.isEmpty, tail[name.endIndex...].first == end { return String(name) }
        }
        return nil
    }
}
