import Interactions
import NIOCore
import Testing

@Suite struct DecodedBodyTests {
    @Test(
        "A byte came with the first piece that holds it",
        arguments: [(0, 10), (2, 10), (3, 20), (4, 20), (5, 40), (6, 40), (7, nil)] as [(Int, Int64?)])
    func arrival(_ offset: Int, _ mark: Int64?) {
        let body = DecodedBody(
            bytes: ByteBuffer(string: "abcdefg"),
            arrivals: [.init(end: 3, at: 10), .init(end: 5, at: 20), .init(end: 5, at: 30), .init(end: 7, at: 40)])
        #expect(body.arrival(of: offset) == mark)
    }

    @Test("Without arrivals nothing is known")
    func none() {
        #expect(DecodedBody(bytes: ByteBuffer(bytes: [1])).arrival(of: 0) == nil)
    }
}
