import FoundationEssentials
import Interactions

/// Threads that a request's body names, where its headers don't.
enum BodyThread {
    static func thread(in request: JSON) -> Exchange.Thread? {
        let conversation = request["conversation"]
        if let name = conversation?.string ?? conversation?["id"]?.string, let id = ThreadHeaders.threadID(name) {
            return Exchange.Thread(id: id, source: "conversation")
        }
        if let name = request["previous_response_id"]?.string, let id = ThreadHeaders.threadID(name) {
            return Exchange.Thread(id: id, source: "previous_response_id")
        }
        guard let metadata = request["metadata"] else { return nil }
        if let name = metadata["session_id"]?.string, let id = ThreadHeaders.threadID(name) {
            return Exchange.Thread(id: id, source: "metadata.session_id")
        }
        if let user = metadata["user_id"]?.string, let id = session(user: user) {
            return Exchange.Thread(id: id, source: "metadata.user_id")
        }
        return nil
    }

    /// Claude Code writes `user_…_account_…_session_UUID`, later versions a JSON text with `session_id`.
    private static func session(user: String) -> UUID? {
        if user.hasPrefix("{"), let told = (try? JSON(parsing: user))?["session_id"]?.string {
            return ThreadHeaders.threadID(told)
        }
        let mark = "_session_"
        guard user.utf8.count > mark.utf8.count + 36 else { return nil }
        let tail = user.suffix(36)
        guard user.dropLast(36).hasSuffix(mark) else { return nil }
        return UUID(uuidString: String(tail))
    }
}
