import Interactions
import Testing

@testable import Dialects

@Suite struct DialectTests {
    @Test(
        "The path names the dialect, whatever stands before it",
        arguments: [
            ("/v1/chat/completions", "openai.chat"), ("/openai/deployments/gpt/chat/completions", "openai.chat"),
            ("/openai/v1/chat/completions", "openai.chat"), ("/v1/agents/completions", "openai.chat"),
            ("/v1/fim/completions", "mistral.fim"), ("/v1/completions", "openai.completions"),
            ("/v1/engines/davinci/completions", "openai.completions"), ("/v1/responses", "openai.responses"),
            ("/v1/responses/compact", "openai.responses-compact"), ("/v1/embeddings", "openai.embeddings"),
            ("/v1/multimodalembeddings", "openai.embeddings"), ("/api/embeddings", "ollama.embed"),
            ("/api/embed", "ollama.embed"), ("/v2/embed", "cohere.embed"), ("/v1/moderations", "openai.moderations"),
            ("/v1/chat/moderations", "openai.moderations"), ("/v1/images/edits", "openai.images"),
            ("/v1/audio/speech", "openai.speech"), ("/v1/audio/translations", "openai.transcriptions"),
            ("/v1/threads/thread_1/runs", "openai.assistants"), ("/v1/threads", "openai.assistants"),
            ("/v1/assistants/asst_1", "openai.assistants"), ("/v1/models", "openai.resources"),
            ("/openai/files/f-1/content", "openai.resources"), ("/v1/vector_stores/v/search", "openai.resources"),
            ("/v1/chat", "cohere.chat-v1"), ("/v2/chat", "cohere.chat-v2"), ("/v1/generate", "cohere.generate"),
            ("/v2/rerank", "rerank"), ("/api/chat", "ollama.chat"), ("/api/generate", "ollama.generate"),
            ("/v1/ocr", "mistral.ocr"),
        ])
    func paths(path: String, name: String) {
        #expect(Dialects.claimed(named: "auto", path: path)?.name == name)
    }

    @Test(
        "Where the path says nothing, the answer does",
        arguments: [
            (#"{"object":"text_completion","choices":[{"text":"a"}]}"#, "openai.completions"),
            (#"{"choices":[{"index":0,"delta":{}}]}"#, "openai.chat"),
            (#"{"object":"list","data":[{"object":"embedding"}]}"#, "openai.embeddings"),
            (#"{"type":"image_generation.partial_image"}"#, "openai.images"),
            (#"{"type":"transcript.text.delta","delta":"a"}"#, "openai.transcriptions"),
            (#"{"object":"thread.run","id":"run_1"}"#, "openai.assistants"),
            (#"{"object":"response.compaction"}"#, "openai.responses-compact"),
            (#"{"is_finished":false,"event_type":"stream-start"}"#, "cohere.chat-v1"),
            (#"{"type":"message-start","delta":{"message":{}}}"#, "cohere.chat-v2"),
            (#"{"generations":[{"text":"a"}]}"#, "cohere.generate"),
            (#"{"results":[{"relevance_score":0.5,"index":0}]}"#, "rerank"),
            (#"{"done":false,"message":{"role":"assistant","content":""}}"#, "ollama.chat"),
            (#"{"done":true,"response":""}"#, "ollama.generate"),
            (#"{"type":"conversation.response.started"}"#, "mistral.conversations"),
            (#"[{"generated_text":"a"}]"#, "huggingface.generate"),
        ])
    func answers(answer: String, name: String) {
        #expect(Dialects.recognised(answer: json(answer))?.name == name)
    }

    @Test(
        "Where several vendors have one path, the request tells",
        arguments: [
            ("/v1/chat", #"{"messages":[]}"#, nil), ("/v1/chat", #"{"message":"Hi"}"#, "cohere.chat-v1"),
            ("/v1/conversations", #"{"inputs":"Hi"}"#, "mistral.conversations"),
            ("/v1/conversations/c", #"{"inputs":[]}"#, "mistral.conversations"),
            ("/v1/conversations", #"{"items":[]}"#, "openai.resources"),
            ("/generate", #"{"inputs":"Hi"}"#, "huggingface.generate"), ("/generate", #"{"prompt":"Hi"}"#, nil),
        ] as [(String, String, String?)])
    func requests(path: String, request: String, name: String?) {
        #expect(Dialects.claimed(named: "auto", path: path, request: json(request))?.name == name)
    }

    @Test("Each path that a dialect names as its own is one that it claims", arguments: Dialects.all.map(\.name))
    func scopes(name: String) throws {
        let dialect = try #require(Dialects.all.first { $0.name == name })
        #expect(!dialect.scope.what.isEmpty)
        for path in dialect.scope.paths {
            #expect(dialect.claims(path: path), Comment(rawValue: path))
        }
    }

    @Test("No two dialects have one name")
    func names() {
        let names = Dialects.all.map(\.name)
        #expect(Set(names).count == names.count)
    }
}
