package import FoundationEssentials
package import Interactions

/// Why a body is no interaction, as the v4 API says it: where, in few words, and of what kind. A value is never repeated.
struct InteractionFlaw: Error, Hashable {
    /// Names of the API's own members and places in its lists.
    var place: [JSON]
    var message: String
    var type: String

    static let notJSON = InteractionFlaw(place: ["body"], message: "JSON decode error", type: "json_invalid")

    var json: JSON { ["loc": .array(place), "msg": .string(message), "type": .string(type)] }
}

/// Reads the body of `POST /v4/interactions/`, and finds all that is wrong with it at once. Members that the API does not
/// know are passed over at the top and in spans, and kept in `input`, `output` and `context`; one that is `null` is absent.
package struct InteractionReading {
    private(set) var flaws: [InteractionFlaw] = []

    package init() {}

    /// - Parameter namespace: of ids that are made of names.
    /// - Returns: `nil` where there are flaws.
    package mutating func interaction(_ body: JSON, namespace: UUID) -> Interaction? {
        guard let body = body.object else {
            complain([], "Input should be a valid dictionary or object to extract fields from", "model_attributes_type")
            return nil
        }
        let variant = text(body, "application_variant_id", ["application_variant_id"])
        let input = object(body, "input", ["input"]).map { self.input($0) }
        let output = object(body, "output", ["output"]).map { self.output($0) }
        let start = time(body, "start_timestamp", ["start_timestamp"], isRequired: true)
        let duration = integer(body, "duration_ms", ["duration_ms"])
        let status = status(body, ["operation_status"])
        var metadata = optionalObject(body, "operation_metadata", ["operation_metadata"])
        metadata.members.removeAll(where: \.value.isNull)
        let thread = thread(body)
        let spans = self.spans(body)
        guard flaws.isEmpty, let variant, let input, let output, let start else { return nil }
        let id = Self.id(metadata["steno.interaction_id"], namespace) ?? .v7()
        return Interaction(
            id: id, threadID: thread ?? .v7(), turnID: Self.id(metadata["steno.turn_id"], namespace) ?? id,
            applicationVariantID: variant, input: input, output: output, start: start,
            durationMilliseconds: duration ?? 0,
            status: status, metadata: metadata, spans: spans)
    }

    /// What is no UUID gives one all the same, the same at every try.
    private static func id(_ value: JSON?, _ namespace: UUID) -> UUID? {
        guard let text = value?.string, !text.isEmpty else { return nil }
        return UUID(loose: text) ?? .v5(namespace: namespace, name: text)
    }

    private mutating func input(_ object: JSON.Object) -> Interaction.Input {
        let query = text(object, "query", ["input", "query"]) ?? ""
        var more = object
        more["query"] = nil
        let request = more["request"].flatMap(Self.request)
        if request != nil { more["request"] = nil }
        return Interaction.Input(query: query, request: request ?? .none, more: more)
    }

    /// Of an interaction that another Steno recorded.
    private static func request(_ value: JSON) -> Interaction.Request? {
        guard let method = value["method"]?.string, let path = value["path"]?.string,
            let headers = value["headers"]?.object, headers.members.allSatisfy({ $0.value.string != nil })
        else { return nil }
        return Interaction.Request(
            method: method, path: path, headers: headers.members.map { HeaderField($0.name, $0.value.string ?? "") },
            body: value["body"])
    }

    private mutating func output(_ object: JSON.Object) -> Interaction.Output {
        var output = Interaction.Output(response: text(object, "response", ["output", "response"]) ?? "")
        var more = object
        more["response"] = nil
        if let value = more["context"] {
            output.context = context(value)
            more["context"] = nil
        }
        if let body = more["body"], !body.isNull {
            output.body = body
            more["body"] = nil
        }
        if let status = more["status"]?.int {
            output.status = status
            more["status"] = nil
        }
        if let calls = more["tool_calls"]?.array {
            output.toolCalls = calls
            more["tool_calls"] = nil
        }
        if let reasoning = more["reasoning"]?.string {
            output.reasoning = reasoning
            more["reasoning"] = nil
        }
        output.more = more
        return output
    }

    private mutating func context(_ value: JSON) -> [JSON] {
        for (index, entry) in list(value, ["output", "context"]).enumerated() {
            let place: [JSON] = ["output", "context", .int(index)]
            guard let entry = entry.object else {
                complain(place, "Input should be a valid dictionary", "dict_type")
                continue
            }
            _ = text(entry, "text", place + ["text"])
            if let score = entry["score"], !score.isNull, score.double == nil {
                complain(place + ["score"], "Input should be a valid number", "float_type")
            }
        }
        return value.array ?? []
    }

    private mutating func thread(_ body: JSON.Object) -> UUID? {
        guard let value = body["thread_id"], !value.isNull else { return nil }
        let id = value.string.flatMap(UUID.init(loose:))
        if id == nil { complain(["thread_id"], "Input should be a valid UUID", "uuid_parsing") }
        return id
    }

    private mutating func spans(_ body: JSON.Object) -> [Interaction.Span] {
        guard let value = body["trace_spans"], !value.isNull else { return [] }
        return list(value, ["trace_spans"]).enumerated().compactMap { index, entry in
            let place: [JSON] = ["trace_spans", .int(index)]
            guard let entry = entry.object else {
                complain(place, "Input should be a valid dictionary", "dict_type")
                return nil
            }
            return span(entry, place)
        }
    }

    private mutating func span(_ entry: JSON.Object, _ place: [JSON]) -> Interaction.Span? {
        let node = text(entry, "node_id", place + ["node_id"])
        let operation = text(entry, "operation_type", place + ["operation_type"])
            .flatMap(Interaction.Span.Operation.init(rawValue:))
        if operation == nil, entry["operation_type"]?.string != nil {
            complain(
                place + ["operation_type"],
                "Input should be 'COMPLETION', 'RERANKING', 'RETRIEVAL' or 'CUSTOM'", "literal_error")
        }
        let start = time(entry, "start_timestamp", place + ["start_timestamp"], isRequired: true)
        let end = time(entry, "end_timestamp", place + ["end_timestamp"], isRequired: false)
        let duration = integer(entry, "duration_ms", place + ["duration_ms"])
        let status = status(entry, place + ["operation_status"])
        let input = optionalObject(entry, "operation_input", place + ["operation_input"])
        let output = optionalObject(entry, "operation_output", place + ["operation_output"])
        let metadata = optionalObject(entry, "operation_metadata", place + ["operation_metadata"])
        guard let node, let operation, let start else { return nil }
        let reach = end.map { Int(max(0, $0.microseconds - start.microseconds) / 1000) }
        return Interaction.Span(
            nodeID: node, operation: operation, start: start, durationMilliseconds: duration ?? reach ?? 0,
            status: status, input: input, output: output, metadata: metadata)
    }
}

// MARK: - One member at a time

extension InteractionReading {
    private mutating func complain(_ place: [JSON], _ message: String, _ type: String) {
        // One who sends a list of a million flaws need not be told all of them.
        guard flaws.count < 100 else { return }
        flaws.append(InteractionFlaw(place: ["body"] + place, message: message, type: type))
    }

    private mutating func required(_ object: JSON.Object, _ name: String, _ place: [JSON]) -> JSON? {
        if let value = object[name] { return value }
        complain(place, "Field required", "missing")
        return nil
    }

    private mutating func text(_ object: JSON.Object, _ name: String, _ place: [JSON]) -> String? {
        guard let value = required(object, name, place) else { return nil }
        if value.string == nil { complain(place, "Input should be a valid string", "string_type") }
        return value.string
    }

    private mutating func object(_ object: JSON.Object, _ name: String, _ place: [JSON]) -> JSON.Object? {
        guard let value = required(object, name, place) else { return nil }
        if value.object == nil { complain(place, "Input should be a valid dictionary", "dict_type") }
        return value.object
    }

    private mutating func optionalObject(_ object: JSON.Object, _ name: String, _ place: [JSON]) -> JSON.Object {
        guard let value = object[name], !value.isNull else { return JSON.Object() }
        if value.object == nil { complain(place, "Input should be a valid dictionary", "dict_type") }
        return value.object ?? JSON.Object()
    }

    private mutating func list(_ value: JSON, _ place: [JSON]) -> [JSON] {
        if value.isNull { return [] }
        if value.array == nil { complain(place, "Input should be a valid list", "list_type") }
        return value.array ?? []
    }

    private mutating func integer(_ object: JSON.Object, _ name: String, _ place: [JSON]) -> Int? {
        guard let value = object[name], !value.isNull else { return nil }
        if let int = value.int, (0...Int(Int32.max)).contains(int) { return int }
        if value.double == nil {
            complain(place, "Input should be a valid integer", "int_type")
        } else if value.int == nil {
            complain(
                place, "Input should be a valid integer, got a number with a fractional part", "int_from_float")
        } else {
            complain(place, "Input should be a duration in milliseconds", "int_out_of_range")
        }
        return nil
    }

    private mutating func time(
        _ object: JSON.Object, _ name: String, _ place: [JSON], isRequired: Bool
    ) -> Timestamp? {
        guard let value = object[name] else {
            if isRequired { complain(place, "Field required", "missing") }
            return nil
        }
        if value.isNull, !isRequired { return nil }
        let time = value.string.flatMap(Timestamp.init(rfc3339:))
        if time == nil { complain(place, "Input should be a valid datetime", "datetime_parsing") }
        return time
    }

    private mutating func status(_ object: JSON.Object, _ place: [JSON]) -> Interaction.Status {
        guard let value = object["operation_status"], !value.isNull else { return .success }
        let status = value.string.flatMap(Interaction.Status.init(rawValue:))
        if status == nil { complain(place, "Input should be 'SUCCESS' or 'ERROR'", "literal_error") }
        return status ?? .success
    }
}
