extension Detector {
    /// Vendors of models and of what is built around them.
    static let ai: [Detector] = [
        token(
            "anthropic_key", #"sk-ant-[a-z0-9]{2,16}-[\w-]{20,}"#, keywords: ["sk-ant-"],
            matches: [
                "key: sk-ant-api03-\(sample(93))AA.", "sk-ant-admin01-\(sample(93))AA", "sk-ant-oat01-\(sample(95))",
            ],
            misses: ["sk-ant-api03-…", "sk-ant-"]),
        token(
            "openrouter_key", #"sk-or-v1-[0-9a-f]{32,}"#, keywords: ["sk-or-v1-"],
            matches: ["sk-or-v1-\(sample(64, .hex))"], misses: ["sk-or-v1-key"]),
        token(
            "langfuse_key", #"[sp]k-lf-[0-9a-f-]{30,}"#, keywords: ["sk-lf-", "pk-lf-"],
            matches: ["sk-lf-7f3b9c10-1f2e-4d3c-8b4a-5968778695a4"]),
        // Project, service account and admin keys; the older ones carry the base64 of "OpenAI" in their middle.
        token(
            "openai_key", #"sk-(?:proj|svcacct|admin|None)-[\w-]{20,}"#,
            keywords: ["sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-"],
            matches: ["sk-proj-\(sample(48))", "sk-svcacct-\(sample(120))", "是sk-proj-\(sample(40))，"],
            misses: ["sk-project-manager-of-the-year", "sk-proj-"]),
        // Also of DeepSeek, Moonshot, DashScope, Together and others that took over the form.
        token(
            "openai_key", #"sk-[A-Za-z0-9]{20,}"#, keywords: ["sk-"],
            matches: ["sk-\(sample(20))T3BlbkFJ\(sample(21))", "sk-\(sample(32, .hex))"],
            misses: ["task-force-of-twenty-five", "disk-0123456789abcdef0123", "sk-learn"]),
        token(
            "google_api_key", #"AIza[\w-]{35}"#, keywords: ["AIza"], matches: ["?key=AIza\(sample(35))&alt=sse"],
            misses: ["AIzaShort"]),
        token(
            "huggingface_token", #"(?:hf|api_org)_[A-Za-z0-9]{30,}"#, keywords: ["hf_", "api_org_"],
            matches: ["hf_\(sample(34))", "api_org_\(sample(34))"], misses: ["hf_hub_download", "hf_transfer"]),
        token(
            "groq_key", "gsk_[A-Za-z0-9]{40,}", keywords: ["gsk_"], matches: ["gsk_\(sample(52))"], misses: ["gsk_test"]
        ),
        token(
            "xai_key", "xai-[A-Za-z0-9]{60,}", keywords: ["xai-"], matches: ["xai-\(sample(80))"], misses: ["xai-org"]),
        token(
            "perplexity_key", "pplx-[A-Za-z0-9]{32,}", keywords: ["pplx-"], matches: ["pplx-\(sample(48))"],
            misses: ["pplx-7b-online"]),
        token(
            "replicate_token", "r8_[A-Za-z0-9]{30,}", keywords: ["r8_"], matches: ["r8_\(sample(37))"],
            misses: ["r8_unorm"]),
        token(
            "fireworks_key", "fw_[A-Za-z0-9]{20,}", keywords: ["fw_"], matches: ["fw_\(sample(24))"],
            misses: ["fw_version"]),
        token(
            "cerebras_key", "csk-[a-z0-9]{40,}", keywords: ["csk-"], matches: ["csk-\(sample(48, .lower))"],
            misses: ["csk-1"]),
        token(
            "nvidia_key", #"nvapi-[\w-]{50,}"#, keywords: ["nvapi-"], matches: ["nvapi-\(sample(64))"],
            misses: ["nvapi-x"]),
        token(
            "tavily_key", #"tvly-[\w-]{20,}"#, keywords: ["tvly-"], matches: ["tvly-dev-\(sample(32))"],
            misses: ["tvly-"]),
        token(
            "langsmith_key", #"lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{8,}"#, keywords: ["lsv2_"],
            matches: ["lsv2_pt_\(sample(32, .hex))_\(sample(10, .hex))"]),
        token(
            "pinecone_key", #"pcsk_[A-Za-z0-9]{4,8}_[A-Za-z0-9]{40,}"#, keywords: ["pcsk_"],
            matches: ["pcsk_2abcd_\(sample(63))"]),
        token(
            "elevenlabs_key", "sk_[0-9a-f]{48}", keywords: ["sk_"], matches: ["sk_\(sample(48, .hex))"],
            misses: ["sk_buff"]),
        token(
            "jina_key", #"jina_[\w-]{40,}"#, keywords: ["jina_"], matches: ["jina_\(sample(60))"],
            misses: ["jina_embeddings_v3"]),
        token(
            "scale_key", "(?:live|test)_[0-9a-f]{32}", keywords: ["live_", "test_"],
            matches: ["live_\(sample(32, .hex))"],
            misses: ["test_the_thing", "test_0123abcd"]),
        near(
            "cohere|mistral|together|deepgram|assemblyai|stability|runpod|voyage", "ai_key", "[A-Za-z0-9]{32,64}",
            keywords: ["cohere", "mistral", "together", "deepgram", "assemblyai", "stability", "runpod", "voyage"],
            matches: ["COHERE_API_KEY=\(sample(40))", "my mistral key is \(sample(32)), use it"],
            misses: ["mistral-large-latest", "{\"model\": \"mistral\"}"]),
    ]
}
