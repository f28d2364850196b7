package import Interactions

/// From an exchange on the wire to the interaction that it meant. Pure: the same exchange gives the same interaction. A class,
/// so that its settings are not copied for each.
package final class Interpreter: Sendable {
    package struct Settings: Sendable {
        /// `capture.media = keep`: inline images, audio and files stay in the bodies.
        package var keepsMedia = false
        /// What marks of conversations are made with; `nil`: none are made.
        package var threadKey: ThreadKey?
        /// `thread.infer`.
        package var infersThreads = true
        /// `thread.headers`, where one of them has an expression; else the front has applied them all.
        package var threadRules: [ThreadRule] = []
        /// `stall.threshold`.
        package var stallThreshold: Duration = .seconds(5)

        package init() {}
    }

    /// Of the dialects that are understood; `route.NAME.dialect` may be one of them, or `auto`.
    package static var dialects: [String] { Dialects.names }

    private let settings: Settings

    package init(settings: Settings = Settings()) {
        self.settings = settings
    }

    /// Never fails: what isn't understood is kept as text, or as a digest `{sha256, bytes, media_type}`.
    package func interaction(
        of exchange: consuming Exchange, requestBody: DecodedBody?, responseBody: DecodedBody?
    ) -> Interaction {
        let reading = Reading(
            of: exchange, requestBody: requestBody, responseBody: responseBody, settings: settings)
        let keepsContent = reading.exchange.route.capture == .full && !reading.headers.wantsMetadataOnly
        let thread = reading.thread
        let turn = Turn.sum(of: reading.prompt)
        var spans = reading.spans(keepsContent: keepsContent)
        let clues = settings.threadKey.map { key in
            let (clues, results) = reading.clues(
                key: key, infers: settings.infersThreads, turn: turn, firstSpan: spans.count,
                keepsContent: keepsContent)
            spans += results
            return clues
        }
        let status = reading.exchange.response?.status
        // One expression, so that nothing of it is copied.
        return Interaction(
            id: reading.exchange.id, threadID: thread.id,
            turnID: Turn.id(turn, thread: thread.id, exchange: reading.exchange.id),
            applicationVariantID: reading.headers.applicationVariantID ?? reading.exchange.route.applicationVariantID,
            input: Interaction.Input(
                query: keepsContent ? reading.prompt.query : "",
                request: Interaction.Request(
                    method: reading.exchange.request.method, path: reading.exchange.request.target,
                    headers: reading.headers.passed,
                    body: keepsContent ? kept(reading.requestContent.kept) : nil)),
            output: !keepsContent
                ? Interaction.Output(status: status)
                : Interaction.Output(
                    response: reading.answer.text, body: kept(reading.responseBody), status: status,
                    toolCalls: reading.answer.toolCalls, reasoning: reading.answer.reasoning,
                    context: reading.answer.context),
            start: reading.exchange.start, durationMilliseconds: Int(max(0, reading.exchange.duration) / 1_000_000),
            status: reading.status, metadata: reading.metadata, spans: spans, clues: clues)
    }

    private func kept(_ body: JSON?) -> JSON? {
        guard let body, !settings.keepsMedia else { return body }
        return Media.digested(body)
    }
}
