import Interactions

/// Fill in the middle, as Mistral has it: a prompt and what is to follow; the answer is a chat completion.
struct MistralFIM: Dialect {
    var name: String { "mistral.fim" }
    var operation: String? { "text_completion" }
    var provider: String? { "mistral_ai" }
    var scope: DialectScope {
        DialectScope(
            "Fill in the middle, as Mistral has it",
            paths: ["/v1/fim/completions"], streams: [.events])
    }

    func claims(path: String) -> Bool { path.ends(with: "/fim/completions") }

    func prompt(in request: JSON) -> Prompt { Prompt(model: request["model"], text: request["prompt"]) }

    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation { OpenAIChat().accumulate(events) }

    func answer(in body: JSON) -> Answer { OpenAIChat().answer(in: body) }
}
