/// Items in the order in which they were put, for whoever awaits them.
struct Mailbox<Item: Sendable>: Sendable {
    private let stream: AsyncStream<Item>
    private let continuation: AsyncStream<Item>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func put(_ item: Item) { continuation.yield(item) }

    /// Throws where the waiting task is cancelled.
    func take() async throws -> Item {
        for await item in stream { return item }
        throw CancellationError()
    }

    /// What nobody has taken; nothing more goes in.
    func rest() async -> [Item] {
        continuation.finish()
        return await stream.reduce(into: []) { $0.append($1) }
    }
}
