import Interactions

/// Documents read: the pages stay in the body, for they are data rather than an answer's text.
struct MistralOCR: Dialect {
    var name: String { "mistral.ocr" }
    var operation: String? { "ocr" }
    var provider: String? { "mistral_ai" }
    var scope: DialectScope {
        DialectScope(
            "Documents read by Mistral; their pages stay in the body",
            paths: ["/v1/ocr"])
    }

    func claims(path: String) -> Bool { path.ends(with: "/ocr") }

    func claims(answer: JSON) -> Bool { answer["pages"]?[0]?["markdown"] != nil }

    func prompt(in request: JSON) -> Prompt { Prompt(model: request["model"], text: nil) }

    func answer(in body: JSON) -> Answer {
        var answer = Answer()
        answer.model = body["model"]?.string
        answer.failure = body.ownFailure
        return answer
    }
}
