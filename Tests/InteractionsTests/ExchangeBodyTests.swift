import NIOCore
import Testing

@testable import Interactions

@Suite("A captured body")
struct ExchangeBodyTests {
    private func body(of sizes: [Int]) -> (body: Exchange.Body, bytes: [UInt8]) {
        var body = Exchange.Body()
        var all: [UInt8] = []
        for (index, size) in sizes.enumerated() {
            let piece = (0..<size).map { UInt8(truncatingIfNeeded: all.count + $0 * 7 + index) }
            body.append(ByteBuffer(bytes: piece), at: Int64(index))
            all += piece
        }
        return (body, all)
    }

    private func bytes(_ body: Exchange.Body) -> [UInt8] { body.buffers.flatMap { Array($0.readableBytesView) } }

    @Test(
        "holds its pieces in order, with the times at which they came",
        arguments: [
            [], [5], [1, 1], [200, 200, 200], [1024, 1024, 1025, 1], [5000, 10, 5000, 10, 10],
            Array(repeating: 1000, count: 200), [1, 70_000, 1],
        ])
    func order(sizes: [Int]) {
        let (body, all) = body(of: sizes)
        #expect(bytes(body) == all)
        #expect(body.joined == ByteBuffer(bytes: all))
        #expect(body.capturedBytes == all.count)
        #expect(body.arrivals.map(\.at) == sizes.indices.map(Int64.init))
        #expect(body.arrivals.map(\.end) == sizes.indices.map { sizes[...$0].reduce(0, +) })
    }

    @Test(
        "takes little more memory than its bytes, however they come",
        arguments: [
            (Array(repeating: 20, count: 10_000), 12, 70_000),
            (Array(repeating: 1, count: 3000), 4, 4096),
            // Each small piece has a buffer of its own here.
            ((0..<2000).map { $0 % 2 == 0 ? 2048 : 10 }, 2000, 1000 * 1024),
        ])
    func memory(sizes: [Int], mostBuffers: Int, mostBeside: Int) {
        let (body, all) = body(of: sizes)
        #expect(body.buffers.count <= mostBuffers)
        #expect(body.buffers.reduce(0) { $0 + $1.capacity } <= all.count + mostBeside)
    }

    @Test("shares large pieces, whatever small ones stand between them")
    func sharing() {
        let (body, _) = body(of: [3000, 10, 20, 3000, 10, 1025])
        #expect(body.buffers.map(\.readableBytes) == [3000, 30, 3000, 10, 1025])
    }

    @Test("in one piece is that piece, not a copy of it")
    func piece() {
        var roomy = ByteBuffer(string: "received")
        roomy.reserveCapacity(1 << 16)
        var body = Exchange.Body()
        body.append(roomy, at: 1)
        // A copy would have the room that it needs.
        #expect(body.joined.storageCapacity == 1 << 16)
    }

    @Test("passes over what is empty")
    func empty() {
        let (body, all) = body(of: [0, 3, 0, 4])
        #expect(bytes(body) == all)
        #expect(body.arrivals.map(\.end) == [3, 7])
    }

    @Test("leaves its copies alone")
    func copies() {
        var (body, all) = body(of: [10, 10])
        let copy = body
        body.append(ByteBuffer(bytes: [1, 2, 3]), at: 9)
        #expect(bytes(copy) == all)
        #expect(bytes(body) == all + [1, 2, 3])
    }

    @Test("begins anew once it was let go of")
    func release() {
        var (body, _) = body(of: [10, 10, 10])
        body.release()
        #expect(body.capturedBytes == 0 && body.buffers.isEmpty)
        body.append(ByteBuffer(bytes: [1]), at: 1)
        body.append(ByteBuffer(bytes: [2]), at: 2)
        #expect(bytes(body) == [1, 2])
        #expect(body.arrivals == [.init(end: 1, at: 1), .init(end: 2, at: 2)])
    }
}
