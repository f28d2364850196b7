import Interactions

/// What an answer says.
struct Answer: Sendable, Equatable {
    /// One for each choice, in the vendor's order, with its finish reason.
    var messages: [Message] = []
    /// `{text, score?, …}` each.
    var context: [JSON] = []
    var id: String?
    var model: String?
    var usage: Usage?
    var toolRuns: [ToolRun] = []
    /// The vendor's own word for what went wrong, in an answer that says so in its body.
    var failure: String?

    init() {}

    /// What most vendors tell of an answer under the same names: id, model, failure.
    init(ofSharedNames body: JSON) {
        id = body["id"]?.string
        model = body["model"]?.string
        failure = body.ownFailure
    }

    /// Adds a choice, for formats that don't have their messages in a shape of their own; one that says nothing is none.
    mutating func say(
        _ text: String?, reasoning: [String] = [], calls: [Message.Part] = [], finishReason: String? = nil
    ) {
        var parts = reasoning.filter { !$0.isEmpty }.map { Message.Part.reasoning($0) }
        if let text, !text.isEmpty { parts.append(.text(text)) }
        parts += calls
        if parts.isEmpty && finishReason == nil { return }
        messages.append(Message(.assistant, parts, finishReason: finishReason))
    }

    /// Of the first choice that has text; what stands apart in it, an empty line between.
    var text: String {
        for message in messages {
            if let text = message.text(joinedBy: "\n\n") { return text }
        }
        return ""
    }

    /// Of the first choice.
    var reasoning: String? {
        let thoughts = (messages.first?.parts ?? []).compactMap { part in
            if case .reasoning(let text) = part, !text.isEmpty { text } else { nil }
        }
        return thoughts.isEmpty ? nil : thoughts.joined(separator: "\n\n")
    }

    /// `{id?, name, arguments}` each: the calls that the app is to carry out, of all choices.
    var toolCalls: [JSON] {
        var calls: [JSON] = []
        for message in messages {
            for case .toolCall(let id, let name, let arguments) in message.parts {
                calls.append(
                    .object(["id": id.map { .string($0) }, "name": .string(name), "arguments": arguments]))
            }
        }
        return calls
    }

    var finishReasons: [String] { messages.compactMap(\.finishReason) }
}

/// Tokens as OpenTelemetry counts them: input with the cached, output with the reasoning. `nil`: not told.
struct Usage: Sendable, Equatable {
    var input: Int?
    var output: Int?
    var total: Int?
    var cacheRead: Int?
    var cacheCreation: Int?
    var reasoning: Int?
}

/// One tool run at the vendor's.
struct ToolRun: Sendable, Equatable {
    var name: String
    var id: String?
    /// A search, on the web or in files.
    var isRetrieval: Bool
    var input: JSON?
    var output: JSON?
    var hasFailed = false
}
