import Interactions
import Testing

@testable import Dialects

@Suite struct CorpusTests {
    @Test(
        "Recorded answers mean what the vendor's SDK makes of them", .enabled(if: Corpus.isThere, Corpus.absence),
        arguments: [
            (OpenAIChat() as any Dialect, ["openai.chat"], 150), (AnthropicMessages(), ["anthropic.messages"], 50),
            (OpenAIResponses(), ["openai.responses"], 60), (OpenAICompletions(), ["openai.completions"], 10),
            (OpenAIAssistants(), ["openai.assistants"], 5), (OpenAITranscriptions(), ["openai.audio"], 2),
            (CohereChatV1(), ["cohere.chat-v1"], 5), (CohereChatV2(), ["cohere.chat-v2"], 10),
            (CohereGenerate(), ["cohere.generate"], 2), (OllamaChat(), ["ollama.chat"], 5),
            (OllamaGenerate(), ["ollama.generate"], 3),
            (GeminiGenerateContent(), ["gemini.generateContent"], 40),
            (GeminiInteractions(), ["gemini.interactions"], 2),
            (BedrockConverse(), ["bedrock.converse", "bedrock.converse-stream"], 30),
            (BedrockInvoke(), ["bedrock.invoke", "bedrock.invoke-stream"], 24), (BedrockAgent(), ["bedrock.agent"], 4),
        ] as [(any Dialect, [String], Int)])
    func replay(dialect: any Dialect, wires: [String], fewest: Int) throws {
        var compared = 0
        for recording in try Corpus.recordings(wires: wires) {
            guard wires.contains(recording.wire), let body = recording.body, let wanted = recording.oracle else {
                continue
            }
            // The oracle runs the two generations of this one into each other.
            if recording.id == "bedrock.invoke-stream_8974c74b" { continue }
            let got =
                recording.framing.map { dialect.accumulate($0.events(in: body)).body } ?? (try? JSON(parsing: body))
            expectSame(dialect.answer(in: wanted), got.map(dialect.answer), recording.id)
            compared += 1
        }
        #expect(compared >= fewest)
    }

    private func expectSame(_ wanted: Answer, _ got: Answer?, _ id: String) {
        let comment = Comment(rawValue: id)
        #expect(got?.text == wanted.text, comment)
        #expect(got?.toolCalls.map(sorted) == wanted.toolCalls.map(sorted), comment)
        #expect(got?.finishReasons == wanted.finishReasons, comment)
        // Agents' thoughts are in the traces, which the oracle only counts.
        if wanted.reasoning != nil || got?.reasoning == nil || !id.hasPrefix("bedrock.agent") {
            #expect(got?.reasoning == wanted.reasoning, comment)
        }
        // Where a later chunk has none, the SDK forgets the usage that an earlier one told.
        if let usage = wanted.usage {
            #expect(got?.usage?.input == usage.input, comment)
            #expect(got?.usage?.output == usage.output, comment)
        }
        // Azure opens with an empty chunk, which the SDK lets stand.
        if wanted.id != "" { #expect(got?.id == wanted.id, comment) }
        if wanted.model != "" { #expect(got?.model == wanted.model, comment) }
    }

    /// The order of members is no part of what an SDK says.
    private func sorted(_ value: JSON) -> JSON {
        switch value {
        case .array(let items): .array(items.map(sorted))
        case .object(let object):
            .object(
                JSON.Object(
                    object.members.sorted { $0.name < $1.name }.map { JSON.Member($0.name, sorted($0.value)) }))
        default: value
        }
    }
}
