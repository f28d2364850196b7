import ServiceLifecycle
import Synchronization

/// The shippers of all sinks. Which there are may change while they run.
package final class Shippers: Service {
    /// A sink's shippers, one after another: the next begins when the one before has ended, so that no two of them ship
    /// the same.
    private struct Line {
        /// `nil`: the sink was taken out; it may come back.
        var current: Shipper?
        let successors: AsyncStream<Shipper>.Continuation
    }

    private struct State {
        /// By the sink's name.
        var lines: [String: Line] = [:]
        var isEnding = false
    }

    private let state = Mutex(State())
    private let lines: AsyncStream<AsyncStream<Shipper>>
    private let opened: AsyncStream<AsyncStream<Shipper>>.Continuation

    package init(_ shippers: [Shipper] = []) {
        (lines, opened) = AsyncStream.makeStream()
        replace(with: shippers)
    }

    package var current: [Shipper] { state.withLock { $0.lines.values.compactMap(\.current) } }

    /// Something was recorded. From any thread; never blocks.
    package func wake() {
        for shipper in current { shipper.wake() }
    }

    /// All begin again with what is pending from the first on: older interactions have come into the store.
    package func restart() { replace(with: current.map { $0.successor() }) }

    /// Shippers that run already go on; others end, and those that are new begin. What a sink that is gone still had to
    /// get stays pending in the store.
    package func replace(with shippers: [Shipper]) {
        state.withLock { state in
            guard !state.isEnding else { return }
            let names = Set(shippers.map(\.name))
            for name in state.lines.keys where !names.contains(name) {
                state.lines[name]?.current?.stop()
                state.lines[name]?.current = nil
            }
            for shipper in shippers {
                let line = state.lines[shipper.name] ?? open()
                if line.current === shipper { continue }
                line.current?.stop()
                line.successors.yield(shipper)
                state.lines[shipper.name] = Line(current: shipper, successors: line.successors)
            }
        }
    }

    /// Ships until shutdown, and then as long as each shipper does.
    package func run() async throws {
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                for await line in lines {
                    group.addTask {
                        for await shipper in line { try? await shipper.run() }
                    }
                }
            }
        } onGracefulShutdown: {
            self.end()
        }
    }

    private func open() -> Line {
        let (stream, successors) = AsyncStream<Shipper>.makeStream()
        opened.yield(stream)
        return Line(current: nil, successors: successors)
    }

    private func end() {
        state.withLock { state in
            state.isEnding = true
            for line in state.lines.values { line.successors.finish() }
        }
        opened.finish()
    }
}
