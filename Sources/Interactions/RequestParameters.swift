/// What a request asks of the model besides its messages, as OpenTelemetry's `gen_ai.request.…` names it.
package struct RequestParameters: Sendable, Hashable {
    package var temperature: Double?
    package var topP: Double?
    package var topK: Double?
    package var maxTokens: Int?
    package var stopSequences: [String] = []
    package var seed: Int?
    /// How many answers; `nil` where the vendor's default stands.
    package var choiceCount: Int?
    package var isStreamed: Bool?
    package var frequencyPenalty: Double?
    package var presencePenalty: Double?
    /// Of embeddings.
    package var encodingFormats: [String] = []
    /// Of embeddings.
    package var dimensionCount: Int?
    /// `gen_ai.output.type`: `text`, `json`, `image` or `speech`, where the request asks for one.
    package var outputType: String?

    package init() {}

    /// As attributes, in the conventions' order; only what was asked for.
    package var attributes: [JSON.Member] {
        var list: [JSON.Member] = []
        append(to: &list)
        return list
    }

    package func append(to list: inout [JSON.Member]) {
        func add(_ name: DocumentName, _ value: JSON?) {
            if let value { list.append(JSON.Member(name, value)) }
        }
        func add(_ name: String, _ value: JSON?) {
            if let value { list.append(JSON.Member(name, value)) }
        }
        add(.outputType, outputType.map { .string($0) })
        add(.requestChoiceCount, choiceCount.flatMap { $0 == 1 ? nil : .int($0) })
        add(.requestSeed, seed.map { .int($0) })
        add(.requestStream, isStreamed == true ? true : nil)
        add("gen_ai.request.frequency_penalty", frequencyPenalty.map { .double($0) })
        add(.requestMaxTokens, maxTokens.map { .int($0) })
        add(.requestPresencePenalty, presencePenalty.map { .double($0) })
        add(.requestStopSequences, Self.list(stopSequences))
        add(.requestTemperature, temperature.map { .double($0) })
        add(.requestTopK, topK.map { .double($0) })
        add(.requestTopP, topP.map { .double($0) })
        add("gen_ai.request.encoding_formats", Self.list(encodingFormats))
        add("gen_ai.embeddings.dimension.count", dimensionCount.map { .int($0) })
    }

    private static func list(_ texts: [String]) -> JSON? {
        texts.isEmpty ? nil : .array(texts.map { .string($0) })
    }
}
