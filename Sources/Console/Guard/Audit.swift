import FoundationEssentials
import Hummingbird
import Interactions
import Logging

/// A line in the log for every look at content: who looked at what, never what it says.
struct Audit: Sendable {
    let logger: Logger

    /// - Parameter what: a constant.
    func read(_ what: String, by request: Request, _ context: ConsoleContext, id: UUID? = nil) {
        var metadata: Logger.Metadata = ["what": "\(what)", "peer": "\(context.peer ?? "unknown")"]
        if let id { metadata["id"] = "\(id.text)" }
        logger.info("content was read", metadata: metadata)
    }
}
