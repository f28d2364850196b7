package import Interactions

/// From an exchange on the wire to the interaction that it meant. Pure: the same exchange gives the same interaction.
package struct Interpreter: Sendable {
    package struct Settings: Sendable {
        /// `capture.media = keep`: inline images, audio and files stay in the bodies.
        package var keepsMedia = false

        package init() {}
    }

    private let settings: Settings

    package init(settings: Settings = Settings()) {
        self.settings = settings
    }

    /// Never fails: what isn't understood is kept as text, or as a digest `{sha256, bytes, media_type}`.
    package func interaction(
        of exchange: Exchange, requestBody: DecodedBody?, responseBody: DecodedBody?
    ) -> Interaction {
        let reading = Reading(of: exchange, requestBody: requestBody, responseBody: responseBody)
        let keepsContent = exchange.route.capture == .full && !reading.headers.wantsMetadataOnly
        let thread = reading.thread
        var interaction = Interaction(
            id: exchange.id, threadID: thread.id,
            turnID: Turn.id(prompt: reading.prompt, thread: thread.id, exchange: exchange.id),
            applicationVariantID: reading.headers.applicationVariantID ?? exchange.route.applicationVariantID,
            input: Interaction.Input(
                query: "",
                request: Interaction.Request(
                    method: exchange.request.method, path: exchange.request.target, headers: reading.headers.passed,
                    body: nil)),
            output: Interaction.Output(status: exchange.response?.status), start: exchange.start,
            durationMilliseconds: Int(max(0, exchange.duration) / 1_000_000), status: reading.status,
            metadata: reading.metadata, spans: reading.spans(keepsContent: keepsContent))
        guard keepsContent else { return interaction }
        interaction.input.query = reading.prompt.query
        interaction.input.request.body = kept(reading.requestContent.kept)
        interaction.output.body = kept(reading.responseBody)
        interaction.output.response = reading.answer.text
        interaction.output.toolCalls = reading.answer.toolCalls
        interaction.output.reasoning = reading.answer.reasoning
        interaction.output.context = reading.answer.context
        return interaction
    }

    private func kept(_ body: JSON?) -> JSON? {
        guard let body, !settings.keepsMedia else { return body }
        return Media.digested(body)
    }
}
