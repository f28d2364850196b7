import NIOCore

/// What a request must bring in `x-steno-token` where the listener asks for it.
struct AccessToken: Sendable {
    private static let name = FieldNames(["x-steno-token"])

    private let bytes: [UInt8]

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// How long it takes does not depend on how much of a value is right.
    func isBrought(by lines: FieldLines) -> Bool {
        let span = lines.bytes.readableBytesUInt8Span
        var isRight = false
        for field in lines.fields where Self.name.index(of: field.name, in: span) != nil {
            guard field.value.count == bytes.count else { continue }
            var difference: UInt8 = 0
            for (offset, byte) in bytes.enumerated() { difference |= byte ^ span[field.value.lowerBound + offset] }
            if difference == 0 { isRight = true }
        }
        return isRight
    }
}
