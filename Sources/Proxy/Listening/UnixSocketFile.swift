import FoundationEssentials
import NIOCore
import NIOPosix

/// The file of a Unix socket, which outlives whoever made it.
struct UnixSocketFile {
    enum Flaw: Error, Hashable {
        /// Something else lies there.
        case notASocket
        /// Another process listens.
        case inUse
    }

    let path: String

    /// Removes a file that a process left behind when it was killed. Nobody listens on that one: connecting is refused.
    func clear(on group: any EventLoopGroup) async throws {
        guard let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType else {
            return
        }
        guard type == .typeSocket else { throw Flaw.notASocket }
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: group).connect(unixDomainSocketPath: path).get()
        } catch {
            try FileManager.default.removeItem(atPath: path)
            return
        }
        try? await channel.close()
        throw Flaw.inUse
    }

    func set(mode: Int) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}
