import Interactions

/// Function calls, also those whose arguments come in pieces (`streamFunctionCallArguments`): a name first, then values
/// by their place in the arguments, then an empty call that ends it.
struct GeminiCalls {
    private var calls: [(id: JSON?, name: JSON?, arguments: JSON)] = []
    private var isOpen = false

    var all: [Message.Part] { calls.map { .toolCall(id: $0.id, name: $0.name, arguments: $0.arguments) } }

    mutating func take(_ call: JSON) {
        let name = call["name"]?.string ?? ""
        if !isOpen || !name.isEmpty {
            calls.append((call["id"], call["name"], call["args"] ?? .object(JSON.Object())))
        }
        isOpen = call["willContinue"]?.bool == true
        guard let last = calls.indices.last else { return }
        for piece in call["partialArgs"]?.array ?? [] {
            guard let path = piece["jsonPath"]?.string else { continue }
            let value = piece["stringValue"] ?? piece["numberValue"] ?? piece["boolValue"] ?? .null
            calls[last].arguments.set(value, at: Self.steps(path)[...])
        }
    }

    /// `$.a.b[0]`, `$['a']`: names and list places.
    private static func steps(_ path: String) -> [String] {
        path.split { ".[]$'\"".contains($0) }.map(String.init)
    }
}

extension JSON {
    /// A text that is there already grows.
    fileprivate mutating func set(_ value: JSON, at steps: ArraySlice<String>) {
        // As deep as no tool's arguments are.
        if steps.count > 32 { return }
        guard let step = steps.first else {
            if let text = value.string, string != nil { append(text) } else { self = value }
            return
        }
        if let place = Int(step), object == nil || object?.isEmpty == true {
            updateArray { $0.update(place) { $0.set(value, at: steps.dropFirst()) } }
        } else {
            updateObject { $0.update(step) { $0.set(value, at: steps.dropFirst()) } }
        }
    }
}
