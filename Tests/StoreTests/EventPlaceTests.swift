import FoundationEssentials
import Interactions
import Testing

@testable import Store

@Suite struct EventPlaceTests {
    @Test(
        "An event's id is that of its interaction and its name",
        arguments: [
            (EventPlace(.question), "question"), (EventPlace(.toolResult, index: 2), "tool_result/2"),
            (EventPlace(.reasoning), "reasoning"), (EventPlace(.retrieval), "retrieval/0"),
            (EventPlace(.words), "words"), (EventPlace(.toolCall, index: 17), "tool_call/17"),
            (EventPlace(.answer), "answer"),
        ])
    func ids(_ place: EventPlace, name: String) {
        let interaction = UUID.v7()
        #expect(place.id(in: interaction) == .v5(namespace: interaction, name: name))
        #expect(EventPlace(number: place.number) == place)
    }

    @Test("Places are in the order of a turn, and beyond the last there is none")
    func order() {
        let numbers = EventPlace.Part.allCases.flatMap { part in
            [0, 1, EventPlace.lastIndex].map { EventPlace(part, index: $0).number }
        }
        #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
        #expect(EventPlace(number: (numbers.last ?? 0) + 1) == nil && EventPlace(number: -1) == nil)
    }
}
