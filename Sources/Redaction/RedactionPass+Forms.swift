import Interactions

/// What HTML forms and uploads send: `a=1&b=2` and `multipart/form-data` (RFC 7578). Names tell what values are.
extension RedactionPass {
    static func looksLikeForm(_ bytes: borrowing Span<UInt8>) -> Bool {
        guard let first = bytes.indices.first, bytes[first] == 95 || (bytes[first] | 0x20) &- 97 < 26 else {
            return false
        }
        // Most short texts hold nothing of the kind.
        if bytes.count < 64, bytes.index(of: UInt8(ascii: "&"), in: bytes.indices) == bytes.count { return false }
        var hasValue = false
        var isBehindFirst = false
        var hasNext = false
        for index in bytes.indices {
            switch bytes[index] {
            case 0...0x20, UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "{"),
                UInt8(ascii: "`"):
                return false
            case UInt8(ascii: "="):
                hasValue = true
                hasNext = hasNext || isBehindFirst
            case UInt8(ascii: "&"):
                guard hasValue else { return false }
                isBehindFirst = true
            case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "("):
                // A URL or code: what stands in front of the first value is a name.
                guard hasValue else { return false }
            default: break
            }
        }
        return hasNext
    }

    static func looksLikeMultipart(_ bytes: borrowing Span<UInt8>) -> Bool {
        guard bytes.count > 64, bytes[0] == UInt8(ascii: "-"), bytes[1] == UInt8(ascii: "-") else { return false }
        for index in 2..<min(256, bytes.count - 20) where bytes[index] == 0x0A {
            return (bytes[index + 1] | 0x20) == UInt8(ascii: "c") && (bytes[index + 9] | 0x20) == UInt8(ascii: "d")
        }
        return false
    }

    mutating func form(_ text: String, _ scope: PathScope) throws(RedactionError) -> String? {
        if Self.looksLikeMultipart(text.utf8.span) { return try multipart(text, scope) }
        return Self.looksLikeForm(text.utf8.span) ? parameters(text[...]) : nil
    }

    /// `nil` where nothing changes.
    mutating func parameters(_ text: Substring) -> String? {
        var isChanged = false
        let parameters = text.utf8.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false).map {
            parameter in
            let text = String(Substring(parameter))
            guard let new = self.parameter(text) else { return text }
            isChanged = true
            return new
        }
        return isChanged ? parameters.joined(separator: "&") : nil
    }

    mutating func multipart(_ text: String, _ scope: PathScope) throws(RedactionError) -> String? {
        let lineEnd = text.utf8.firstIndex(of: 0x0A) ?? text.endIndex
        let boundary = Array(text.utf8[..<lineEnd].filter { $0 != 0x0D })
        var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)[...]
        var out: [UInt8] = []
        var isChanged = false
        while let line = lines.popFirst() {
            out += line + [0x0A]
            guard line.starts(with: boundary) else { continue }
            var name: String?
            while let header = lines.popFirst() {
                let text = String(decoding: header, as: UTF8.self)
                let new = raw(text, after: nil, isValue: false)
                isChanged = isChanged || new != nil
                out += Array((new ?? text).utf8) + [0x0A]
                name = name ?? Self.fieldName(text)
                if header.isEmpty || header.elementsEqual([0x0D]) { break }
            }
            var content: [UInt8] = []
            while let next = lines.first, !next.starts(with: boundary) {
                content += next + [0x0A]
                lines.removeFirst()
            }
            let end = content.reversed().prefix { $0 == 0x0A || $0 == 0x0D }.count
            let value = String(decoding: content.dropLast(end), as: UTF8.self)
            let new = try field(value, name, scope)
            isChanged = isChanged || new != nil
            out += Array((new ?? value).utf8) + content.suffix(end)
        }
        out.removeLast()
        return isChanged ? String(decoding: out, as: UTF8.self) : nil
    }

    private mutating func field(_ value: String, _ name: String?, _ scope: PathScope) throws(RedactionError) -> String?
    {
        guard let name else { return try text(value, scope) }
        return try within(Self.step(name)) { pass throws(RedactionError) -> String? in
            if let verdict = pass.named(name, value, .nowhere) { return verdict }
            return try pass.text(value, named: pass.redactor.scanner.isTelling(name.utf8.span) ? name : nil, scope)
        }
    }

    /// Of `Content-Disposition: form-data; name="password"`.
    private static func fieldName(_ header: String) -> String? {
        guard header.lowercased().hasPrefix("content-disposition:"), let start = header.firstRange(of: " name=\"")
        else {
            return nil
        }
        return String(header[start.upperBound...].prefix { $0 != "\"" })
    }
}
