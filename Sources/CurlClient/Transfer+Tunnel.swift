/// Where a transfer stands that asks to leave HTTP behind (RFC 9110 §7.8).
///
/// To libcurl it is an upload of unknown length: the request's head goes out, then the body is asked for, which waits until
/// the answer's head is there. Behind a 101 libcurl reads to the connection's end and sends what it is given.
enum TunnelPhase {
    case asked
    /// The answer is an ordinary one.
    case refused
    case open(Ends)

    struct Ends {
        var sending = End.open
        var receiving = End.open
    }

    enum End {
        case open
        /// Not told on yet.
        case reached
        case told
    }
}

extension Transfer {
    /// The final head has come. Of a tunnel: the upload, which waited for it, begins or is over. Of any other request:
    /// libcurl stops sending where the answer is no success (RFC 9112 §9.5), but would not notice while it is paused.
    func sendingAfterHead(status: Int) {
        if tunnel != nil { tunnel = status == 101 ? .open(.init()) : .refused }
        if tunnel != nil || status >= 300 { bodyIsReady() }
    }

    /// What libcurl wants of the socket has changed. It does not tell that an upstream has closed while there is something
    /// to send: it only reads no more.
    func socketIsWanted(forReading: Bool) {
        guard !forReading, !isReceivingPaused, case .open(var ends) = tunnel, ends.receiving == .open else { return }
        ends.receiving = .reached
        tunnel = .open(ends)
        touch()
    }

    /// All that the app sent has been taken, and no more will come.
    func sendingDidEnd() {
        guard case .open(var ends) = tunnel, ends.sending == .open else { return }
        ends.sending = .reached
        tunnel = .open(ends)
        touch()
    }

    /// Tells on what has ended; never from within libcurl.
    func deliverEnds() {
        guard case .open(var ends) = tunnel else { return }
        let (sending, receiving) = (ends.sending, ends.receiving)
        if sending == .reached { ends.sending = .told }
        if receiving == .reached { ends.receiving = .told }
        tunnel = .open(ends)
        if sending == .reached { handle?.shutDownSending() }
        if receiving == .reached { delegate?.transferDidEndReceiving() }
    }
}
