import FoundationEssentials
import Interactions
import Synchronization

/// A file of lines that gives way to a new one when it is large or old. What gave way is called like it, with the time
/// behind: `steno.jsonl.20261121T171500.000000Z`.
///
/// The file is opened for each batch, so whoever else moves it away or removes it is welcome to.
package final class LineFile: Sendable {
    package struct Rotation: Sendable, Hashable {
        /// In bytes. A batch that makes it larger goes into the next.
        package var size: Int
        /// In seconds: no file holds what was written in two spans of this length, counted from 1970 on in UTC. `nil`: any age.
        package var age: Int?
        /// Of files that gave way, so many are kept.
        package var keep: Int

        package init(size: Int = 128 << 20, age: Int? = nil, keep: Int = 10) {
            self.size = size
            self.age = age
            self.keep = keep
        }
    }

    private let path: String
    private let rotation: Rotation
    /// The last line is whole: looked at once, as only a crash leaves another.
    private let isSound = Mutex(false)

    init(path: String, rotation: Rotation) {
        self.path = path
        self.rotation = rotation
    }

    /// Whole lines; on disk when it returns. If it throws, none of them are in the file. Blocks.
    func append(_ lines: [UInt8], now: Timestamp = .now) throws(AppendFile.Failure) {
        var file = try AppendFile(path: path)
        var (size, writtenAt) = try file.status()
        if !isSound.withLock(\.self) {
            size = try mend(file, size)
            isSound.withLock { $0 = true }
        }
        if size > 0, size + lines.count > rotation.size || isOld(writtenAt, now) {
            try rotate(at: now)
            file = try AppendFile(path: path)
            (size, writtenAt) = (0, 0)
        }
        try file.append(lines)
        try file.sync()
        if size == 0 { AppendFile.syncFolder(folder) }
    }

    private func isOld(_ writtenAt: Int, _ now: Timestamp) -> Bool {
        guard let age = rotation.age, age > 0 else { return false }
        return writtenAt / age != Int(now.microseconds / 1_000_000) / age
    }

    /// A line that a crash cut short was never settled and comes again, so it goes; one that lacks its end only gets it.
    private func mend(_ file: AppendFile, _ size: Int) throws(AppendFile.Failure) -> Int {
        guard size > 0, try file.read(from: size - 1, count: 1) != [0x0A] else { return size }
        var start = size
        var tail: [UInt8] = []
        while start > 0 {
            let from = max(0, start - (1 << 16))
            tail = try file.read(from: from, count: start - from) + tail
            start = from
            if let end = tail.lastIndex(of: 0x0A) {
                start += end + 1
                tail.removeFirst(end + 1)
                break
            }
        }
        guard (try? JSON(parsing: tail)) == nil else {
            try file.append([0x0A])
            return size + 1
        }
        try file.truncate(to: start)
        return start
    }

    private func rotate(at now: Timestamp) throws(AppendFile.Failure) {
        let time = now.rfc3339.filter { $0 != "-" && $0 != ":" }
        do {
            try FileManager.default.moveItem(atPath: path, toPath: "\(path).\(time)")
        } catch {
            throw AppendFile.Failure(errno: 0)
        }
        let name = URL(filePath: path).lastPathComponent + "."
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let old = names.filter { $0.hasPrefix(name) && Self.isTime($0.dropFirst(name.count)) }.sorted()
        for name in old.dropLast(rotation.keep) { try? FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
        AppendFile.syncFolder(folder)
    }

    private var folder: String { URL(filePath: path).deletingLastPathComponent().path() }

    /// `20261121T171500.000000Z`: nobody else's file is removed.
    private static func isTime(_ text: Substring) -> Bool {
        text.utf8.count == 23
            && text.utf8.enumerated().allSatisfy { index, byte in
                switch index {
                case 8: byte == UInt8(ascii: "T")
                case 15: byte == UInt8(ascii: ".")
                case 22: byte == UInt8(ascii: "Z")
                default: (0x30...0x39).contains(byte)
                }
            }
    }
}
