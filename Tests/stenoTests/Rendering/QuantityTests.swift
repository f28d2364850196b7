import Testing

@testable import steno

@Suite struct QuantityTests {
    @Test(
        "Durations are as long as they need to be",
        arguments: [
            (0.0, "0 ms"), (2.25, "2.3 ms"), (9.94, "9.9 ms"), (12.4, "12 ms"), (999, "999 ms"), (1234, "1.2 s"),
            (2000, "2 s"),
            (59_900, "59.9 s"), (61_000, "1 m 01 s"), (600_000, "10 m 00 s"),
        ])
    func duration(_ milliseconds: Double, _ text: String) {
        #expect(Quantity.duration(milliseconds: milliseconds) == text)
    }

    @Test("Times lose what nobody reads")
    func times() {
        #expect(Quantity.time("2026-11-21T11:31:02.793123Z") == "2026-11-21 11:31:02")
        #expect(Quantity.minute("2026-11-21T11:31:02.793123Z") == "11-21 11:31")
        #expect(Quantity.clock("2026-11-21T11:31:02.793123Z") == "11:31:02.793")
        #expect(Quantity.clock("") == "")
    }

    @Test("Counts have commas", arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567")])
    func grouped(_ count: Int, _ text: String) {
        #expect(Quantity.grouped(count) == text)
    }

    @Test(
        "Bytes are told in units of 1024",
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (1_258_291, "1.2 MiB"), (1 << 40, "1 TiB"),
            (1_073_700_000, "1 GiB"),
        ])
    func bytes(_ count: Int, _ text: String) {
        #expect(Quantity.bytes(count) == text)
    }
}
