import Interactions

/// Makes marks with a key that only this store has: HMAC-SHA-256, cut to 128 bits; of what is long, of the sums of its
/// blocks, which are made many times as fast.
package struct ThreadKey: Sendable {
    private let key: Digest.MessageKey
    private let blocks: BlockKey
    private static let longest = 256
    /// Where a `Kind` stands in front of content. The number that follows tells parts of the block key apart.
    private static let (ofSums, ofKeys): (UInt8, UInt8) = (255, 254)

    package init(_ bytes: [UInt8]) {
        let key = Digest.MessageKey(bytes)
        let parts = (0...BlockKey.size / 32).map { key.code(of: key.beginning + [Self.ofKeys, UInt8($0)]) }
        self.key = key
        blocks = BlockKey(Array(parts.joined().prefix(BlockKey.size)))
    }

    enum Kind: UInt8 {
        case conversation = 1
        case response
        case toolCall
    }

    func mark(_ kind: Kind, _ content: [UInt8], in scope: [UInt8]) -> ThreadMark {
        mark(of: beginning(kind, in: scope) + content)
    }

    /// What stands before the content of marks of this kind.
    func beginning(_ kind: Kind, in scope: [UInt8]) -> [UInt8] {
        var all = key.beginning
        all.reserveCapacity(all.count + 1 + scope.count)
        all.append(kind.rawValue)
        all += scope
        return all
    }

    /// - Parameter message: content with its `beginning`.
    func mark(of message: [UInt8]) -> ThreadMark {
        let beginning = key.beginning.count
        guard message.count > beginning + Self.longest else { return ThreadMark(half: key.half(of: message.span)) }
        var sums: [UInt8] = []
        sums.reserveCapacity(beginning + 1 + BlockKey.sumsSize(of: message.count - beginning))
        sums.append(copying: key.beginning.span)
        sums.append(Self.ofSums)
        blocks.appendSums(of: message.span.extracting(beginning...), to: &sums)
        return ThreadMark(half: key.half(of: sums.span))
    }

    /// What keeps apps apart that share nothing but their words: the route, and who pays. Goes into marks and nowhere else.
    static func scope(route: String, headers: [HeaderField], target: String) -> [UInt8] {
        var scope: [UInt8] = []
        scope.reserveCapacity(256)
        scope.append(copying: route.utf8.span)
        for field in headers {
            switch field.name.utf8.count {
            case 13 where field.name.begins(with: "authorization"), 9 where field.name.begins(with: "x-api-key"),
                7 where field.name.begins(with: "api-key"), 14 where field.name.begins(with: "x-goog-api-key"):
                scope.append(0)
                scope.append(copying: credential(field.value).utf8.span)
            default: break
            }
        }
        // Gemini's key may stand in the URL.
        if let query = target.tail(behind: "?") {
            for pair in query.utf8.split(separator: UInt8(ascii: "&")) where pair.starts(with: "key=".utf8) {
                scope.append(0)
                scope += pair
            }
        }
        scope.append(0)
        return scope
    }

    /// AWS signs each request anew; who signs stands before the first slash.
    private static func credential(_ value: String) -> String {
        guard value.hasPrefix("AWS4-") else { return value }
        return value.tail(behind: "Credential=").map { String($0.prefix { $0 != "/" }) } ?? value
    }
}
