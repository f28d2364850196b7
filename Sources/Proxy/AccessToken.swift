import Interactions
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
            if span.extracting(field.value).isSame(as: bytes.span) { isRight = true }
        }
        return isRight
    }
}
