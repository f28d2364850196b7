import Interactions

/// Fill in the middle, as Mistral has it: a prompt and what is to follow; the answer is a chat completion.
struct MistralFIM: Dialect {
    let name = "mistral.fim"
    let operation: String? = "text_completion"
    let provider: String? = "mistral_ai"
    let scope = DialectScope(
        "Fill in the middle, as Mistral has it",
        paths: ["/v1/fim/completions"], streams: [.events])

    func claims(path: String) -> Bool { path.ends(with: "/fim/completions") }

    func prompt(in request: JSON) -> Prompt { Prompt(model: request["model"], text: request["prompt"]) }

    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation { OpenAIChat().accumulate(events) }

    func answer(in body: JSON) -> Answer { OpenAIChat().answer(in: body) }
}
