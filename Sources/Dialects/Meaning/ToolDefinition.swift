import Interactions

/// Tools that a request offers to the model.
enum ToolDefinition {
    /// `{type, name, description?, parameters?}` of a tool as OpenAI or Anthropic defines it. A tool of the vendor's own
    /// has only its type's name.
    static func definition(of tool: JSON) -> JSON {
        let type = tool["type"]?.string ?? "function"
        let own = tool[type]?.object == nil ? tool : tool[type] ?? tool
        return .object([
            "type": .string(type), "name": own["name"] ?? .string(type), "description": own["description"],
            "parameters": own["parameters"] ?? own["input_schema"] ?? own["parametersJsonSchema"],
        ])
    }
}
