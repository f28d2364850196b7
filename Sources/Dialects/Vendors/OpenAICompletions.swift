import Interactions

/// Legacy completions: a prompt, and text that goes on from it.
struct OpenAICompletions: Dialect {
    var name: String { "openai.completions" }
    var operation: String? { "text_completion" }
    var provider: String? { "openai" }
    var scope: DialectScope {
        DialectScope(
            "Legacy completions of a prompt",
            paths: ["/v1/completions", "/openai/deployments/NAME/completions"], streams: [.events])
    }

    func claims(path: String) -> Bool { path.ends(with: "/completions") && !path.ends(with: "/chat/completions") }

    func claims(answer: JSON) -> Bool {
        answer["choices"]?[0]?["text"] != nil || answer["object"] == "text_completion"
    }

    func prompt(in request: JSON) -> Prompt { Prompt(model: request["model"], text: request["prompt"]) }

    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        ChatAccumulator(object: "text_completion").accumulation(of: events)
    }

    func answer(in body: JSON) -> Answer { OpenAIChat().answer(in: body) }
}
