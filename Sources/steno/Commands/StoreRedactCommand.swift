import ArgumentParser
import Console
import FoundationEssentials
import Interactions
import Redaction
import Store

struct StoreRedactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redact",
        abstract: "Run today's redaction rules over what is stored. Sinks keep what they were sent.")

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: "Of this thread only: its id, or the beginning of it.")
    var thread: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "What started since: how long ago (30m, 2h, 7d), or a time (2026-11-21T10:24Z).", valueName: "time"))
    var since: String?

    @Flag(name: .long, help: "Change nothing; tell what would be.")
    var dryRun = false

    @Flag(
        name: .long, inversion: .prefixedNo,
        help: "Write the file anew, so that nothing of what was taken out lies in its free pages.")
    var scrub = true

    func run() throws {
        let configuration = try options.require()
        let redactors = try configuration.makeRedactors()
        let store = dryRun ? try options.openStore() : try options.openStoreForWriting()
        var receipt = RedactionReceipt(at: .now, isDryRun: dryRun)
        receipt.since = try since.map { try Self.time($0) }
        receipt.thread = try thread.map { try StoreSelection.id($0, .thread, in: store) }
        let sequences = try reading { () throws(StoreError) in
            try store.sequences(inThread: receipt.thread, since: receipt.since)
        }
        if !dryRun { try patiently { () throws(StoreError) in try store.beginErasing() } }
        let selection = StoreSelection(store: store, sequences: sequences)
        try selection.forEachBatch("redacted") { batch in
            var changes: [(sequence: Int64, interaction: Interaction)] = []
            for stored in batch {
                receipt.examined += 1
                guard let changed = Self.redacted(stored, redactors, &receipt) else { continue }
                changes.append((stored.sequence, changed))
            }
            guard !changes.isEmpty else { return }
            if dryRun {
                receipt.changed += changes.count
            } else {
                receipt.changed += try patiently { () throws(StoreError) in try store.rewrite(changes) }
            }
            let delivered = try patiently { () throws(StoreError) in try store.delivered(changes.map(\.sequence)) }
            receipt.delivered.merge(delivered, uniquingKeysWith: +)
        }
        if !dryRun, scrub, receipt.changed > 0 {
            receipt.isScrubbed = try patiently { () throws(StoreError) in try store.scrub() }
        }
        try? store.close()
        Output.line(output.json ? receipt.json.text : receipt.text)
        if receipt.unreadable > 0 || receipt.isScrubbed == false { throw ExitCode.failure }
    }

    /// `nil` where no rule has anything to do.
    private static func redacted(
        _ stored: StoredInteraction, _ redactors: Redactors, _ receipt: inout RedactionReceipt
    ) -> Interaction? {
        var reading = InteractionReading()
        guard stored.isIntact, let document = try? JSON(parsing: stored.v4),
            var interaction = reading.interaction(document, namespace: stored.id)
        else {
            receipt.unreadable += 1
            return nil
        }
        (interaction.id, interaction.threadID, interaction.turnID) = (stored.id, stored.threadID, stored.turnID)
        do {
            let (changed, receipts) = try redactors.redactor(ofRoute: stored.route).redact(interaction)
            guard !receipts.isEmpty else { return nil }
            for entry in receipts { receipt.rules[entry.kind, default: 0] += entry.count }
            return changed
        } catch {
            receipt.withheld += 1
            return interaction.withheld
        }
    }

    private static func time(_ text: String) throws -> Timestamp {
        if let ago = ValueText.duration(text) {
            return Timestamp.now.advanced(byNanoseconds: -ago.components.seconds * 1_000_000_000)
        }
        guard let time = Timestamp(rfc3339: text) else {
            throw ValidationError("`\(text.oneLine)` is neither how long ago (30m, 2h, 7d) nor a time")
        }
        return time
    }
}
