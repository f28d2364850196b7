import FoundationEssentials
import Interactions

/// The files of a store: SQLite's own, the write-ahead log and its index.
enum StoreFiles {
    private static let suffixes = ["", "-wal", "-shm"]

    static func size(_ path: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
    }

    /// Of all of them.
    static func totalSize(_ path: String) -> Int { suffixes.reduce(0) { $0 + (size(path + $1) ?? 0) } }

    /// A file without a zero byte in its first bytes never was a database: somebody's text, at a place that was set by
    /// mistake.
    static func mayBeDatabase(_ path: String) -> Bool {
        guard let size = size(path), let file = try? PageFile(path: path, pageSize: min(4096, size)),
            let head = try? file.page(1)
        else { return false }
        return head.contains(0)
    }

    /// Moves them out of the way, where nobody has them open.
    ///
    /// - Returns: the name that the first of them has now.
    static func setAside(_ path: String, at time: Timestamp) throws(StoreError) -> String {
        let stamp = time.rfc3339.filter { $0 != "-" && $0 != ":" }.prefix { $0 != "." }
        var name = "\(path).corrupt-\(stamp)"
        var number = 2
        while FileManager.default.fileExists(atPath: name) {
            name = "\(path).corrupt-\(stamp)-\(number)"
            number += 1
        }
        do {
            for suffix in suffixes where FileManager.default.fileExists(atPath: path + suffix) {
                try FileManager.default.moveItem(atPath: path + suffix, toPath: name + suffix)
            }
        } catch {
            throw StoreError(kind: .cannotOpen, message: "the damaged store \(path) can't be set aside as \(name)")
        }
        return name
    }
}
