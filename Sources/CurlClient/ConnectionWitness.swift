import CLinux
import Glibc

/// A second descriptor of a TCP connection: it tells what arrived also when somebody has closed the first. The connection
/// lasts until both are gone.
package final class ConnectionWitness {
    private let descriptor: CInt

    /// `nil` where there are no descriptors left.
    package init?(of descriptor: CInt) {
        self.descriptor = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        if self.descriptor < 0 { return nil }
    }

    deinit { close(descriptor) }

    /// What the peer has acknowledged of all that was ever sent; `nil` for a socket of another kind.
    package var acknowledgedBytes: Int? {
        let count = steno_acknowledged_bytes(descriptor)
        return count < 0 ? nil : Int(count)
    }
}
