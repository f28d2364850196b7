import Interactions

extension RequestParameters {
    /// Where some of them stand in a member of the request, perhaps under names of the vendor's own.
    init(_ request: JSON, within name: String, names: [String: String] = [:]) {
        self.init(sharedNames: request)
        for member in request[name]?.object?.members ?? [] { read(names[member.name] ?? member.name, member.value) }
    }

    /// Where the vendor names some of them in its own way.
    init(_ request: JSON, names: [String: String]) {
        self.init(sharedNames: request)
        for member in request.object?.members ?? [] {
            if let name = names[member.name] { read(name, member.value) }
        }
    }

    /// Cohere's `p` and `k`.
    init(cohere request: JSON) { self.init(request, names: ["p": "top_p", "k": "top_k", "num_generations": "n"]) }

    /// Ollama's, which streams where nothing else is said.
    init(ollama request: JSON) {
        self.init(request, within: "options", names: ["num_predict": "max_tokens"])
        isStreamed = request["stream"]?.bool ?? true
        if let format = request["format"], !format.isBlank { outputType = "json" }
    }
}
