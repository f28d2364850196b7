package import Interactions

extension Redactor {
    /// Every place that content can be: request target, headers, body, answer, tool calls, reasoning, context, metadata,
    /// spans. Where anything was redacted, `steno.redactions` in the metadata says how often, by kind.
    package func redact(
        _ interaction: Interaction
    ) throws(RedactionError) -> (interaction: Interaction, receipts: [Receipt]) {
        var new = interaction
        let receipts = try redact(&new)
        return (new, receipts)
    }

    /// The same in place. What is thrown leaves some of it as it was.
    package func redact(_ new: inout Interaction) throws(RedactionError) -> [Receipt] {
        var pass = RedactionPass(self)
        let root = paths.isEmpty ? PathScope.nowhere : PathScope(paths)
        let input = root.entering("input", paths)
        let request = input.entering("request", paths)
        let output = root.entering("output", paths)

        // Bodies first: what rules take out of them is taken out of what was derived from them.
        try pass.within(".input") { pass throws(RedactionError) in
            try pass.within(".request") { pass throws(RedactionError) in try pass.request(&new.input.request, request) }
        }
        try pass.within(".output") { pass throws(RedactionError) in
            try pass.part(&new.output.body, "body", output)
        }
        try pass.within(".input") { pass throws(RedactionError) in try pass.members(&new.input.more, input) }
        try pass.within(".output") { pass throws(RedactionError) in try pass.members(&new.output.more, output) }
        pass.isDerived = true
        try pass.within(".input") { pass throws(RedactionError) in try pass.part(&new.input.query, "query", input) }
        try pass.within(".output") { pass throws(RedactionError) in try pass.answer(&new.output, output) }
        try pass.within(".trace_spans") { pass throws(RedactionError) in
            let spans = root.entering("trace_spans", paths)
            for index in new.spans.indices {
                try pass.within("[\(index)]") { pass throws(RedactionError) in
                    try pass.span(&new.spans[index], spans.entering(index, paths))
                }
            }
        }
        try pass.within(".operation_metadata") { pass throws(RedactionError) in
            try pass.metadata(&new.metadata, root.entering("operation_metadata", paths))
        }
        try pass.within(".application_variant_id") { pass throws(RedactionError) in
            new.applicationVariantID = try pass.text(new.applicationVariantID, .nowhere) ?? new.applicationVariantID
        }
        guard pass.hasReceipts else { return [] }
        let receipts = pass.receipts
        new.metadata["steno.redactions"] = Self.counts(receipts, new.metadata["steno.redactions"])
        return receipts
    }

    /// On top of what an earlier run has counted.
    private static func counts(_ receipts: [Receipt], _ earlier: JSON?) -> JSON {
        var counts = earlier?.object ?? JSON.Object()
        for receipt in receipts {
            counts[receipt.kind] = .int((counts[receipt.kind]?.int ?? 0) + receipt.count)
        }
        return .object(counts)
    }
}

extension RedactionPass {
    fileprivate mutating func request(_ request: inout Interaction.Request, _ scope: PathScope) throws(RedactionError) {
        try part(&request.method, "method", scope)
        try within(".path") { pass throws(RedactionError) in
            if let new = try pass.target(request.path, scope.entering("path", pass.redactor.paths)) {
                request.path = new
            }
        }
        try within(".headers") { pass throws(RedactionError) in
            let inner = scope.entering("headers", pass.redactor.paths)
            if let new = try pass.headers(request.headers, inner) { request.headers = new }
        }
        try part(&request.body, "body", scope)
    }

    fileprivate mutating func answer(_ output: inout Interaction.Output, _ scope: PathScope) throws(RedactionError) {
        try part(&output.response, "response", scope)
        if var reasoning = output.reasoning {
            try part(&reasoning, "reasoning", scope)
            output.reasoning = reasoning
        }
        try list(&output.toolCalls, "tool_calls", scope)
        try list(&output.context, "context", scope)
    }

    fileprivate mutating func span(_ span: inout Interaction.Span, _ scope: PathScope) throws(RedactionError) {
        try part(&span.nodeID, "node_id", scope)
        try part(&span.input, "operation_input", scope)
        try part(&span.output, "operation_output", scope)
        try part(&span.metadata, "operation_metadata", scope)
    }

    fileprivate mutating func metadata(_ metadata: inout JSON.Object, _ scope: PathScope) throws(RedactionError) {
        if isUntouched(.object(metadata), scope) { return }
        let name = "steno.redactions"
        let counts = metadata[name]
        if let new = try object(metadata, scope) {
            metadata = new
            metadata[name] = counts
        }
    }

    fileprivate mutating func part(_ text: inout String, _ name: String, _ scope: PathScope) throws(RedactionError) {
        try within(".\(name)") { pass throws(RedactionError) in
            let inner = scope.entering(name, pass.redactor.paths)
            if let verdict = pass.named(name, text, inner) {
                text = verdict ?? text
            } else if let new = try pass.text(text, inner) {
                text = new
            }
        }
    }

    fileprivate mutating func part(_ value: inout JSON?, _ name: String, _ scope: PathScope) throws(RedactionError) {
        guard let old = value else { return }
        try within(".\(name)") { pass throws(RedactionError) in
            let inner = scope.entering(name, pass.redactor.paths)
            let verdict = pass.named(name, old, inner)
            if verdict.isNamed {
                value = verdict.value
            } else if let new = try pass.json(old, inner) {
                value = new
            }
        }
    }

    private mutating func isUntouched(_ value: JSON, _ scope: PathScope) -> Bool {
        isDecidedByRules(scope) && isPlain(value)
    }

    /// An object that must stay one: a rule that names it empties it.
    fileprivate mutating func part(_ object: inout JSON.Object, _ name: String, _ scope: PathScope)
        throws(RedactionError)
    {
        guard !object.isEmpty else { return }
        try within(".\(name)") { pass throws(RedactionError) in
            let inner = scope.entering(name, pass.redactor.paths)
            let verdict = pass.named(name, .object(object), inner)
            if verdict.isNamed {
                object = verdict.value?.object ?? JSON.Object()
            } else if pass.isUntouched(.object(object), inner) {
                return
            } else if let new = try pass.object(object, inner) {
                object = new
            }
        }
    }

    /// What an app put beside the members that are known.
    fileprivate mutating func members(_ object: inout JSON.Object, _ scope: PathScope) throws(RedactionError) {
        guard !object.isEmpty, let new = try self.object(object, scope) else { return }
        object = new
    }

    fileprivate mutating func list(_ items: inout [JSON], _ name: String, _ scope: PathScope) throws(RedactionError) {
        guard !items.isEmpty else { return }
        try within(".\(name)") { pass throws(RedactionError) in
            let inner = scope.entering(name, pass.redactor.paths)
            let verdict = pass.named(name, .array(items), inner)
            if verdict.isNamed {
                items = verdict.value?.array ?? []
            } else if let new = try pass.json(.array(items), inner)?.array {
                items = new
            }
        }
    }
}
