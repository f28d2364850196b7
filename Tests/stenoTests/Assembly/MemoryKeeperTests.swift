import Testing

@testable import steno

@Suite struct MemoryKeeperTests {
    @Test(
        "What came into RAM or is free again may be given back",
        arguments: [
            (resident: 100, used: 50, 0), (resident: 107, used: 50, 7), (resident: 100, used: 41, 9),
            (resident: 107, used: 41, 9), (resident: 90, used: 70, -10),
        ])
    func held(_ resident: Int, _ used: Int, _ bytes: Int) {
        let held = HeldMemory(resident: resident, used: used)
        #expect(held.mayBeGivenBack(since: HeldMemory(resident: 100, used: 50)) == bytes)
    }
}
