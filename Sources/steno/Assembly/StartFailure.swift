import Glibc
import NIOCore

/// Says what kept Steno from starting, and what to do about it.
enum StartFailure {
    static func listening(_ key: String, _ address: ListenAddress, _ error: any Error) -> Failure {
        let cause: String
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE: cause = "another process listens there; stop it, or set `\(key)` to another port"
        case EACCES: cause = "this user may not; set `\(key)` to a port from 1024 on"
        case EADDRNOTAVAIL: cause = "this machine has no such address; set `\(key)` to one that it has"
        default: cause = text(error)
        }
        return Failure(message: "steno: can't listen on \(address): \(cause)")
    }

    /// Errors of libraries, on one line.
    static func text(_ error: any Error) -> String { "\(error)".oneLine }
}
