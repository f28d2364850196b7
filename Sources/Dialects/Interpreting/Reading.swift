import Interactions
import NIOCore

/// All that was found out about one exchange, before it is written down.
struct Reading {
    let exchange: Exchange
    let headers: StenoHeaders
    /// Without the query.
    let path: String
    let dialect: any Dialect
    let requestContent: BodyContent
    /// As the interaction keeps it.
    let responseBody: JSON?
    /// What the headers gave stands; a trace id, or no word at all, gives way to the body's own.
    let thread: Exchange.Thread
    let prompt: Prompt
    let answer: Answer
    /// `nil` for a response that was no stream.
    let stream: Accumulation?
    /// Type or code of the error that the vendor told.
    let failure: String?
    let outcome: Outcome
    let isTruncated: Bool
    /// Of a stream.
    let timing: StreamTiming?
    /// The offset that completed a stream's first event.
    let firstEvent: Int?
    /// Empty where none was captured.
    private let response: DecodedBody

    /// `steno.outcome`.
    enum Outcome: Equatable {
        case transport(Exchange.Outcome)
        case errorInStream

        var name: String {
            switch self {
            case .transport(let outcome): outcome.rawValue
            case .errorInStream: "error_in_stream"
            }
        }
    }

    init(
        of exchange: consuming Exchange, requestBody: DecodedBody?, responseBody: DecodedBody?,
        settings: Interpreter.Settings
    ) {
        let fields = exchange.request.fields
        let headers = StenoHeaders(fields)
        let path = exchange.request.target.head(before: "?")
        let status = exchange.response?.status
        let isError = (status ?? 0) >= 400
        let sent = requestBody ?? DecodedBody(bytes: ByteBuffer())
        let response = responseBody ?? DecodedBody(bytes: ByteBuffer())
        let requestContent = BodyContent(sent, contentType: headers.contentType, isResponse: false)
        let contentType = exchange.response?.value(of: "content-type")
        let request = requestContent.json
        let claimed = Dialects.claimed(named: exchange.route.dialect, path: path, request: request)
        let content = BodyContent(
            response, contentType: contentType, isResponse: true,
            streamsArray: !isError && claimed?.streamsArray(path: path) == true)
        let dialect = claimed ?? content.firstDocument.flatMap(Dialects.recognised) ?? Dialects.unknown
        let told = ThreadRule.thread(settings.threadRules, in: fields) ?? exchange.thread
        let isOpen = told.source == "new" || told.source == "traceparent"
        thread = (isOpen ? requestContent.json.flatMap(BodyThread.thread) : nil) ?? told
        prompt = request.map(dialect.prompt) ?? Prompt()

        isTruncated =
            sent.isTruncated || response.isTruncated || exchange.request.body.isTruncated
            || exchange.response?.body.isTruncated == true
        var stream: Accumulation?
        if case .events(let events) = content {
            var accumulated = dialect.accumulate(events)
            if events.isCut { accumulated.isComplete = accumulated.error != nil }
            stream = accumulated
            answer = isError ? Answer() : accumulated.body.map { dialect.answer(in: $0, to: request) } ?? Answer()
            self.responseBody =
                if let error = accumulated.error {
                    .object(["partial": accumulated.body, "error": error])
                } else {
                    // Events that the dialect can make nothing of are kept as they are.
                    accumulated.body ?? Dialects.unknown.accumulate(events).body
                }
        } else {
            // A stream that broke off before its first event.
            if !isError, content.isText || content.isNone, responseBody != nil, dialect.operation != nil,
                Framing.isStream(contentType: contentType)
            {
                stream = Accumulation()
            }
            answer = isError ? Answer() : content.answer.map { dialect.answer(in: $0, to: request) } ?? Answer()
            self.responseBody = content.kept
        }
        self.stream = stream
        firstEvent = content.firstEvent
        let isBroken = exchange.outcome != .complete
        timing =
            stream == nil
            ? nil
            : StreamTiming(
                arrivals: response.arrivals, stallThreshold: settings.stallThreshold,
                brokeOffAt: isBroken ? exchange.duration : nil)
        let failed = stream?.error ?? (isError ? content.json : nil)
        failure = failed.map { $0.failureType ?? exchange.response?.awsError ?? "error" } ?? answer.failure
        outcome = Self.outcome(
            of: exchange, stream: stream, hasFailed: stream.map { $0.error != nil || $0.hasFailed } ?? false,
            isTruncated: isTruncated || response.undecodedCoding != nil,
            endsEarly: response.endsEarly && stream?.isComplete != true)
        // Last, so that nothing has to be copied.
        self.exchange = consume exchange
        self.headers = headers
        self.path = path
        self.dialect = dialect
        self.requestContent = requestContent
        self.response = response
    }

    private static func outcome(
        of exchange: Exchange, stream: Accumulation?, hasFailed: Bool, isTruncated: Bool, endsEarly: Bool
    ) -> Outcome {
        if let response = exchange.response, exchange.outcome == .clientDisconnected, let stream,
            !stream.isOpenEnded, exchange.deliveredBytes >= response.body.totalBytes
        {
            // Some SDKs hang up as soon as they have the stream's last event, or one that tells of an error.
            if hasFailed { return .errorInStream }
            if stream.isComplete { return .transport(.complete) }
        }
        guard exchange.outcome == .complete else { return .transport(exchange.outcome) }
        if hasFailed { return .errorInStream }
        if endsEarly { return .transport(.truncated) }
        if let stream, !stream.isComplete, !isTruncated { return .transport(.truncated) }
        return .transport(.complete)
    }

    var status: Interaction.Status {
        guard let response = exchange.response, response.status < 400, outcome == .transport(.complete), failure == nil
        else { return .error }
        return .success
    }

    func mark(of offset: Int?) -> Exchange.Mark? { offset.flatMap { response.arrival(of: $0) } }

    var firstToken: Exchange.Mark? { mark(of: stream?.tokens.any) }
}

extension Exchange.Response {
    /// AWS names an error in a header alone: `x-amzn-errortype: ValidationException:http://…`.
    fileprivate var awsError: String? {
        let type = value(of: "x-amzn-errortype").map { String($0.prefix { $0 != ":" }).trimmed }
        return type?.isEmpty == true ? nil : type
    }
}
