import Dialects
import Redaction

/// One of `thread.headers`: `name`, or `name:expression`. The list's commas end an expression too; `\x2c` stands for one.
struct ThreadHeader: Sendable, Hashable {
    /// In lower case.
    let name: String
    let expression: String?

    init(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        name = parts[0].trimmed.lowercased()
        expression = parts.count > 1 ? parts[1].trimmed : nil
    }

    var flaw: String? {
        if !ValueText.isToken(name) { return "`\(name)` is not a header's name" }
        guard let expression else { return nil }
        if expression.isEmpty { return "`\(name):` needs an expression behind the colon" }
        do throws(RedactionError) {
            _ = try Expression(expression)
            return nil
        } catch {
            return "`\(expression)`: \(error)"
        }
    }
}

extension Configuration {
    /// Empty where no header has an expression: then the front has found them all.
    var threadRules: [ThreadRule] {
        guard threadHeaders.contains(where: { $0.expression != nil }) else { return [] }
        return threadHeaders.compactMap { header in
            guard let source = header.expression else { return ThreadRule(header: header.name) }
            // What can't be read is told before anything starts.
            guard let expression = try? Expression(source) else { return nil }
            return ThreadRule(header: header.name) { expression.find(in: $0) }
        }
    }
}
