import FoundationEssentials
import Interactions
import Store
import Testing

@testable import steno

@Suite struct StoreReceiptsTests {
    private let at = Timestamp(microseconds: 1_800_000_000_000_000)

    @Test("What was redacted is told by rule, and what sinks have already")
    func redaction() {
        var receipt = RedactionReceipt(at: at, isDryRun: false)
        receipt.examined = 9
        receipt.changed = 2
        receipt.rules = ["email": 3, "field:password": 1]
        receipt.delivered = ["log": 2]
        receipt.isScrubbed = true
        #expect(
            receipt.text == """
                9 interactions examined, 2 changed
                  email  3
                  field:password  1
                2 had been sent to the sink log: what is there is not changed
                """)
        #expect(receipt.json["rules"] == ["email": 3, "field:password": 1])
        #expect(receipt.json["at"] == "2027-01-15T08:00:00.000000Z")
        #expect(receipt.json["thread"] == nil)
    }

    @Test("A trial says what would be")
    func trial() {
        var receipt = RedactionReceipt(at: at, isDryRun: true)
        (receipt.examined, receipt.changed) = (1, 1)
        #expect(receipt.text.hasPrefix("1 interaction examined, 1 would be changed"))
        #expect(receipt.json["dry_run"] == true && receipt.json["scrubbed"] == nil)
    }

    @Test("What was erased is told by id and numbers, and what stays because others hold it")
    func erasure() throws {
        var receipt = ErasureReceipt(at: at)
        let id = try #require(UUID(uuidString: "ab12cd34-0000-7000-8000-000000000001"))
        receipt.selection = .interaction(id)
        receipt.erasure.interactions = 1
        receipt.erasure.bytes = 700
        receipt.erasure.sharedParts = 2
        receipt.erasure.undelivered = ["log": 1]
        (receipt.traces.tombstones, receipt.traces.running, receipt.traces.reactions) = (1, 2, 3)
        receipt.isScrubbed = false
        #expect(
            receipt.text == """
                1 interaction erased, 700 bytes
                2 pieces of what they held stay: other interactions hold them too
                1 dropped exchange forgotten
                3 reactions taken back
                2 exchanges still running: recorded at the end, to be erased then
                1 will never be sent to the sink log
                somebody is reading the store: its log could not be emptied, try again
                """)
        #expect(receipt.json["selected_by"] == "interaction" && receipt.json["selected"]?.string == id.text)
        #expect(receipt.json["never_delivered"] == ["log": 1] && receipt.json["scrubbed"] == false)
        #expect(receipt.json["tombstones"] == 1 && receipt.json["running"] == 2 && receipt.json["reactions"] == 3)
    }
}
