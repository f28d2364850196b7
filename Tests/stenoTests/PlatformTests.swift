import FoundationEssentials
import Testing

@testable import steno

@Suite struct PlatformTests {
    @Test(
        "A list of cores is counted",
        arguments: [("\t0-3,8", 5), ("\t1", 1), ("0-0", 1), ("0-1,4-5\n", 4), ("", 0), ("x", 0), ("3-1", 0)])
    func cores(_ list: String, _ count: Int) {
        #expect(Platform.cores(inList: list[...]) == count)
    }

    @Test("There is a core to run on")
    func usableCores() {
        #expect(Platform.usableCores >= 1)
    }

    @Test(
        "Memory that was used and freed is given back",
        .disabled(
            if: ProcessInfo.processInfo.environment["ASAN_OPTIONS"] != nil,
            "AddressSanitizer's allocator keeps what is freed, to find who uses it")
    )
    func givesBack() {
        let before = Platform.residentBytes
        #expect(before > 1 << 20)
        do {
            // Each smaller than what malloc maps by itself.
            let blocks = (0..<8_000).map { [UInt8](repeating: UInt8(truncatingIfNeeded: $0), count: 32 << 10) }
            #expect(Platform.residentBytes > before + 64 << 20, "\(blocks.count)")
        }
        let used = Platform.residentBytes
        Platform.giveBackFreeHeap()
        #expect(Platform.residentBytes < used)
    }

    @Test("What the program never writes to can be forgotten, and comes back")
    func forgets() {
        let mappings = Platform.constantMappings
        #expect(mappings.count > 10)
        let before = Platform.residentBytes
        Platform.forget(mappings)
        #expect(Platform.residentBytes < before)
        #expect(Platform.constantMappings.count > 10)
    }
}
