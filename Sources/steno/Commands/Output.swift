import Glibc

/// Standard output and standard error of commands.
enum Output {
    static func line(_ text: String) { Platform.write(text + "\n", to: STDOUT_FILENO) }

    static func error(_ text: String) { Platform.write(text + "\n", to: STDERR_FILENO) }
}
