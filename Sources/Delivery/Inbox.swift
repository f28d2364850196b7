import Interactions
import NIOCore

/// What waits to be recorded, bounded by number and by captured bytes. When the bytes are too many, media give way, the
/// oldest first, then the oldest bodies; when the number is, what comes new is refused.
struct Inbox {
    enum Item: Sendable {
        /// Boxed: it is moved from place to place, and has some thirty fields that would be counted each time.
        indirect case exchange(Exchange)
        /// From the collector; somebody waits for its fate.
        case interaction(Interaction, Receipt)

        var capturedBytes: Int {
            if case .exchange(let exchange) = self { exchange.capturedBytes } else { 0 }
        }

        var isAwaited: Bool { if case .interaction = self { true } else { false } }
    }

    /// Told once: whether the interaction is durable.
    typealias Receipt = @Sendable (Bool) -> Void

    struct Offer {
        var isAccepted: Bool
        /// Captured bytes that are no longer held, for the budget.
        var releasedBytes: Int
    }

    let maximumCount: Int
    let maximumBytes: Int
    private(set) var bytes = 0
    /// For whose fate somebody waits.
    private(set) var awaited = 0
    private var items: CircularBuffer<Item> = []
    /// Those before it have no media left to give.
    private var firstWithMedia = 0
    /// Those before it have no bodies left to give.
    private var firstWithBody = 0

    init(maximumCount: Int, maximumBytes: Int) {
        self.maximumCount = maximumCount
        self.maximumBytes = maximumBytes
    }

    var count: Int { items.count }
    var isEmpty: Bool { items.isEmpty }

    mutating func offer(_ item: Item) -> Offer {
        guard items.count < maximumCount else {
            return Offer(isAccepted: false, releasedBytes: item.capturedBytes)
        }
        items.append(item)
        bytes += item.capturedBytes
        if item.isAwaited { awaited += 1 }
        var released = 0
        while bytes > maximumBytes, firstWithMedia < items.count {
            released += release(at: firstWithMedia) { $0.releaseMedia() }
            firstWithMedia += 1
        }
        while bytes > maximumBytes, firstWithBody < items.count {
            released += release(at: firstWithBody) { $0.releaseBodies(isTruncated: true) }
            firstWithBody += 1
        }
        return Offer(isAccepted: true, releasedBytes: released)
    }

    /// The oldest ones, with bodies of so many bytes at most; at least one, where there is one.
    mutating func take(count limit: Int, bytes limitBytes: Int) -> [Item] {
        var taken: [Item] = []
        var takenBytes = 0
        while taken.count < limit, let own = items.first?.capturedBytes, taken.isEmpty || own <= limitBytes - takenBytes
        {
            taken.append(items.removeFirst())
            takenBytes += own
        }
        bytes -= takenBytes
        awaited -= taken.count(where: \.isAwaited)
        firstWithMedia = max(0, firstWithMedia - taken.count)
        firstWithBody = max(0, firstWithBody - taken.count)
        return taken
    }

    /// Lets go of what came from the collector: whoever sent it still has it.
    mutating func takeReceipts() -> [Receipt] {
        var receipts: [Receipt] = []
        var kept: CircularBuffer<Item> = []
        var (keptWithoutMedia, keptWithoutBody) = (0, 0)
        for (index, item) in items.enumerated() {
            if case .interaction(_, let receipt) = item {
                receipts.append(receipt)
            } else {
                kept.append(item)
                if index < firstWithMedia { keptWithoutMedia += 1 }
                if index < firstWithBody { keptWithoutBody += 1 }
            }
        }
        items = kept
        awaited = 0
        (firstWithMedia, firstWithBody) = (keptWithoutMedia, keptWithoutBody)
        return receipts
    }

    private mutating func release(at offset: Int, _ body: (inout Exchange) -> Void) -> Int {
        let index = items.index(items.startIndex, offsetBy: offset)
        guard case .exchange(var exchange) = items[index], exchange.capturedBytes > 0 else { return 0 }
        let captured = exchange.capturedBytes
        body(&exchange)
        let released = captured - exchange.capturedBytes
        guard released > 0 else { return 0 }
        items[index] = .exchange(exchange)
        bytes -= released
        return released
    }
}
