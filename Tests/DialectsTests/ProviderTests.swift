import Interactions
import Testing

@testable import Dialects

@Suite struct ProviderTests {
    @Test(
        "The provider is told by route, host, path, and only then by the dialect",
        arguments: [
            ("groq", nil, "/v1/chat/completions", "groq"),
            ("default", "api.mistral.ai:443", "/v1/chat/completions", "mistral_ai"),
            ("default", "notmistral.ai", "/v1/chat/completions", "openai"),
            ("default", "127.0.0.1:4141", "/openai/deployments/d/chat/completions", "azure.ai.openai"),
            ("default", nil, "/v1/projects/p/publishers/google/models/g:generateContent", "gcp.vertex_ai"),
        ] as [(String, String?, String, String)])
    func provider(route: String, host: String?, path: String, name: String) {
        #expect(Provider.name(route: route, host: host, path: path, dialect: OpenAIChat()) == name)
    }

    @Test("Nobody is made up for what is not known")
    func unknown() {
        #expect(Provider.name(route: "mine", host: nil, path: "/x", dialect: Dialects.unknown) == nil)
        #expect(Provider.operation(path: "/x") == nil)
    }

    @Test(
        "Models that paths name",
        arguments: [
            ("/v1beta/models/gemini-2.5-pro:streamGenerateContent", "gemini-2.5-pro"),
            ("/model/anthropic.claude%3A0/invoke", "anthropic.claude%3A0"), ("/v1/models/gpt-5", nil), ("/v1", nil),
        ] as [(String, String?)])
    func model(path: String, name: String?) {
        #expect(Provider.model(path: path) == name)
    }

    @Test(
        "Percent-encoding is taken off where it is one",
        arguments: [("a%3Ab", "a:b"), ("%", "%"), ("%ff", "%ff"), ("ab", "ab")])
    func percent(text: String, decoded: String) {
        #expect(text.percentDecoded == decoded)
    }
}
