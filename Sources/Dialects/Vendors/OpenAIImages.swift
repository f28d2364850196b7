import Interactions

/// Images: generations, edits and variations.
struct OpenAIImages: Dialect {
    var name: String { "openai.images" }
    var operation: String? { "image_generation" }
    var provider: String? { "openai" }
    var scope: DialectScope {
        DialectScope(
            "Images: generations, edits and variations, streamed partial images",
            paths: ["/v1/images/generations", "/v1/images/edits", "/v1/images/variations"], streams: [.events])
    }

    func claims(path: String) -> Bool {
        ["generations", "edits", "variations"].contains { path.ends(with: "/images/\($0)") }
    }

    func claims(answer: JSON) -> Bool {
        if let type = answer["type"]?.string { return Self.isImageEvent(type) }
        let first = answer["data"]?[0]
        return answer["created"] != nil && (first?["b64_json"] != nil || first?["revised_prompt"] != nil)
    }

    private static func isImageEvent(_ type: String) -> Bool {
        type.hasPrefix("image_generation.") || type.hasPrefix("image_edit.")
    }

    func prompt(in request: JSON) -> Prompt { Prompt(model: request["model"], text: request["prompt"]) }

    /// The object of a call without streaming: `data` holds each image that was completed. Partial images only matter
    /// where none was.
    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        var result = Accumulation()
        var whole = JSON.Object()
        var images: [JSON] = []
        var partial: JSON?
        for event in events {
            guard case .object(let object)? = event.json else { continue }
            let type = object["type"]?.string ?? event.name
            if type == "error" || object["error"].map({ !$0.isBlank }) == true {
                result.error = object["error"] ?? .object(object)
                break
            }
            guard Self.isImageEvent(type) else { continue }
            result.tokens.note(.other, at: event.completedAt)
            guard type.hasSuffix(".completed") else {
                partial = .object(object)
                continue
            }
            result.isComplete = true
            images.append(.object(["b64_json": object["b64_json"]]))
            for member in object.members {
                switch member.name {
                case "type", "b64_json", "partial_image_index", "sequence_number": break
                case "created_at": whole["created"] = member.value
                default: whole[member.name] = member.value
                }
            }
        }
        if !images.isEmpty {
            whole["data"] = .array(images)
            result.body = .object(whole)
        } else if let partial {
            result.body = partial
        }
        if result.error != nil { result.isComplete = true }
        return result
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer(ofSharedNames: body)
        answer.usage = Usage(openAI: body)
        return answer
    }
}
