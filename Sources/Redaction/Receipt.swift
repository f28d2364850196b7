/// What one rule did in one place. Never holds what was redacted.
package struct Receipt: Sendable, Hashable {
    /// A detector's kind, or the rule: `field:password`, `path:$.input.query`, `pattern:employee`, `query:key`, `header:x-team`.
    package let kind: String
    /// Where, in the v4 form of the interaction: `$.input.request.body.messages[0].content`.
    package let path: String
    package let count: Int
    package let action: RedactionAction

    package init(kind: String, path: String, count: Int, action: RedactionAction) {
        self.kind = kind
        self.path = path
        self.count = count
        self.action = action
    }
}
