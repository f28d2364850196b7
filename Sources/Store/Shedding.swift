import Interactions

/// What an interaction gives up when its store is full, in this order.
enum Shedding: String, Sendable, CaseIterable {
    /// Inline images, audio and files, for their digests.
    case media
    /// Both bodies and the spans; question and answer stay.
    case bodies
    /// All that was said.
    case contents

    /// `operation_metadata` says which.
    static let mark = "steno.shed"

    /// The document without it; `nil` where it is no interaction.
    func apply(to v4: [UInt8]) -> JSON? {
        guard let document = try? JSON(parsing: v4), var object = document.object else { return nil }
        var input = object["input"]?.object ?? JSON.Object()
        var request = input["request"]?.object ?? JSON.Object()
        var output = object["output"]?.object ?? JSON.Object()
        switch self {
        case .media:
            request["body"] = request["body"].map(Media.digested)
            for name in ["body", "tool_calls", "context"] { output[name] = output[name].map(Media.digested) }
            object["trace_spans"] = object["trace_spans"].map(Media.digested)
        case .bodies, .contents:
            request["body"] = nil
            output["body"] = nil
            object["trace_spans"] = nil
        }
        if self == .contents {
            input["query"] = ""
            output = JSON.Object([.init("response", "")] + output.members.filter { $0.name == "status" })
        }
        if !request.isEmpty { input["request"] = .object(request) }
        var metadata = object["operation_metadata"]?.object ?? JSON.Object()
        metadata[Self.mark] = .string(rawValue)
        object["input"] = .object(input)
        object["output"] = .object(output)
        object["operation_metadata"] = .object(metadata)
        return .object(object)
    }
}
