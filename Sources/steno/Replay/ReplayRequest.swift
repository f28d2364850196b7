import Interactions

/// A recorded request, made ready to be sent again, as far as what was kept of it allows.
struct ReplayRequest {
    /// Why it can't be sent again.
    struct Refusal: Error, Hashable {
        var text: String
    }

    var method: String
    /// Path and query.
    var path: String
    var headers: [(name: String, value: String)]
    var body: [UInt8]
    /// Places in the body where something else stood.
    var redactedPlaces: Int

    init(_ view: InteractionView) throws(Refusal) {
        if view.usesTunnel { throw Refusal(text: "it was a WebSocket, of which nothing that was said is kept") }
        if view.isWithheld { throw Refusal(text: "its content could not be redacted, and so was not kept") }
        guard !view.path.isEmpty else { throw Refusal(text: "it holds no request") }
        let type = view.requestHeaders.first { $0.name == "content-type" }?.value.lowercased() ?? ""
        if type.hasPrefix("multipart/") { throw Refusal(text: "it sent a form, of whose files only digests are kept") }
        let recorded = view.requestBody
        if recorded == nil, view.requestBytes > 0 {
            throw Refusal(text: "its body was not kept (`capture` is `metadata` there)")
        }
        if let recorded, recorded.holdsDigest {
            throw Refusal(
                text:
                    "it holds media of which only digests are kept; `capture.media = keep` keeps what comes from now on"
            )
        }
        if view.isCut, recorded?.string != nil {
            throw Refusal(text: "only the beginning of its body is kept (`capture.max_body`)")
        }
        method = view.method
        path = Self.withoutRedacted(view.path)
        headers = view.requestHeaders.filter { !Self.ownHeaders.contains($0.name) && !$0.value.isRedacted }
        let text = recorded.map { $0.string ?? $0.text } ?? ""
        body = Array(text.utf8)
        redactedPlaces = text.occurrences(of: "[REDACTED:") + text.occurrences(of: "[HMAC:")
    }

    /// Those of the connection; and codings, which only the app knows to take off.
    private static let ownHeaders: Set = [
        "host", "content-length", "accept-encoding", "connection", "transfer-encoding", "expect", "te", "upgrade",
    ]

    /// Query parameters that hold credentials, such as `key`, come anew or not at all.
    private static func withoutRedacted(_ path: String) -> String {
        guard let mark = path.firstIndex(of: "?") else { return path }
        let kept = path[path.index(after: mark)...].split(separator: "&").filter { !String($0).isRedacted }
        return path[..<mark] + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&"))
    }
}

extension JSON {
    /// `{sha256, bytes, …}` in place of an image, audio or a file.
    fileprivate var holdsDigest: Bool {
        switch self {
        case .array(let items): items.contains(where: \.holdsDigest)
        case .object(let object):
            object["sha256"]?.string?.utf8.count == 64 && object["bytes"]?.int != nil
                || object.members.contains { $0.value.holdsDigest }
        default: false
        }
    }
}

extension String {
    fileprivate var isRedacted: Bool { contains("[REDACTED:") || contains("%5BREDACTED") || contains("[HMAC:") }

    fileprivate func occurrences(of mark: String) -> Int { ranges(of: mark).count }
}
