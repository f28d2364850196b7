import Interactions

/// What an interaction gives up when its store is full.
package enum Shedding: Int, Sendable, CaseIterable {
    /// Both bodies, media and all, and the spans; question and answer stay.
    case bodies = 1
    /// All that was said.
    case contents = 2

    /// `operation_metadata` says which.
    package static let mark = "steno.shed"

    /// The document without it; `nil` where it is no interaction.
    package func apply(to v4: [UInt8]) -> [UInt8]? {
        guard let document = try? JSON(parsing: v4), var object = document.object else { return nil }
        var input = object["input"]?.object ?? JSON.Object()
        var request = input["request"]?.object ?? JSON.Object()
        var output = object["output"]?.object ?? JSON.Object()
        request["body"] = nil
        input["request"] = .object(request)
        output["body"] = nil
        object["trace_spans"] = nil
        if self == .contents {
            input["query"] = ""
            output = JSON.Object([.init("response", "")] + output.members.filter { $0.name == "status" })
        }
        var metadata = object["operation_metadata"]?.object ?? JSON.Object()
        metadata[Self.mark] = .string(self == .bodies ? "bodies" : "contents")
        object["input"] = .object(input)
        object["output"] = .object(output)
        object["operation_metadata"] = .object(metadata)
        return JSON.object(object).bytes
    }
}
