import Interactions

/// A vendor's wire format: how its requests are read, its streams put together, its answers understood.
///
/// Everything works on lossless JSON, so that what a dialect doesn't know stays in the body.
protocol Dialect: Sendable {
    /// `route.NAME.dialect` and `steno.dialect`.
    var name: String { get }
    /// `gen_ai.operation.name`.
    var operation: String? { get }
    /// `gen_ai.provider.name` where nothing else tells who answered.
    var provider: String? { get }
    /// For the page that tells what is understood; each of its paths is one that the dialect claims.
    var scope: DialectScope { get }
    /// Whether an exchange with this path (no query) is in this dialect.
    func claims(path: String) -> Bool
    /// Whether a request for a claimed path is in this dialect: some paths are several vendors'. `null`: it has no
    /// document.
    func claims(request: JSON) -> Bool
    /// Whether a response's document, or a stream's first event, is in this dialect, for paths nobody claims.
    func claims(answer: JSON) -> Bool
    /// Whether a response that is one JSON array is a stream of its items, not a document.
    func streamsArray(path: String) -> Bool
    /// What the request asks: its conversation as `gen_ai.input.messages` has it, from which the query and the turn
    /// follow.
    func prompt(in request: JSON) -> Prompt
    /// `gen_ai.system_instructions`: those that stand apart from the messages.
    func instructions(in request: JSON) -> [Message.Part]
    /// `gen_ai.tool.definitions`: `{type, name, description?, parameters?}` each.
    func tools(in request: JSON) -> [JSON]
    /// `gen_ai.request.…` but for the model.
    func parameters(in request: JSON) -> RequestParameters
    /// The object that the vendor's own SDK accumulates from a stream.
    /// - Parameter events: may be walked more than once; each is made as it is asked for.
    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation
    /// What the answer says, as `gen_ai.output.messages` has it, and what it tells of itself.
    /// - Parameter body: a whole response, a string where it is plain text, or what `accumulate` made.
    func answer(in body: JSON) -> Answer
    /// For answers that can't be understood without what was asked.
    func answer(in body: JSON, to request: JSON?) -> Answer
    /// The vendor keeps answers, and later requests may name one by its id (`Prompt.previousResponse`).
    var keepsAnswers: Bool { get }
    /// What the exchange itself is among its spans.
    var span: Interaction.Span.Operation { get }
}

/// As OpenAI and Anthropic, and those who took after them, have it.
extension Dialect {
    var span: Interaction.Span.Operation { .completion }

    func claims(request: JSON) -> Bool { true }

    var keepsAnswers: Bool { false }

    func claims(answer: JSON) -> Bool { false }

    func streamsArray(path: String) -> Bool { false }

    /// For formats without streams: the events as they came.
    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation { Dialects.unknown.accumulate(events) }

    func answer(in body: JSON, to request: JSON?) -> Answer { answer(in: body) }

    func instructions(in request: JSON) -> [Message.Part] {
        Message.Part.parts(of: request["instructions"] ?? request["system"])
    }

    func tools(in request: JSON) -> [JSON] { (request["tools"]?.array ?? []).map(ToolDefinition.definition) }

    func parameters(in request: JSON) -> RequestParameters { RequestParameters(sharedNames: request) }
}

enum Dialects {
    static let unknown = UnknownDialect()

    /// By path first, then by what came; a route's own setting before both.
    static let all: [any Dialect] =
        mistral + openAI + anthropic + google + bedrock + cohere + ollama + [HuggingFaceGenerate()]

    /// OpenAI's own formats, which most others speak too.
    private static let openAI: [any Dialect] = [
        OpenAIChat(),
        OpenAIResponses(),
        OpenAICompaction(),
        OpenAICompletions(),
        OpenAIEmbeddings(),
        OpenAIModerations(),
        OpenAIImages(),
        OpenAISpeech(),
        OpenAITranscriptions(),
        OpenAIAssistants(),
        OpenAIResources(),
    ]

    private static let anthropic: [any Dialect] = [
        AnthropicCountTokens(),
        AnthropicMessages(),
        AnthropicComplete(),
    ]

    private static let google: [any Dialect] = [
        GeminiGenerateContent(),
        GeminiEmbeddings(),
        GeminiCountTokens(),
        GeminiInteractions(),
    ]

    private static let bedrock: [any Dialect] = [
        BedrockConverse(),
        BedrockInvoke(),
        BedrockAgent(),
    ]

    private static let cohere: [any Dialect] = [
        CohereChatV2(),
        CohereChatV1(),
        CohereGenerate(),
        CohereEmbed(),
        Rerank(),
    ]

    /// Before OpenAI's, whose paths hold them.
    private static let mistral: [any Dialect] = [
        MistralFIM(),
        MistralConversations(),
        MistralOCR(),
    ]

    private static let ollama: [any Dialect] = [
        OllamaChat(),
        OllamaGenerate(),
        OllamaEmbed(),
    ]

    /// What `route.NAME.dialect` may be.
    static var names: [String] { (all + [unknown]).map(\.name) }

    /// - Parameter name: a dialect's, or `auto`.
    static func claimed(named name: String, path: String, request: JSON? = nil) -> (any Dialect)? {
        if name != "auto", let forced = (all + [unknown]).first(where: { $0.name == name }) { return forced }
        return all.first { $0.claims(path: path) && $0.claims(request: request ?? .null) }
    }

    /// By a response's document, or a stream's first event.
    static func recognised(answer: JSON) -> (any Dialect)? { all.first { $0.claims(answer: answer) } }
}
