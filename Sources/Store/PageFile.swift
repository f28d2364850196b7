// A file of any size is read piece by piece, which FoundationEssentials doesn't do; mapping it would end the process where
// the disk can't read a piece.
import Foundation

/// A file, read in pages.
final class PageFile {
    let pageSize: Int
    private let handle: FileHandle

    init(path: String, pageSize: Int) throws {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw CocoaError(.fileReadNoSuchFile) }
        self.handle = handle
        self.pageSize = pageSize
    }

    deinit { try? handle.close() }

    /// - Parameter number: the first is 1.
    /// - Returns: filled up with zeros where the file ends within the page; `nil` behind its end.
    func page(_ number: Int) throws -> [UInt8]? {
        guard number > 0 else { return nil }
        try handle.seek(toOffset: UInt64(number - 1) * UInt64(pageSize))
        guard let data = try handle.read(upToCount: pageSize), !data.isEmpty else { return nil }
        return [UInt8](data) + Array(repeating: 0, count: pageSize - data.count)
    }
}
