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

    /// Of this process's memory, what lies in RAM; pages of files included. Asked again and again, so it is read without the
    /// code that texts need.
    static var residentBytes: Int {
        let descriptor = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var text = InlineArray<128, UInt8>(repeating: 0)
        var bytes = text.mutableSpan
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
        // The second of the numbers, in pages.
        var (number, pages) = (0, 0)
        for index in 0..<max(0, count) {
            let digit = Int(text[index]) - 48
            if (0...9).contains(digit) {
                if number == 1 { pages = pages * 10 + digit }
            } else {
                number += 1
            }
        }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }

    /// Bounds what each thread's heap keeps of what is free at its end. `giveBackFreeHeap` can't reach that: malloc_trim(3)
    /// cuts the main thread's heap alone. By itself malloc keeps up to twice the largest block that it ever mapped, 64 MB at
    /// most (mallopt(3)), in each of some ten heaps.
    static func limitFreeHeap() {
        _ = mallopt(M_TRIM_THRESHOLD, 1 << 20)
        // Where one bound is set, malloc adapts neither, and would ask the kernel for each block from 128 KB on.
        _ = mallopt(M_MMAP_THRESHOLD, 32 << 20)
    }

    static func giveBackFreeHeap() {
        malloc_trim(0)
    }

    /// Of the heap, what is not free. It walks the lists of free blocks, each heap being locked meanwhile.
    static var usedHeapBytes: Int { Int(mallinfo2().uordblks) }

    /// Of the program and the libraries that it was started with, what is never written to: code, constants, and the tables
    /// that the start needed. What was written at the start and is closed since (relocations) is no part of it.
    static var constantMappings: [Range<UInt>] {
        var mappings: [Range<UInt>] = []
        var candidate: Range<UInt>?
        // Each mapping is a line as in /proc/self/maps, and lines of figures below it. See proc_pid_smaps(5).
        for line in lines("/proc/self/smaps") {
            if line.contains("p ") && line.contains("-") && line.contains(" /") {
                let ends = line.prefix { $0 != " " }.split(separator: "-").compactMap { UInt($0, radix: 16) }
                let isConstant = line.contains(" r-xp ") || line.contains(" r--p ")
                candidate = isConstant && ends.count == 2 && ends[0] < ends[1] ? ends[0]..<ends[1] : nil
            } else if line.hasPrefix("Anonymous:") {
                // Pages that were written to are copies of the process's own.
                if let range = candidate, line.dropFirst(10).allSatisfy({ " 0kB".contains($0) }) {
                    mappings.append(range)
                }
                candidate = nil
            }
        }
        return mappings
    }

    /// What is needed of them again comes back from the page cache.
    static func forget(_ constantMappings: [Range<UInt>]) {
        for range in constantMappings {
            _ = steno_forget_pages(range.lowerBound, Int(range.upperBound - range.lowerBound))
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
