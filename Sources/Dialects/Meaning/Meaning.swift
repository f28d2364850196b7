package import Interactions

/// What an exchange meant, in the words of OpenTelemetry's GenAI conventions, read from the bodies that its interaction
/// keeps: redacted where those are.
package struct Meaning: Sendable, Hashable {
    /// `gen_ai.input.messages`.
    package let input: [Message]
    /// `gen_ai.output.messages`: one for each choice.
    package let output: [Message]
    /// `gen_ai.system_instructions`.
    package let instructions: [Message.Part]
    /// `gen_ai.tool.definitions`.
    package let tools: [JSON]

    /// - Parameters:
    ///   - dialect: `steno.dialect`.
    ///   - answer: `output.body`; where a stream broke off with an error, what came before it stands in `partial`.
    package init(dialect name: String, request: JSON?, answer: JSON?) {
        let dialect = Dialects.all.first { $0.name == name } ?? Dialects.unknown
        let body = answer?["partial"] ?? answer
        input = request.map { dialect.prompt(in: $0).messages } ?? []
        output = body.map { dialect.answer(in: $0, to: request).messages } ?? []
        instructions = request.map(dialect.instructions) ?? []
        tools = request.map(dialect.tools) ?? []
    }
}
