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

    @Test("What is given back is still there when it is used")
    func givesBack() {
        Platform.giveBackFreeHeap()
        #expect(Platform.freeHeapBytes >= 0)
    }
}
