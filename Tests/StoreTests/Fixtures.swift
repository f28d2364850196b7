import FoundationEssentials
import Interactions
import Store
import Testing

/// A folder of its own, gone when the test lets go of it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "steno-\(UUID().text)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path()
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { path.hasSuffix("/") ? path + name : path + "/" + name }
}

extension Interaction {
    static func sample(
        id: UUID = .v7(), thread: UUID = .v7(), turn: UUID = .v7(), query: String = "How tall is it?",
        response: String = "828 metres.", start: Timestamp = Timestamp(microseconds: 1_800_000_000_000_000),
        status: Status = .success, metadata: JSON.Object = JSON.Object()
    ) -> Interaction {
        let request = Request(
            method: "POST", path: "/v1/chat/completions", headers: [HeaderField("content-type", "application/json")],
            body: ["model": "m-1", "messages": [["role": "user", "content": .string(query)]]])
        return Interaction(
            id: id, threadID: thread, turnID: turn, applicationVariantID: "local",
            input: Input(query: query, request: request),
            output: Output(response: response, body: ["id": "r"], status: status == .success ? 200 : 500), start: start,
            durationMilliseconds: 12, status: status, metadata: metadata)
    }
}

extension [Interaction] {
    static func samples(_ count: Int) -> [Interaction] { (0..<count).map { .sample(query: "number \($0)") } }
}

/// Times that a test can tell apart.
extension Timestamp {
    static func second(_ second: Int64) -> Timestamp { Timestamp(microseconds: second * 1_000_000) }
}
