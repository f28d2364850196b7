import FoundationEssentials
import Interactions
import Store

/// Puts events together with what belongs to them.
struct EventReader: Sendable {
    let store: Store
    /// Whose reactions are one's own.
    let person: String

    func page(_ query: EventQuery, nested: Bool) throws(StoreError) -> JSON {
        let page = try store.events(query)
        let end = nested ? query.end : nil
        let details = try details(page.events, nested: nested, until: end, incomplete: query.includesIncomplete)
        let before = (query.page - 1).multipliedReportingOverflow(by: query.size)
        let isBeyond = before.overflow || before.partialValue >= page.total
        return [
            "items": .array(details.map(\.json)),
            "meta": [
                "total": .int(page.total),
                "has_next": .bool(!isBeyond && page.total - before.partialValue > query.size),
                "has_previous": .bool(query.page > 1 && page.total > 0),
                "page": .int(query.page),
            ],
        ]
    }

    func detail(of id: UUID, nested: Bool) throws(StoreError) -> EventDetail? {
        guard let event = try store.event(id: id) else { return nil }
        return try details([event], nested: nested, until: nil, incomplete: true).first
    }

    private func details(
        _ tops: [StoredEvent], nested: Bool, until end: Timestamp?, incomplete: Bool
    ) throws(StoreError) -> [EventDetail] {
        var events = tops
        if nested {
            let turns = Set(tops.compactMap(\.turnID))
            events = try store.events(inTurns: Array(turns), until: end).filter { $0.isComplete || incomplete }
        }
        let ids = Set(events.map(\.id)).union(tops.map(\.id))
        let missing = tops.filter { top in !events.contains { $0.id == top.id } }
        let receipts = Dictionary(grouping: try store.receipts(of: events + missing), by: \.eventID)
        let reactions = Dictionary(grouping: try store.reactions(to: Array(ids), person: person), by: \.eventID)
        let whole = try wholeTexts(of: events)
        func make(_ event: StoredEvent) -> EventDetail {
            EventDetail(
                event: event, text: whole[event.id] ?? event.text, reactions: reactions[event.id] ?? [],
                receipts: receipts[event.id] ?? [])
        }
        guard nested else { return tops.map(make) }
        return EventDetail.trees(tops, of: events, make: make)
    }

    /// Of those that the catalogue has cut, from the interactions themselves.
    private func wholeTexts(of events: [StoredEvent]) throws(StoreError) -> [UUID: String] {
        var texts: [UUID: String] = [:]
        for (interaction, cut) in Dictionary(grouping: events.filter(\.isCut), by: \.interactionID) {
            guard let stored = try store.interaction(id: interaction) else { continue }
            let drafts = CatalogueEntry(reading: stored).events
            for event in cut { texts[event.id] = drafts.first { $0.place == event.place }?.text }
        }
        return texts
    }
}
