import Synchronization

/// A part that a reload replaces. Whoever works with it takes it anew each time.
final class Current<Value: Sendable>: Sendable {
    private let box: Mutex<Value>

    init(_ value: Value) { box = Mutex(value) }

    var value: Value { box.withLock(\.self) }

    func replace(with value: Value) { box.withLock { $0 = value } }
}
