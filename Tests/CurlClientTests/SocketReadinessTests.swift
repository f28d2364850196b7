import Glibc
import NIOCore
import NIOPosix
import Testing

@testable import CurlClient

@Suite struct SocketReadinessTests {
    @Test("A socket is heard of, though an older one of its number was closed without a word")
    func reusedNumber() async throws {
        let heard = try await Self.onLoop { readiness, ends in
            let old = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
            Self.open(old, readiness)
            readiness.apply()
            ends.takeNumber(of: old)
            defer { close(old) }
            Self.open(old, readiness)
            readiness.apply()
            ends.say()
            return Self.heard(readiness) == [old]
        }
        #expect(heard)
    }

    @Test("A number that went to somebody else's socket is left alone")
    func foreignNumber() async throws {
        let isLeftAlone = try await Self.onLoop { readiness, ends in
            let old = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
            Self.open(old, readiness)
            ends.takeNumber(of: old)
            defer { close(old) }
            readiness.apply()
            readiness.want(old, Self.remove)
            readiness.apply()
            ends.say()
            return Self.heard(readiness).isEmpty && ends.canBeHeard
        }
        #expect(isLeftAlone)
    }

    @Test("An idle connection that speaks is emptied, and is no connection any more")
    func idleConnection() async throws {
        let isDiscarded = try await Self.onLoop { readiness, ends in
            Self.open(ends.mine, readiness)
            readiness.apply()
            readiness.want(ends.mine, Self.remove)
            readiness.apply()
            ends.say()
            return Self.heard(readiness).isEmpty && !ends.canBeHeard
        }
        #expect(isDiscarded)
    }

    /// CURL_POLL_IN and CURL_POLL_REMOVE.
    private static let input: CInt = 1
    private static let remove: CInt = 4

    /// As libcurl does with a socket of its own, to hear of what comes.
    private static func open(_ socket: CInt, _ readiness: SocketReadiness) {
        readiness.didOpen(socket)
        readiness.want(socket, input)
    }

    private struct Ends {
        let mine: CInt
        let other: CInt

        /// Closed without a word, the other socket's number is one of `mine` too: at once, or another test may have it first.
        func takeNumber(of other: CInt) { #expect(dup2(mine, other) == other) }

        func say() { #expect(unsafe send(other, "x", 1, CInt(MSG_NOSIGNAL)) == 1) }

        var canBeHeard: Bool {
            var byte: UInt8 = 0
            return unsafe recv(mine, &byte, 1, CInt(MSG_DONTWAIT)) == 1
        }
    }

    private static func heard(_ readiness: SocketReadiness) -> [CInt] {
        var heard: [CInt] = []
        readiness.collect { socket, _ in heard.append(socket) }
        return heard
    }

    private static func onLoop(_ body: @escaping @Sendable (SocketReadiness, Ends) throws -> Bool) async throws -> Bool
    {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        let result = try await eventLoop.submit {
            var pair: [CInt] = [-1, -1]
            #expect(unsafe socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &pair) == 0)
            defer { for end in pair { close(end) } }
            let readiness = try SocketReadiness(eventLoop: eventLoop)
            defer { readiness.shutDown() }
            return try body(readiness, Ends(mine: pair[0], other: pair[1]))
        }.get()
        try await group.shutdownGracefully()
        return result
    }
}
