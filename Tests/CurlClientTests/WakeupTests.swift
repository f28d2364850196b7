import Glibc
import NIOCore
import NIOPosix
import Testing

@testable import CurlClient

@Suite(.timeLimit(.minutes(1))) struct WakeupTests {
    @Test("Each time the descriptor becomes readable the event loop hears of it, and not after the end")
    func wakes() async throws {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        var ends: [CInt] = [-1, -1]
        try #require(unsafe pipe(&ends) == 0)
        let (readEnd, writeEnd) = (ends[0], ends[1])
        let (wakeups, continuation) = AsyncStream.makeStream(of: Void.self)
        let wakeup = try await eventLoop.submit {
            let wakeup = try Wakeup(watching: readEnd, eventLoop: eventLoop)
            wakeup.onWakeup = {
                // Woken only where there is something to read: this would block the loop otherwise.
                var byte: UInt8 = 0
                if unsafe read(readEnd, &byte, 1) == 1 { continuation.yield() }
            }
            wakeup.arm()
            return NIOLoopBound(wakeup, eventLoop: eventLoop)
        }.get()
        var iterator = wakeups.makeAsyncIterator()
        for _ in 0..<100 {
            #expect(unsafe write(writeEnd, [UInt8(1)], 1) == 1)
            #expect(await iterator.next() != nil)
        }
        try await eventLoop.submit { wakeup.value.shutDown() }.get()
        continuation.finish()
        #expect(await iterator.next() == nil)
        close(readEnd)
        close(writeEnd)
    }
}
