import CLinux
import Glibc
import NIOCore

/// What only C calls tell or do. The sole file of this target where `unsafe` stands.
enum Platform {
    /// Allows as many open files as the system lets this process have: each exchange takes two sockets.
    static func raiseOpenFileLimit() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// Those that this process may run on, by the system, its control group and `taskset`.
    static var usableCores: Int {
        let allowed = lines("/proc/self/status").first { $0.hasPrefix("Cpus_allowed_list:") }
        return max(1, min(System.coreCount, allowed.map { cores(inList: $0.dropFirst(18)) } ?? .max))
    }

    /// `0-3,8` are five.
    static func cores(inList list: Substring) -> Int {
        list.split(separator: ",").reduce(0) { count, range in
            let ends = range.split(separator: "-").compactMap { Int($0.filter(\.isNumber)) }
            guard let first = ends.first, let last = ends.last, last >= first else { return count }
            return count + last - first + 1
        }
    }

    /// Of this process's memory, what lies in RAM; pages of files included.
    static var residentBytes: Int {
        let pages = lines("/proc/self/statm").first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }

    static func giveBackFreeHeap() {
        malloc_trim(0)
    }

    /// Lets go of the code that has run, most of it at the start and never again. What runs on comes back from the page
    /// cache; code is never written to, so nothing is lost.
    static func forgetCode() {
        for line in lines("/proc/self/maps") where line.contains(" r-xp ") && line.contains("/") {
            let ends = line.prefix { $0 != " " }.split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard let start = ends.first, let end = ends.last, end > start else { continue }
            _ = steno_forget_pages(start, Int(end - start))
        }
    }

    private static func lines(_ path: String) -> [Substring] {
        // Files of /proc have no size and come piece by piece, which FileManager takes for the end.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        return String(decoding: readAll(descriptor), as: UTF8.self).split(separator: "\n")
    }

    /// The columns of the terminal that is standard output; `nil` where it is none.
    static var terminalWidth: Int? {
        var size = winsize()
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// A reader that is gone ends the process without a word, as it does for other tools.
    static func endQuietlyOnBrokenPipe() {
        _ = signal(SIGPIPE, SIG_DFL)
    }

    /// For a process that serves: one connection's end is not its own.
    static func ignoreBrokenPipes() {
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// Writes all of it; what can't be written is lost.
    static func write(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    descriptor, UnsafeRawBufferPointer(rebasing: buffer[done...]).baseAddress, bytes.count - done)
            }
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { return }
            done += count
        }
    }

    /// All that standard input has.
    static func readStandardInput() -> [UInt8] { readAll(STDIN_FILENO) }

    private static func readAll(_ descriptor: Int32) -> [UInt8] {
        var out: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { return out }
            out += chunk[..<count]
        }
    }
}
