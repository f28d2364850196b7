package import Interactions

extension Interaction {
    /// What is recorded of an interaction that could not be redacted: that it was, when, how it ended, and nothing that came
    /// from the app, the user or the model.
    package var withheld: Interaction {
        var new = self
        new.input = Input(
            query: "",
            request: Request(
                method: Self.isWord(input.request.method) ? input.request.method : "",
                path: Self.plainPath(input.request.path),
                headers: [], body: nil))
        new.output = Output(status: output.status)
        new.metadata = Self.own(metadata)
        new.metadata["steno.redaction_failed"] = true
        new.spans = spans.map { span in
            var span = span
            span.nodeID = span.operation.rawValue.lowercased()
            span.input = JSON.Object()
            span.output = JSON.Object()
            span.metadata = Self.own(span.metadata)
            return span
        }
        return new
    }

    private static func own(_ metadata: JSON.Object) -> JSON.Object {
        JSON.Object(
            metadata.members.filter { member in
                switch member.value {
                case .bool, .number: isOwn(member.name)
                // Words of a closed vocabulary, ids; an app can put anything under any name.
                case .string(let text): isOwn(member.name) && text.utf8.count <= 64 && text.utf8.allSatisfy(isPlain)
                case .object(let object):
                    isOwn(member.name)
                        && object.members.allSatisfy {
                            $0.name.utf8.count <= 64 && $0.value.string == nil && $0.value.array == nil
                                && $0.value.object == nil
                        }
                default: false
                }
            })
    }

    private static func isOwn(_ name: String) -> Bool {
        ownNames.contains(name) || name.hasPrefix("gen_ai.usage.")
    }

    private static let ownNames: Set = [
        "tokens_used", "prompt_tokens", "response_tokens", "gen_ai.provider.name", "gen_ai.operation.name",
        "http.response.status_code", "error.type", "steno.interaction_id", "steno.turn_id", "steno.thread_source",
        "steno.usage", "steno.route", "steno.dialect", "steno.outcome", "steno.time_to_first_byte_ms",
        "steno.time_to_first_token_ms", "steno.output_tokens_per_second", "steno.connection", "steno.request_bytes",
        "steno.response_bytes", "steno.delivered_bytes", "steno.truncated", "steno.redactions",
        "steno.redaction_failed",
    ]

    /// Without the query, and without segments that are longer than a word of an API: ids and keys are.
    private static func plainPath(_ target: String) -> String {
        target.utf8.prefix { $0 != UInt8(ascii: "?") }
            .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { $0.count <= 20 && $0.allSatisfy(isPlain) ? String(Substring($0)) : "-" }
            .joined(separator: "/")
    }

    private static func isWord(_ text: String) -> Bool {
        text.utf8.count <= 16 && text.utf8.allSatisfy { $0 &- 65 < 26 }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte &- 48 < 10 || (byte | 0x20) &- 97 < 26 || byte == 45 || byte == 46 || byte == 95
    }
}

extension Redactor {
    /// For an interaction at which `redact` failed.
    package func withholding(_ interaction: Interaction) -> Interaction { interaction.withheld }
}
