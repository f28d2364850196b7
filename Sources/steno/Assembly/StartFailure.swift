import Glibc
import NIOCore
import Proxy

/// Says what kept Steno from starting, and what to do about it.
enum StartFailure {
    static func listening(_ error: any Error) -> Failure {
        guard let failure = error as? ListeningFailed else { return Failure(message: "steno: \(text(error))") }
        switch failure.cause {
        case .notASocket:
            return cannotListen(
                failure.endpoint, "something that is no socket lies there; set `listen` to another path")
        case .socketInUse:
            return cannotListen(
                failure.endpoint, "another process listens there; stop it, or set `listen` to another path")
        case .other(let error): return listening("listen", failure.endpoint, error)
        }
    }

    static func listening(_ key: String, _ address: some CustomStringConvertible, _ error: any Error) -> Failure {
        let cause: String
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE: cause = "another process listens there; stop it, or set `\(key)` to another port"
        case EACCES: cause = "this user may not; set `\(key)` to a port from 1024 on, or to a path it can write to"
        case ENOENT: cause = "there is no such folder; make it, or set `\(key)` to another path"
        case EADDRNOTAVAIL: cause = "this machine has no such address; set `\(key)` to one that it has"
        default: cause = text(error)
        }
        return cannotListen(address, cause)
    }

    private static func cannotListen(_ address: some CustomStringConvertible, _ cause: String) -> Failure {
        Failure(message: "steno: can't listen on \(address): \(cause)")
    }

    /// Errors of libraries, on one line.
    static func text(_ error: any Error) -> String { "\(error)".oneLine }
}
