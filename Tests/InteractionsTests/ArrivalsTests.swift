import Testing

@testable import Interactions

@Suite struct ArrivalsTests {
    private func arrivals(_ count: Int) -> [Exchange.Arrival] {
        (0..<count).map { Exchange.Arrival(end: $0 + 1, at: Int64($0) * 10) }
    }

    @Test("Arrivals are what was appended, in order", arguments: [0, 1, 2, 3, 200])
    func order(count: Int) {
        let list = Exchange.Arrivals(arrivals(count))
        #expect(Array(list) == arrivals(count))
        #expect(list.count == count && list.isEmpty == (count == 0))
        #expect(list.last == arrivals(count).last)
        #expect(list.indices.map { list[$0] } == arrivals(count))
    }

    @Test("Arrivals are alike where they hold the same")
    func equality() {
        #expect(Exchange.Arrivals(arrivals(2)) == [.init(end: 1, at: 0), .init(end: 2, at: 10)])
        #expect(Exchange.Arrivals(arrivals(1)) != Exchange.Arrivals(arrivals(2)))
        #expect(Exchange.Arrivals() == [])
    }
}
