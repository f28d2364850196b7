import Glibc

/// A file that is written at its end. It is closed when it is let go of.
///
/// Calls block on the disk, and come from one thread at a time.
final class AppendFile {
    /// Why it can't be written: one of few constant texts.
    struct Failure: Error, Hashable {
        let cause: String

        init(errno code: Int32) {
            cause =
                switch code {
                case ENOSPC, EDQUOT: "disk_full"
                case EACCES, EPERM, EROFS: "no_permission"
                case ENOENT, ENOTDIR: "no_folder"
                case EPIPE: "closed"
                default: "failed"
                }
        }
    }

    private let descriptor: Int32
    private let isOwned: Bool

    /// Makes it where it is not there, for its owner's eyes only: it will hold conversations.
    init(path: String) throws(Failure) {
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        isOwned = true
        if descriptor < 0 { throw Failure(errno: errno) }
    }

    private init(descriptor: Int32) {
        self.descriptor = descriptor
        isOwned = false
    }

    static var standardOutput: AppendFile { AppendFile(descriptor: STDOUT_FILENO) }

    deinit {
        if isOwned, descriptor >= 0 { close(descriptor) }
    }

    /// - Returns: its length, and when it was last written, in seconds since 1970.
    func status() throws(Failure) -> (size: Int, writtenAt: Int) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw Failure(errno: errno) }
        return (Int(status.st_size), status.st_mtim.tv_sec)
    }

    /// All of them or, as far as the file allows, none.
    func append(_ bytes: [UInt8]) throws(Failure) {
        let before = isOwned ? try status().size : nil
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                unsafe write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                let failure = Failure(errno: errno)
                if let before { ftruncate(descriptor, before) }
                throw failure
            }
            written += count
        }
    }

    /// Returns when what was written survives a power cut.
    func sync() throws(Failure) {
        guard fdatasync(descriptor) == 0 else { throw Failure(errno: errno) }
    }

    func read(from start: Int, count: Int) throws(Failure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let read = unsafe pread(descriptor, &bytes, count, start)
        guard read >= 0 else { throw Failure(errno: errno) }
        return Array(bytes.prefix(read))
    }

    func truncate(to size: Int) throws(Failure) {
        guard ftruncate(descriptor, size) == 0 else { throw Failure(errno: errno) }
    }

    /// Makes names in a folder survive a power cut. Some file systems don't know of it.
    static func syncFolder(_ path: String) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
