import Interactions
import Testing

@Suite struct CaptureBudgetTests {
    @Test("What would pass the limit is refused, and nothing of it is taken")
    func limit() {
        let budget = CaptureBudget(limit: 10)
        #expect(budget.take(7))
        #expect(!budget.take(4))
        #expect(budget.usedBytes == 7)
        #expect(budget.take(3))
        #expect(!budget.take(1))
        budget.giveBack(10)
        #expect(budget.usedBytes == 0)
        #expect(budget.take(10))
    }

    @Test("Takers and givers at once leave the sum right")
    func concurrent() async {
        let budget = CaptureBudget(limit: 1000)
        await withTaskGroup(of: Void.self) { tasks in
            for size in 1...8 {
                tasks.addTask {
                    for _ in 0..<2000 where budget.take(size * 100) { budget.giveBack(size * 100) }
                }
            }
        }
        #expect(budget.usedBytes == 0)
    }
}
