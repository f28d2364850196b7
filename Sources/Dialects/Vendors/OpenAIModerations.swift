import Interactions

/// Moderations, also Mistral's of whole conversations.
struct OpenAIModerations: Dialect {
    var name: String { "openai.moderations" }
    var operation: String? { "moderation" }
    var provider: String? { "openai" }
    var scope: DialectScope {
        DialectScope(
            "Moderations, also Mistral's of conversations",
            paths: ["/v1/moderations", "/v1/chat/moderations"])
    }

    func claims(path: String) -> Bool { path.ends(with: "/moderations") }

    func claims(answer: JSON) -> Bool {
        guard let result = answer["results"]?[0] else { return false }
        return result["categories"] != nil && result["category_scores"] != nil
    }

    func prompt(in request: JSON) -> Prompt {
        var prompt = Prompt(model: request["model"], text: request["input"])
        // A conversation, or several.
        let first = request["input"]?[0]
        if let messages = first?["role"] != nil ? request["input"]?.array : first?.array {
            prompt.read(messages: messages)
        }
        return prompt
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer(ofSharedNames: body)
        answer.usage = Usage(inputOnly: body)
        return answer
    }
}
