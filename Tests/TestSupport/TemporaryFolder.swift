import FoundationEssentials
import Interactions

/// A folder of its own, gone when the test lets go of it.
package final class TemporaryFolder: Sendable {
    /// With a slash at its end.
    package let path: String

    package init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "steno-\(UUID().text)/")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path()
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    package func file(_ name: String) -> String { path + name }
}
