import Interactions

extension RequestParameters {
    /// By the names that most vendors share, in a request's own members.
    init(sharedNames request: JSON) {
        self.init()
        for member in request.object?.members ?? [] { read(member.name, member.value) }
    }

    /// Takes over one member, if its name is one that vendors share.
    mutating func read(_ name: String, _ value: JSON) {
        switch Word(name) {
        case "temperature": temperature = value.double
        case "top_p": topP = value.double
        case "top_k": topK = value.double
        case "max_tokens", "max_completion_tokens", "max_output_tokens": maxTokens = value.int ?? maxTokens
        case "stop", "stop_sequences":
            stopSequences = value.string.map { [$0] } ?? (value.array ?? []).compactMap(\.string)
        case "seed", "random_seed": seed = value.int
        case "n": choiceCount = value.int
        case "stream": isStreamed = value.bool
        case "frequency_penalty": frequencyPenalty = value.double
        case "presence_penalty": presencePenalty = value.double
        case "encoding_format": encodingFormats = value.string.map { [$0] } ?? []
        case "dimensions": dimensionCount = value.int
        case "response_format": outputType = Self.outputType(value["type"]?.string)
        // OpenAI Responses.
        case "text": outputType = Self.outputType(value["format"]?["type"]?.string) ?? outputType
        case "modalities": if value.array?.contains("audio") == true { outputType = "speech" }
        default: break
        }
    }

    private static func outputType(_ format: String?) -> String? {
        switch format {
        case "text": "text"
        case "json_object", "json_schema", "json": "json"
        default: nil
        }
    }
}
