import Interactions

/// A `multipart/form-data` body (RFC 7578): fields as strings, files as `{filename, media_type, sha256, bytes}`. A name
/// that comes several times gets a list.
struct MultipartForm {
    let json: JSON

    /// `nil` where the body holds no part.
    /// - Parameter contentType: the header's value, which names the boundary.
    init?(_ bytes: [UInt8], contentType: String, isTruncated: Bool) {
        guard let boundary = Self.parameter("boundary", in: contentType), !boundary.isEmpty else { return nil }
        var form = JSON.Object()
        for part in Self.parts(of: bytes, boundary: boundary) {
            guard let (name, value) = Self.field(part, isWhole: !(isTruncated && part.endIndex == bytes.endIndex))
            else { continue }
            guard let index = form.index(of: name) else {
                form.members.append(JSON.Member(name, value))
                continue
            }
            let old = form.members[index].value
            form.members[index].value = .array((old.array ?? [old]) + [value])
        }
        if form.isEmpty { return nil }
        json = .object(form)
    }

    /// What stands between the delimiters (RFC 2046 §5.1.1); a last part without one reaches to the end.
    private static func parts(of bytes: [UInt8], boundary: String) -> [ArraySlice<UInt8>] {
        let delimiter = Array("--\(boundary)".utf8)
        var parts: [ArraySlice<UInt8>] = []
        var start: Int?
        for at in lines(of: delimiter, in: bytes) {
            if let start { parts.append(bytes[start..<max(start, at.lowerBound)]) }
            start = bytes[at.upperBound...].starts(with: "--".utf8) ? nil : at.upperBound
        }
        if let start { parts.append(bytes[start...]) }
        return parts
    }

    /// Where a line begins with the delimiter, the line end before it included.
    private static func lines(of delimiter: [UInt8], in bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        let span = bytes.span
        var at = 0
        while at + delimiter.count <= span.count {
            guard span[at] == UInt8(ascii: "-"), at == 0 || span[at - 1] == UInt8(ascii: "\n"),
                delimiter.indices.allSatisfy({ span[at + $0] == delimiter[$0] })
            else {
                at += 1
                continue
            }
            var start = at
            if start > 0 { start -= 1 }
            if start > 0, span[start - 1] == UInt8(ascii: "\r") { start -= 1 }
            found.append(start..<(at + delimiter.count))
            at += delimiter.count
        }
        return found
    }

    /// - Parameter part: from behind its delimiter, headers first.
    private static func field(_ part: ArraySlice<UInt8>, isWhole: Bool) -> (name: String, value: JSON)? {
        var rest = part
        var disposition: String?
        var mediaType: String?
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            var line = rest[rest.startIndex..<end]
            rest = rest[(end + 1)...]
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if line.isEmpty {
                // The first line is what is left of the delimiter's own.
                if disposition != nil || mediaType != nil { break }
                continue
            }
            let text = String(decoding: line, as: UTF8.self)
            let name = text.prefix { $0 != ":" }
            let value = String(text.dropFirst(name.count + 1)).trimmed
            switch name.lowercased() {
            case "content-disposition": disposition = value
            case "content-type": mediaType = value
            default: break
            }
        }
        guard let disposition, let name = parameter("name", in: disposition) else { return nil }
        return (name, value(Array(rest), parameter("filename", in: disposition), mediaType, isWhole: isWhole))
    }

    private static func value(_ bytes: [UInt8], _ file: String?, _ mediaType: String?, isWhole: Bool) -> JSON {
        if file == nil {
            let text = String(validating: bytes, as: UTF8.self)
            if mediaType?.hasPrefix("application/json") == true, let json = text.flatMap({ try? JSON(parsing: $0) }) {
                return json
            }
            if let text { return .string(text) }
        }
        return .object([
            "filename": file.map { .string($0) }, "media_type": mediaType.map { .string($0) },
            "sha256": isWhole ? .string(Digest.hex(Digest.sha256(bytes))) : nil, "bytes": .int(bytes.count),
            "truncated": isWhole ? nil : true,
        ])
    }

    /// `…; name="value"; name=value`. Browsers write a quote inside as `%22`, others with a backslash.
    static func parameter(_ wanted: String, in header: String) -> String? {
        var rest = Substring(header)
        while let semicolon = rest.firstIndex(of: ";") {
            rest = rest[semicolon...].dropFirst().drop { $0 == " " || $0 == "\t" }
            let name = rest.prefix { $0 != "=" && $0 != ";" }
            rest = rest[name.endIndex...]
            guard rest.first == "=" else { continue }
            rest = rest.dropFirst()
            var value = ""
            if rest.first == "\"" {
                rest = rest.dropFirst()
                while let character = rest.popFirst(), character != "\"" {
                    if character == "\\", let next = rest.first, next == "\"" || next == "\\" {
                        value.append(rest.removeFirst())
                    } else {
                        value.append(character)
                    }
                }
            } else {
                value = String(rest.prefix { $0 != ";" }).trimmed
            }
            if name.lowercased() == wanted { return value }
        }
        return nil
    }
}
