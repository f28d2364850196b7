import FoundationEssentials
import Hummingbird
import Interactions
import NIOCore

/// A request's context: with the address of who asks.
struct ConsoleContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Without the port; `nil` where there is none to tell.
    let peer: String?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress?.ipAddress
    }

    /// A part of the path that must be a UUID.
    func id(_ name: String) throws(APIError) -> UUID {
        guard let text = parameters.get(name), let id = UUID(uuidString: text) else {
            throw APIError([
                ValidationProblem(
                    location: ["path", name], message: "Input should be a valid UUID", type: "uuid_parsing")
            ])
        }
        return id
    }
}
