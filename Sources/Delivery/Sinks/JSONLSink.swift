import Dispatch
package import Store

/// One interaction a line, as v4 JSON, into a file or on standard output. In the order of recording.
package struct JSONLSink: Sink {
    package let name: String
    package let concurrency = 1
    package let batch = BatchLimits(count: 1000, bytes: 8 << 20, keepsOrder: true)
    private let write: @Sendable ([UInt8]) throws(AppendFile.Failure) -> Void
    private let queue: DispatchQueue

    /// - Parameter path: `-` is standard output.
    package init(name: String, path: String, rotation: LineFile.Rotation = .init()) {
        if path == "-" {
            self.init(name: name) { lines throws(AppendFile.Failure) in try AppendFile.standardOutput.append(lines) }
        } else {
            let file = LineFile(path: path, rotation: rotation)
            self.init(name: name) { lines throws(AppendFile.Failure) in try file.append(lines) }
        }
    }

    init(name: String, write: @escaping @Sendable ([UInt8]) throws(AppendFile.Failure) -> Void) {
        self.name = name
        self.write = write
        queue = DispatchQueue(label: "steno.sink.\(name)")
    }

    package func deliver(_ batch: [PendingInteraction]) async -> Verdict {
        var lines: [UInt8] = []
        lines.reserveCapacity(batch.reduce(0) { $0 + $1.v4.count + 1 })
        for interaction in batch {
            lines.append(contentsOf: interaction.v4)
            lines.append(0x0A)
        }
        // Who reads standard output may have stopped reading: then the write stays behind when the shipper ends.
        let (verdicts, verdict) = AsyncStream<Verdict>.makeStream()
        queue.async { [write, lines] in
            do throws(AppendFile.Failure) {
                try write(lines)
                verdict.yield(.delivered)
            } catch {
                verdict.yield(.retry(cause: error.cause))
            }
            verdict.finish()
        }
        for await verdict in verdicts { return verdict }
        return .retry(cause: "cancelled")
    }
}
