import FoundationEssentials
import Interactions

/// The table that a `clickhouse` sink fills: what is asked for often has a column of its own, and all of it is in `v4`.
///
/// Types are those that servers from 18.16 on know. A repeated row (delivery is at least once) has the same key, so that
/// merges leave one of it; until then `FINAL` or `LIMIT 1 BY id` does.
package struct ClickHouseTable: Sendable, Hashable {
    /// `nil`: the user's.
    package let database: String?
    package let name: String

    /// `table` or `database.table`, of letters, digits and `_`.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy(Self.isIdentifier) else { return nil }
        database = parts.count == 2 ? String(parts[0]) : nil
        name = String(parts[parts.count - 1])
    }

    /// Needs no quotes.
    private static func isIdentifier(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x5F
        }
    }

    package var fullName: String { database.map { "\($0).\(name)" } ?? name }

    static let columns: [(name: String, type: String)] = [
        ("id", "UUID"), ("thread_id", "UUID"), ("turn_id", "UUID"), ("application_variant_id", "String"),
        ("start_time", "DateTime('UTC')"), ("start_microseconds", "Int64"), ("duration_ms", "UInt32"),
        ("status", "String"), ("http_status", "UInt16"), ("error_type", "String"), ("outcome", "String"),
        ("route", "String"), ("dialect", "String"), ("operation", "String"), ("provider", "String"),
        ("request_model", "String"), ("response_model", "String"), ("finish_reasons", "Array(String)"),
        ("prompt_tokens", "UInt64"), ("response_tokens", "UInt64"), ("tokens", "UInt64"),
        ("cache_read_tokens", "UInt64"), ("reasoning_tokens", "UInt64"), ("time_to_first_byte_ms", "Float64"),
        ("time_to_first_token_ms", "Float64"), ("tool_calls", "Array(String)"), ("query", "String"),
        ("response", "String"), ("v4", "String"),
    ]

    /// - Parameters:
    ///   - days: rows are removed when they are so old; servers from 19.6 on. `nil`: never.
    ///   - remembersBatches: a batch that is sent again is recognised; servers from 22.2 on.
    package func statements(days: Int? = nil, remembersBatches: Bool) -> [String] {
        let columns = Self.columns.map { "    \($0.name) \($0.type)" }.joined(separator: ",\n")
        var table = """
            CREATE TABLE IF NOT EXISTS \(fullName) (
            \(columns)
            ) ENGINE = ReplacingMergeTree()
            PARTITION BY toYYYYMM(start_time)
            ORDER BY (application_variant_id, start_time, id)
            """
        if let days { table += "\nTTL start_time + INTERVAL \(days) DAY" }
        if remembersBatches { table += "\nSETTINGS non_replicated_deduplication_window = 1000" }
        return (database.map { ["CREATE DATABASE IF NOT EXISTS \($0)"] } ?? []) + [table]
    }

    /// A line of `JSONEachRow`. `nil` where this is no interaction.
    static func row(_ v4: [UInt8]) -> [UInt8]? {
        guard let document = try? JSON(parsing: v4), let metadata = document["operation_metadata"]?.object,
            let id = metadata["steno.interaction_id"]?.string.flatMap(UUID.init(loose:)),
            let thread = document["thread_id"]?.string.flatMap(UUID.init(loose:)),
            let start = document["start_timestamp"]?.string.flatMap(Timestamp.init(rfc3339:))
        else { return nil }
        func text(_ name: String) -> JSON { .string(metadata[name]?.string ?? "") }
        func count(_ name: String) -> JSON { .int(max(0, metadata[name]?.int ?? 0)) }
        func texts(_ value: JSON?) -> JSON { .array((value?.array ?? []).map { .string($0.string ?? $0.text) }) }
        let names = (document["output"]?["tool_calls"]?.array ?? []).map { JSON.string($0["name"]?.string ?? "") }
        let status = document["output"]?["status"]?.int ?? metadata["http.response.status_code"]?.int ?? 0
        // Dates before 1970 or behind 2106 have no place in a DateTime.
        let seconds = min(max(0, start.microseconds / 1_000_000), Int64(UInt32.max))
        let day = Timestamp(microseconds: seconds * 1_000_000).rfc3339
        let row = JSON.object([
            "id": .string(id.text), "thread_id": .string(thread.text),
            "turn_id": .string((metadata["steno.turn_id"]?.string.flatMap(UUID.init(loose:)) ?? id).text),
            "application_variant_id": document["application_variant_id"],
            "start_time": .string("\(day.prefix(10)) \(day.dropFirst(11).prefix(8))"),
            "start_microseconds": .int(start.microseconds),
            "duration_ms": .int(min(max(0, document["duration_ms"]?.int ?? 0), Int(UInt32.max))),
            "status": document["operation_status"], "http_status": .int((0...65_535).contains(status) ? status : 0),
            "error_type": text("error.type"), "outcome": text("steno.outcome"), "route": text("steno.route"),
            "dialect": text("steno.dialect"), "operation": text("gen_ai.operation.name"),
            "provider": text("gen_ai.provider.name"), "request_model": text("gen_ai.request.model"),
            "response_model": text("gen_ai.response.model"),
            "finish_reasons": texts(metadata["gen_ai.response.finish_reasons"]),
            "prompt_tokens": count("prompt_tokens"), "response_tokens": count("response_tokens"),
            "tokens": count("tokens_used"), "cache_read_tokens": count("gen_ai.usage.cache_read.input_tokens"),
            "reasoning_tokens": count("gen_ai.usage.reasoning.output_tokens"),
            "time_to_first_byte_ms": .double(metadata["steno.time_to_first_byte_ms"]?.double ?? 0),
            "time_to_first_token_ms": .double(metadata["steno.time_to_first_token_ms"]?.double ?? 0),
            "tool_calls": .array(names), "query": .string(document["input"]?["query"]?.string ?? ""),
            "response": .string(document["output"]?["response"]?.string ?? ""),
            "v4": .string(String(decoding: v4, as: UTF8.self)),
        ])
        return row.bytes + [0x0A]
    }
}
