/// Under which name a vendor's SDKs find an API key in the environment, and the header that carries it.
struct VendorKey {
    var host: String
    var variables: [String]
    var header = "authorization"
    var prefix = "Bearer "

    /// A key goes to its own vendor and nowhere else.
    static func header(
        forHost host: String, environment: [String: String]
    ) -> (name: String, value: String)? {
        guard let vendor = all.first(where: { $0.host == host.lowercased() }) else { return nil }
        let key = vendor.variables.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        return key.map { (vendor.header, vendor.prefix + $0) }
    }

    private static let all = [
        VendorKey(host: "api.openai.com", variables: ["OPENAI_API_KEY"]),
        VendorKey(host: "api.anthropic.com", variables: ["ANTHROPIC_API_KEY"], header: "x-api-key", prefix: ""),
        VendorKey(
            host: "generativelanguage.googleapis.com", variables: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
            header: "x-goog-api-key", prefix: ""),
        VendorKey(host: "api.mistral.ai", variables: ["MISTRAL_API_KEY"]),
        VendorKey(host: "api.groq.com", variables: ["GROQ_API_KEY"]),
        VendorKey(host: "api.cohere.com", variables: ["CO_API_KEY", "COHERE_API_KEY"]),
        VendorKey(host: "api.deepseek.com", variables: ["DEEPSEEK_API_KEY"]),
        VendorKey(host: "api.x.ai", variables: ["XAI_API_KEY"]),
        VendorKey(host: "openrouter.ai", variables: ["OPENROUTER_API_KEY"]),
        VendorKey(host: "api.together.xyz", variables: ["TOGETHER_API_KEY"]),
        VendorKey(host: "api.fireworks.ai", variables: ["FIREWORKS_API_KEY"]),
    ]
}
