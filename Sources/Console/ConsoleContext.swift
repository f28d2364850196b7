import Hummingbird
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
}
