package import CurlClient
import FoundationEssentials
import Interactions
package import Store
import Synchronization

/// Rows into a ClickHouse table over its HTTP interface, a batch an INSERT.
package struct ClickHouseSink: Sink {
    package let name: String
    package let concurrency: Int
    // The server wants few large inserts: each becomes a part on its disk.
    package let batch = BatchLimits(count: 5000, bytes: 8 << 20, linger: .seconds(1))
    private let table: ClickHouseTable
    private let server: ClickHouseServer
    /// Settings for an INSERT that the server knows, once it was asked.
    private let known = Known()

    private final class Known: Sendable {
        let settings = Mutex<Set<String>?>(nil)
    }

    package init(name: String, table: ClickHouseTable, server: ClickHouseServer, concurrency: Int = 2) {
        self.name = name
        self.table = table
        self.server = server
        self.concurrency = concurrency
    }

    package func deliver(_ batch: [PendingInteraction]) async -> Verdict {
        var rows: [UInt8] = []
        rows.reserveCapacity(batch.reduce(0) { $0 + $1.v4.count * 2 })
        for interaction in batch {
            // One of them is no interaction.
            guard let row = ClickHouseTable.row(interaction.v4) else { return .dead(reason: "unreadable") }
            rows += row
        }
        do {
            let known = try await knownSettings()
            let wanted = [
                // Answered when it is in the table, and not when it is in the server's memory.
                ("async_insert", "0"), ("insert_deduplication_token", token(batch)),
                // A table that was made by an older Steno lacks columns.
                ("input_format_skip_unknown_fields", "1"),
            ]
            let response = try await server.send(
                "INSERT INTO \(table.fullName) FORMAT JSONEachRow", settings: wanted.filter { known.contains($0.0) },
                body: rows)
            return ClickHouseAnswer.verdict(on: response, now: .now)
        } catch let failure as ClickHouseServer.Failure {
            return failure.verdict
        } catch {
            return RetryPolicy.verdict(on: error)
        }
    }

    /// The same for the same interactions, so that a batch whose answer was lost is recognised.
    private func token(_ batch: [PendingInteraction]) -> String {
        var sums: [UInt8] = []
        for interaction in batch {
            let sum = UInt64(bitPattern: Checksum.of(interaction.v4))
            sums += (0..<8).map { UInt8(truncatingIfNeeded: sum >> ($0 * 8)) }
        }
        return Digest.hex(Digest.sha256(sums))
    }

    /// Old servers refuse what they don't know.
    private func knownSettings() async throws -> Set<String> {
        if let known = known.settings.withLock(\.self) { return known }
        let answer = try await server.ask(
            """
            SELECT name FROM system.settings WHERE name IN
            ('async_insert', 'insert_deduplication_token', 'input_format_skip_unknown_fields') FORMAT TabSeparated
            """)
        let settings = Set(answer.split(whereSeparator: \.isNewline).map(String.init))
        known.settings.withLock { $0 = settings }
        return settings
    }
}

/// A ClickHouse server's HTTP interface.
package struct ClickHouseServer: Sendable {
    /// It did not do what it was asked for.
    package struct Failure: Error {
        let verdict: Verdict
        /// The server's own word, for a person who typed a command. It may quote what was sent.
        package let message: String
    }

    private let request: HTTPRequest
    private let transport: Transport

    /// - Parameter request: url and time-outs.
    package init(request: HTTPRequest, user: String?, key: String?, transport: @escaping Transport) {
        var request = request
        if let user { request.headers.append((name: "x-clickhouse-user", value: user)) }
        if let key { request.headers.append((name: "x-clickhouse-key", value: key)) }
        self.request = request
        self.transport = transport
    }

    /// The answer's text.
    package func ask(_ query: String) async throws -> String {
        let response = try await send(query, settings: [], body: [])
        let verdict = ClickHouseAnswer.verdict(on: response, now: .now)
        let text = String(decoding: response.body, as: UTF8.self)
        guard case .delivered = verdict else { throw Failure(verdict: verdict, message: text) }
        return text
    }

    func send(_ query: String, settings: [(String, String)], body: [UInt8]) async throws -> HTTPResponse {
        var request = request
        while request.url.hasSuffix("/") { request.url.removeLast() }
        let parameters = settings.map { "&\($0.0)=\(Self.escaped($0.1))" }.joined()
        request.url += "/?query=\(Self.escaped(query))\(parameters)"
        request.body = body
        return try await transport(request)
    }

    /// RFC 3986 §2.1: all but unreserved characters.
    private static func escaped(_ text: String) -> String {
        var out: [UInt8] = []
        for byte in text.utf8 {
            let isPlain =
                (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || "-._~".utf8.contains(byte)
            if isPlain { out.append(byte) } else { out += [UInt8(ascii: "%")] + Digest.hex([byte]).utf8 }
        }
        return String(decoding: out, as: UTF8.self)
    }
}

/// What a server's answer means. Its error codes say more than its HTTP status, which was 500 for everything once.
enum ClickHouseAnswer {
    static func verdict(on response: HTTPResponse, now: Timestamp) -> Verdict {
        let code = exceptionCode(response)
        if (200..<300).contains(response.status), code == nil { return .delivered }
        let after = RetryPolicy.delay(askedIn: response.headers, now: now)
        if let code {
            let cause = "clickhouse_\(code)"
            if misconfigured.contains(code) { return .refused(cause: cause) }
            if unparsable.contains(code) { return .dead(reason: cause) }
            return busy.contains(code) ? .throttled(cause: cause, after: after) : .retry(cause: cause, after: after)
        }
        let cause = "http_\(response.status)"
        return switch response.status {
        case 401, 403, 404, 405, 407, 300..<400: .refused(cause: cause)
        case 400, 411..<429: .dead(reason: cause)
        case 429, 503: .throttled(cause: cause, after: after)
        default: .retry(cause: cause, after: after)
        }
    }

    /// No such table, database, column, user or right: 16, 36, 46, 47, 60, 62, 81, 115, 164, 192 to 195, 497, 516.
    private static let misconfigured: Set = [16, 36, 46, 47, 60, 62, 81, 115, 164, 192, 193, 194, 195, 497, 516]
    /// A row is such that it can't be read.
    private static let unparsable: Set = [6, 26, 27, 33, 38, 41, 53, 69, 72, 117, 130, 349, 376]
    /// Too many queries, parts or mutations; no memory.
    private static let busy: Set = [202, 241, 252]

    /// In a header since 20.x; in the text always: `Code: 60. DB::Exception: …`, with a comma once.
    static func exceptionCode(_ response: HTTPResponse) -> Int? {
        let header = response.headers.first { $0.name.lowercased() == "x-clickhouse-exception-code" }
        if let code = header.flatMap({ Int($0.value) }), code != 0 { return code }
        guard response.body.starts(with: Array("Code: ".utf8)) else { return nil }
        let digits = response.body.dropFirst(6).prefix { (0x30...0x39).contains($0) }.prefix(9)
        return Int(String(decoding: digits, as: UTF8.self))
    }
}
