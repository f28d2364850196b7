extension Detector {
    enum Alphabet: String {
        case any = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        case lower = "abcdefghijklmnopqrstuvwxyz0123456789"
        case upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
        case hex = "0123456789abcdef"
        case digits = "123456789"
    }

    /// The random-looking part of an example, the same at every start: examples hold no token that ever was one.
    static func sample(_ count: Int, _ alphabet: Alphabet = .any) -> String {
        let letters = Array(alphabet.rawValue)
        var state = UInt64(count) &* 0x9E37_79B9_7F4A_7C15
        return String(
            (0..<count).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return letters[Int(state >> 33) % letters.count]
            })
    }
}
