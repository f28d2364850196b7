package import FoundationEssentials

/// What an exchange meant, in the form of the v4 API (`POST /v4/interactions/`).
package struct Interaction: Sendable, Hashable {
    package var id: UUID
    package var threadID: UUID
    package var turnID: UUID
    package var applicationVariantID: String
    package var input: Input
    package var output: Output
    package var start: Timestamp
    package var durationMilliseconds: Int
    package var status: Status
    /// Everything else, under DESIGN's names (`gen_ai.…`, `steno.…`, `tokens_used`, the app's own). Never `null`s.
    package var metadata: JSON.Object
    package var spans: [Span]
    /// For those who remember earlier exchanges; never shipped.
    package var clues: ThreadClues?

    package enum Status: String, Sendable {
        case success = "SUCCESS"
        case error = "ERROR"
    }

    package struct Input: Sendable, Hashable {
        /// The last user message's text; `""` if there is none.
        package var query: String
        package var request: Request
        /// Further members that an app wrote itself; none in what comes of an exchange.
        package var more: JSON.Object

        package init(query: String, request: Request = .none, more: JSON.Object = .init()) {
            self.query = query
            self.request = request
            self.more = more
        }
    }

    package struct Request: Sendable, Hashable {
        package var method: String
        package var path: String
        package var headers: [HeaderField]
        /// The request's JSON; text of another kind as a string; a digest for what is neither. `nil`: not captured.
        package var body: JSON?

        /// Of what an app wrote itself.
        package static let none = Request(method: "", path: "", headers: [], body: nil)

        package init(method: String, path: String, headers: [HeaderField], body: JSON?) {
            self.method = method
            self.path = path
            self.headers = headers
            self.body = body
        }
    }

    package struct Output: Sendable, Hashable {
        /// The answer's text; `""` if there is none.
        package var response: String
        /// The response's JSON; for a stream the object that the vendor's own SDK accumulates.
        package var body: JSON?
        /// HTTP status; `nil` where no response came.
        package var status: Int?
        /// `{id?, name, arguments}` each, arguments as the JSON they hold, or as a string where they hold none.
        package var toolCalls: [JSON]
        package var reasoning: String?
        /// `{text, score?, …}` each: what retrieval, web search, citations and reranking brought.
        package var context: [JSON]
        /// Further members that an app wrote itself; none in what comes of an exchange.
        package var more: JSON.Object

        package init(
            response: String = "", body: JSON? = nil, status: Int? = nil, toolCalls: [JSON] = [],
            reasoning: String? = nil, context: [JSON] = [], more: JSON.Object = .init()
        ) {
            self.response = response
            self.body = body
            self.status = status
            self.toolCalls = toolCalls
            self.reasoning = reasoning
            self.context = context
            self.more = more
        }
    }

    package init(
        id: UUID, threadID: UUID, turnID: UUID, applicationVariantID: String, input: Input, output: Output,
        start: Timestamp, durationMilliseconds: Int, status: Status, metadata: JSON.Object = .init(),
        spans: [Span] = [], clues: ThreadClues? = nil
    ) {
        self.id = id
        self.threadID = threadID
        self.turnID = turnID
        self.applicationVariantID = applicationVariantID
        self.input = input
        self.output = output
        self.start = start
        self.durationMilliseconds = durationMilliseconds
        self.status = status
        self.metadata = metadata
        self.spans = spans
        self.clues = clues
    }
}
