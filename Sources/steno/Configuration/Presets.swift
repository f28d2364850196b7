/// The routes that are there without being configured: `/NAME` in front of the provider's own paths, so that an app
/// only swaps scheme and host.
enum Presets {
    static let upstreams: KeyValuePairs<String, String> = [
        "openai": "https://api.openai.com",
        "anthropic": "https://api.anthropic.com",
        "gemini": "https://generativelanguage.googleapis.com",
        "mistral": "https://api.mistral.ai",
        "groq": "https://api.groq.com",
        "cohere": "https://api.cohere.com",
        "deepseek": "https://api.deepseek.com",
        "xai": "https://api.x.ai",
        "openrouter": "https://openrouter.ai",
        "together": "https://api.together.xyz",
        "fireworks": "https://api.fireworks.ai",
        "ollama": "http://127.0.0.1:11434",
    ]

    static func upstream(_ name: String) -> String? { upstreams.first { $0.key == name }?.value }
}
