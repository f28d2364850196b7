package import FoundationEssentials
package import Interactions

extension UUID {
    /// The namespace of ids that Steno derives from names. Never to change: threads would fall apart.
    package static let steno = UUID(
        uuid: (0x6D, 0x1F, 0x0B, 0x3A, 0x52, 0x9E, 0x4C, 0x77, 0x9A, 0x41, 0x3E, 0x0C, 0xB8, 0xD5, 0x26, 0xF4))
}

/// One of `thread.headers`: a header, and what of its value names the thread.
package struct ThreadRule: Sendable {
    /// In lower case.
    package var header: String
    /// The name in a value; `nil` where it has none. Without it the whole value is the name.
    package var extract: (@Sendable (String) -> String?)?

    package init(header: String, extract: (@Sendable (String) -> String?)? = nil) {
        self.header = header
        self.extract = extract
    }

    static func thread(_ rules: [ThreadRule], in fields: [HeaderField]) -> Exchange.Thread? {
        for rule in rules {
            guard let value = fields.first(rule.header) else { continue }
            guard let name = rule.extract.map({ $0(value) }) ?? value else { continue }
            if let thread = ThreadHeaders.thread(header: rule.header, value: name) { return thread }
        }
        return nil
    }
}

/// Which request headers name a thread, and how their values are read.
package enum ThreadHeaders {
    /// In order: the first that names a thread wins. A body's own ids rank above `traceparent` alone.
    package static let defaults = [
        "x-steno-thread-id", "x-thread-id", "thread-id", "x-session-id", "session-id", "session_id", "conversation_id",
        "agent-session-id", "x-claude-code-session-id", "x-opencode-session", "x-openwebui-chat-id",
        "helicone-session-id", "x-litellm-session-id", "x-litellm-trace-id", "x-langfuse-session-id",
        "x-bf-session-id", "x-portkey-trace-id", "baggage", "traceparent",
    ]

    /// `nil` where the value names no thread.
    /// - Parameter header: its name, in any case.
    package static func thread(header: String, value: String) -> Exchange.Thread? {
        let name = header.lowercased()
        let told: String? =
            switch name {
            case "baggage": session(baggage: value)
            case "traceparent": traceID(traceparent: value)
            default: value
            }
        guard let told, let id = threadID(told) else { return nil }
        return Exchange.Thread(id: id, source: name)
    }

    /// A UUID as it is, a trace id of 32 digits as a UUID, any other name by version 5.
    static func threadID(_ name: String) -> UUID? {
        let name = name.trimmed
        if name.isEmpty { return nil }
        return UUID(loose: name) ?? UUID.v5(namespace: .steno, name: name)
    }

    /// W3C Baggage: `key=value;property, key=value`, values percent-encoded.
    private static func session(baggage: String) -> String? {
        var found: [String: String] = [:]
        for member in baggage.split(separator: ",") {
            let pair = member.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { continue }
            let value = String(pair[1]).trimmed
            found[String(pair[0]).trimmed] = value.percentDecoded
        }
        return ["session.id", "thread_id", "gen_ai.conversation.id"].lazy.compactMap { found[$0] }.first { !$0.isEmpty }
    }

    /// W3C Trace Context §3.2: `version-traceid-parentid-flags`; version `ff` and zeroes are invalid, later versions may
    /// have further parts.
    private static func traceID(traceparent: String) -> String? {
        let parts = traceparent.trimmed.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].count == 2, parts[1].count == 32, parts[2].count == 16, parts[3].count == 2,
            parts.prefix(4).allSatisfy({ $0.allSatisfy(\.isHexDigit) }), parts[0].lowercased() != "ff",
            parts[0] != "00" || parts.count == 4, parts[1].contains(where: { $0 != "0" }),
            parts[2].contains(where: { $0 != "0" })
        else { return nil }
        return String(parts[1])
    }
}
