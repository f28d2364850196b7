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
    /// Whether an exchange with this path (no query) is in this dialect.
    func claims(path: String) -> Bool
    /// Whether a response's document, or a stream's first event, is in this dialect, for paths nobody claims.
    func claims(answer: JSON) -> Bool
    /// Whether a response that is one JSON array is a stream of its items, not a document.
    func streamsArray(path: String) -> Bool
    func prompt(in request: JSON) -> Prompt
    /// The object that the vendor's own SDK accumulates from a stream.
    /// - Parameter events: may be walked more than once; each is made as it is asked for.
    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation
    /// `body`: a whole response, a string where it is plain text, or what `accumulate` made.
    func answer(in body: JSON) -> Answer
    /// For answers that can't be understood without what was asked.
    func answer(in body: JSON, to request: JSON?) -> Answer
    /// What the exchange itself is among its spans.
    var span: Interaction.Span.Operation { get }
}

extension Dialect {
    var span: Interaction.Span.Operation { .completion }

    func claims(answer: JSON) -> Bool { false }

    func streamsArray(path: String) -> Bool { false }

    /// For formats without streams: the events as they came.
    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation { Dialects.unknown.accumulate(events) }

    func answer(in body: JSON, to request: JSON?) -> Answer { answer(in: body) }
}

/// What a request asks.
struct Prompt: Sendable, Equatable {
    /// The last user message's text.
    var query = ""
    var model: String?
    /// Tells the turn apart from the thread's others and stays the same through its continuations; `nil` where the
    /// request holds no user message.
    var turn: String?
    /// The conversation before the last user message is at the vendor, not in the request.
    var isContinuationByReference = false
}

/// A stream, put together.
struct Accumulation: Sendable, Equatable {
    /// `nil` where no event brought anything.
    var body: JSON?
    /// The error that an event inside the stream told; it ends the stream for an SDK.
    var error: JSON?
    /// An event told of a failure without being an error event: the stream goes on, and its body says what failed.
    var hasFailed = false
    /// The stream has said that it is at its end.
    var isComplete = false
    /// The offset that completed the first event with text, reasoning or tool arguments.
    var firstToken: Int?
    /// When server-side tool runs began and ended, as offsets, by the tool run's id.
    var toolRuns: [String: ToolRunMarks] = [:]

    struct ToolRunMarks: Sendable, Equatable {
        var began: Int
        var ended: Int?
    }
}

/// What an answer says.
struct Answer: Sendable, Equatable {
    var text = ""
    /// `{id?, name, arguments}` each: the calls that the app is to carry out.
    var toolCalls: [JSON] = []
    var reasoning: String?
    var context: [JSON] = []
    var id: String?
    var model: String?
    var finishReasons: [String] = []
    var usage: Usage?
    var toolRuns: [ToolRun] = []
    /// The vendor's own word for what went wrong, in an answer that says so in its body.
    var failure: String?
}

/// Tokens as OpenTelemetry counts them: input with the cached, output with the reasoning.
struct Usage: Sendable, Equatable {
    var input: Int?
    var output: Int?
    var total: Int?
    var cacheRead: Int?
    var cacheCreation: Int?
    var reasoning: Int?
}

/// One tool run at the vendor's.
struct ToolRun: Sendable, Equatable {
    var name: String
    var id: String?
    /// A search, on the web or in files.
    var isRetrieval: Bool
    var input: JSON?
    var output: JSON?
    var hasFailed = false
}

enum Dialects {
    static let unknown = UnknownDialect()

    /// By path first, then by what came; a route's own setting before both.
    static let all: [any Dialect] =
        openAI + cohere + mistral + ollama + [
            AnthropicMessages(),
            HuggingFaceGenerate(),
        ]

    /// OpenAI's own formats, which most others speak too.
    private static let openAI: [any Dialect] = [
        OpenAIChat(),
        OpenAIResponses(),
        OpenAICompaction(),
        MistralFIM(),
        OpenAICompletions(),
        OpenAIEmbeddings(),
        OpenAIModerations(),
        OpenAIImages(),
        OpenAISpeech(),
        OpenAITranscriptions(),
        OpenAIAssistants(),
        OpenAIResources(),
    ]

    private static let cohere: [any Dialect] = [
        CohereChatV2(),
        CohereChatV1(),
        CohereGenerate(),
        CohereEmbed(),
        Rerank(),
    ]

    private static let mistral: [any Dialect] = [
        MistralConversations(),
        MistralOCR(),
    ]

    private static let ollama: [any Dialect] = [
        OllamaChat(),
        OllamaGenerate(),
        OllamaEmbed(),
    ]

    /// - Parameter name: a dialect's, or `auto`.
    static func claimed(named name: String, path: String) -> (any Dialect)? {
        if name != "auto", let forced = (all + [unknown]).first(where: { $0.name == name }) { return forced }
        return all.first { $0.claims(path: path) }
    }

    /// By a response's document, or a stream's first event.
    static func recognised(answer: JSON) -> (any Dialect)? { all.first { $0.claims(answer: answer) } }
}
