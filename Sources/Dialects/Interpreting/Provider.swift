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

    /// Ends of host names, for requests that still name the vendor's.
    private static let hosts = [
        ("openai.azure.com", "azure.ai.openai"), ("services.ai.azure.com", "azure.ai.inference"),
        ("openai.com", "openai"), ("anthropic.com", "anthropic"),
        ("aiplatform.googleapis.com", "gcp.vertex_ai"), ("generativelanguage.googleapis.com", "gcp.gemini"),
        ("mistral.ai", "mistral_ai"), ("groq.com", "groq"), ("cohere.com", "cohere"), ("deepseek.com", "deepseek"),
        ("x.ai", "x_ai"), ("openrouter.ai", "openrouter"), ("together.xyz", "together"), ("together.ai", "together"),
        ("fireworks.ai", "fireworks"), ("perplexity.ai", "perplexity"), ("amazonaws.com", "aws.bedrock"),
    ]

    static func name(route: String, host: String?, path: Substring, dialect: any Dialect) -> String? {
        if let known = routes[route] { return known }
        if let host = host?.prefix(while: { $0 != ":" }) {
            for (end, provider) in hosts where host == end || host.hasSuffix("." + end) { return provider }
        }
        if path.contains("/openai/deployments/") { return "azure.ai.openai" }
        if path.contains("/publishers/") { return "gcp.vertex_ai" }
        return dialect.provider
    }

    /// `gen_ai.operation.name` of paths in no known dialect.
    static func operation(path: Substring) -> String? {
        if path.hasSuffix("/embeddings") || path.hasSuffix("/embed") { return "embeddings" }
        if path.hasSuffix("/completions") { return "text_completion" }
        if path.contains("enerateContent") { return "generate_content" }
        return path.hasSuffix("/chat") ? "chat" : nil
    }

    /// The model that Gemini's (`/models/NAME:method`) and Bedrock's (`/model/NAME/method`) paths name.
    static func model(path: Substring) -> String? {
        for (mark, end) in [("/models/", ":"), ("/model/", "/")] as [(String, Character)] {
            guard let found = path.firstRange(of: mark) else { continue }
            let name = path[found.upperBound...].prefix { $0 != "/" && $0 != ":" && $0 != "?" }
            let rest = path[found.upperBound...].dropFirst(name.count)
            if !name.isEmpty, rest.first == end { return String(name) }
        }
        return nil
    }
}
