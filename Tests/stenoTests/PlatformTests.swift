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
    func givesBack() async {
        // In a process of its own: what other tests take and free is more.
        await #expect(processExitsWith: .success) {
            Platform.limitFreeHeap()
            let before = Platform.residentBytes
            #expect(before > 1 << 20)
            // By itself malloc would keep twice as much from now on.
            #expect([UInt8](repeating: 1, count: 24 << 20).last == 1)
            let used: HeldMemory
            do {
                // Each smaller than what malloc maps by itself.
                let blocks = (0..<1_300).map { [UInt8](repeating: UInt8(truncatingIfNeeded: $0), count: 32 << 10) }
                used = HeldMemory()
                #expect(used.resident > before + 32 << 20, "\(blocks.count)")
            }
            #expect(Platform.usedHeapBytes < used.used - 32 << 20)
            Platform.giveBackFreeHeap()
            #expect(Platform.residentBytes < used.resident - 32 << 20)
        }
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
