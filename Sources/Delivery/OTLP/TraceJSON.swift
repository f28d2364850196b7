import Interactions

/// `ExportTraceServiceRequest` as OTLP's JSON: ids in hexadecimal digits, 64-bit integers as strings, enumerations as
/// numbers.
enum TraceJSON {
    static func request(_ resources: [TraceResource], scope: TraceScope) -> [UInt8] {
        let resources = resources.map { resource -> JSON in
            [
                "resource": ["attributes": attributes(resource.attributes)],
                "scopeSpans": [
                    [
                        "scope": ["name": .string(scope.name), "version": .string(scope.version)],
                        "spans": .array(resource.spans.map(span)), "schemaUrl": .string(scope.schemaURL),
                    ]
                ],
                "schemaUrl": .string(scope.schemaURL),
            ]
        }
        return JSON.object(["resourceSpans": .array(resources)]).bytes
    }

    private static func span(_ span: TraceSpan) -> JSON {
        .object([
            "traceId": .string(Digest.hex(span.traceID)), "spanId": .string(Digest.hex(span.id)),
            "parentSpanId": span.parentID.map { .string(Digest.hex($0)) }, "flags": .int(Int(span.flags)),
            "name": .string(span.name), "kind": .int(span.kind.rawValue),
            "startTimeUnixNano": .string(String(span.start.otlpNanoseconds)),
            "endTimeUnixNano": .string(String(span.end.otlpNanoseconds)),
            "attributes": attributes(span.attributes),
            "status": span.failure.map { ["message": .string($0), "code": 2] },
        ])
    }

    private static func attributes(_ list: [TraceSpan.Attribute]) -> JSON {
        .array(list.map { ["key": .string($0.name), "value": value($0.value)] })
    }

    private static func value(_ value: TraceSpan.Value) -> JSON {
        switch value {
        case .string(let text): ["stringValue": .string(text)]
        case .bool(let flag): ["boolValue": .bool(flag)]
        case .int(let number): ["intValue": .string(String(number))]
        case .double(let number): ["doubleValue": .double(number)]
        case .strings(let texts):
            ["arrayValue": ["values": .array(texts.map { ["stringValue": .string($0)] })]]
        }
    }

    /// Of an `ExportTraceServiceResponse`.
    static func rejectedSpans(in response: [UInt8]) -> Int {
        guard let json = try? JSON(parsing: response), let count = json["partialSuccess"]?["rejectedSpans"] else {
            return 0
        }
        return count.int ?? count.string.flatMap { Int($0) } ?? 0
    }
}
