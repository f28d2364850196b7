import Foundation
import Interactions
import Testing

@testable import Dialects

/// Recorded exchanges of many vendors, beside what their SDKs accumulate: in `../shared/corpus` where that is there.
enum Corpus {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("shared/corpus")

    static let isThere = FileManager.default.fileExists(atPath: folder.path)

    static let absence: Comment = "The recordings (../shared/corpus) are not there"

    struct Recording: Sendable {
        let id: String
        let wire: String
        let kind: String
        let path: String
        let status: Int
        let contentType: String?
        let request: [UInt8]
        /// `nil` where it is compressed: taking that off is not the dialects' work.
        let body: [UInt8]?
        let entry: JSON

        /// What the SDK accumulates, without the error that broke it off.
        var oracle: JSON? {
            guard entry["ok"] == true, let oracle = try? document("oracle/\(id).json") else { return nil }
            return entry["method"]?.string?.contains("error event") == true ? oracle["partial"] : oracle
        }

        var framing: Framing? {
            switch kind {
            case "sse": .serverSentEvents
            case "ndjson": .lines
            case "json-array-stream": .array
            case "eventstream": .messages
            default: nil
            }
        }
    }

    /// - Parameter wires: prefixes of wire formats; all where there are none.
    static func recordings(wires: [String] = []) throws -> [Recording] {
        try all.get().filter { recording in wires.isEmpty || wires.contains(where: recording.wire.hasPrefix) }
    }

    /// Read once for all tests.
    private static let all = Result { try (document("oracle_index.json").object?.members ?? []).map(read) }

    private static func read(_ member: JSON.Member) throws -> Recording {
        let recording = try document("recordings/\(member.name).json")
        let request = recording["request"]
        let response = recording["response"]
        let body = response?["body_b64"]?.string.map { Base64.decode($0) ?? [] }
        return Recording(
            id: member.name, wire: recording["wire"]?.string ?? "", kind: recording["kind"]?.string ?? "",
            path: request?["path"]?.string ?? "", status: response?["status"]?.int ?? 0,
            contentType: header("content-type", of: response),
            request: request?["body_b64"]?.string.flatMap { Base64.decode($0) } ?? [],
            body: header("content-encoding", of: response) == nil ? body : nil, entry: member.value)
    }

    private static func header(_ name: String, of message: JSON?) -> String? {
        for header in message?["headers"]?.array ?? [] where header[0]?.string?.lowercased() == name {
            return header[1]?.string
        }
        return nil
    }

    static func document(_ path: String) throws -> JSON {
        try JSON(parsing: Array(Data(contentsOf: folder.appendingPathComponent(path))))
    }
}
