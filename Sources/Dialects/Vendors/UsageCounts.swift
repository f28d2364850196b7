import Interactions

extension Usage {
    /// The counts of an answer in OpenAI's old words (`prompt_tokens`) and its new ones (`input_tokens`), which most
    /// vendors share; `nil` where it has none.
    init?(openAI body: JSON) {
        // Groq has put it into its own member, Moonshot into the choice.
        guard
            let counts = body["usage"].unlessBlank ?? body["x_groq"]?["usage"].unlessBlank
                ?? body["choices"]?[0]?["usage"].unlessBlank
        else { return nil }
        self.init()
        input = counts["prompt_tokens"]?.int ?? counts["input_tokens"]?.int
        output = counts["completion_tokens"]?.int ?? counts["output_tokens"]?.int
        total = counts["total_tokens"]?.int
        let read = counts["prompt_tokens_details"] ?? counts["input_tokens_details"] ?? counts["prompt_token_details"]
        cacheRead =
            read?["cached_tokens"]?.int ?? counts["cache_read_input_tokens"]?.int
            ?? counts["prompt_cache_hit_tokens"]?.int ?? counts["cached_tokens"]?.int
        cacheCreation = read?["cache_write_tokens"]?.int ?? counts["cache_creation_input_tokens"]?.int
        let written = counts["completion_tokens_details"] ?? counts["output_tokens_details"]
        reasoning = written?["reasoning_tokens"]?.int ?? counts["reasoning_tokens"]?.int
        if self == Usage() { return nil }
    }

    /// For calls that bring no text back: the total is input, where that is not told.
    init?(inputOnly body: JSON) {
        self.init(openAI: body)
        input = input ?? total
    }

    /// Cohere's: what went through the model, or else what is billed of it.
    init?(cohere body: JSON) {
        let places = [
            body["usage"]?["tokens"], body["meta"]?["tokens"], body["token_count"], body["usage"]?["billed_units"],
            body["meta"]?["billed_units"],
        ]
        self.init()
        for case let counts? in places {
            input = input ?? counts["input_tokens"]?.int ?? counts["prompt_tokens"]?.int
            output = output ?? counts["output_tokens"]?.int ?? counts["response_tokens"]?.int
        }
        cacheRead = (body["usage"] ?? body["meta"])?["cached_tokens"]?.int
        if input == nil && output == nil { return nil }
    }
}

extension JSON? {
    fileprivate var unlessBlank: JSON? { flatMap { $0.isBlank ? nil : $0 } }
}
