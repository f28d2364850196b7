/// Images, audio and files inside JSON, replaced by `{sha256, bytes, media_type}` of what they decode to.
package enum Media {
    package static func digested(_ json: JSON) -> JSON {
        // Nearly all hold none, which is found much faster than what to put in its place.
        mayBe(in: json) ? replacement(for: json, under: "") ?? json : json
    }

    private static func mayBe(in json: JSON) -> Bool {
        switch json {
        case .array(let items):
            let items = items.span
            for index in items.indices where mayBe(in: items[index]) { return true }
        case .object(let object):
            let members = object.members.span
            for index in members.indices {
                if isName[Int(members[index].nameNumber)], case .string = members[index].value { return true }
                if mayBe(in: members[index].value) { return true }
            }
        case .string(let text): return mayBeDataURL(text)
        case .null, .bool, .number, .malformedString: break
        }
        return false
    }

    /// Of the `CommonNames`, by their numbers: whether base64 may stand there.
    private static let isName = [false] + CommonNames.all.map { names.contains($0) }
    private static let names = ["data", "b64_json", "partial_image_b64", "file_data", "bytes", "result"]

    /// `nil` where there is nothing to replace, so that nothing is copied.
    private static func replacement(for json: JSON, under name: String) -> JSON? {
        switch json {
        case .array(let items):
            var changed: [JSON]?
            for index in items.indices {
                guard let new = replacement(for: items[index], under: name) else { continue }
                changed = changed ?? items
                changed?[index] = new
            }
            return changed.map { .array($0) }
        case .object(let object):
            var changed: JSON.Object?
            for index in object.members.indices {
                guard let new = replacement(at: index, in: object, under: name) else { continue }
                changed = changed ?? object
                changed?.members[index].value = new
            }
            return changed.map { .object($0) }
        case .string(let text): return dataURL(text)
        default: return nil
        }
    }

    private static func replacement(at index: Int, in object: JSON.Object, under name: String) -> JSON? {
        switch object.members[index].value {
        case .string(let text):
            if let digest = dataURL(text) { return digest }
            guard let type = mediaType(of: object.members[index].name, in: object, under: name),
                let bytes = Base64.decode(text)
            else { return nil }
            return .digest(of: bytes, mediaType: type.isEmpty ? nil : type)
        case .array, .object: return replacement(for: object.members[index].value, under: object.members[index].name)
        default: return nil
        }
    }

    /// What the vendors call base64 content; `""` where they leave its type unsaid, `nil` for any other member.
    private static func mediaType(of member: String, in object: JSON.Object, under name: String) -> String? {
        switch Word(member) {
        case "data":
            if let type = object["media_type"] ?? object["mimeType"] ?? object["mime_type"] { return type.string }
            if object["type"] == "base64" { return "" }
            guard name == "input_audio" || name == "audio" else { return nil }
            return object["format"]?.string.map { "audio/\($0)" } ?? "audio"
        case "b64_json", "partial_image_b64": return "image"
        case "file_data": return ""
        // Bedrock's images, videos and documents.
        case "bytes" where name == "source": return ""
        case "result" where object["type"] == "image_generation_call":
            return "image/\(object["output_format"]?.string ?? "png")"
        default: return nil
        }
    }

    @inline(__always)
    private static func mayBeDataURL(_ text: String) -> Bool {
        text.utf8.count > 12 && text.utf8.first == UInt8(ascii: "d")
    }

    /// RFC 2397, the base64 form.
    private static func dataURL(_ text: String) -> JSON? {
        guard mayBeDataURL(text), text.utf8.starts(with: "data:".utf8),
            let comma = text.utf8.firstIndex(of: UInt8(ascii: ",")),
            text[..<comma].hasSuffix(";base64"), let bytes = Base64.decode(text[text.utf8.index(after: comma)...])
        else { return nil }
        let type = text[..<comma].dropFirst("data:".count).prefix { $0 != ";" }
        return .digest(of: bytes, mediaType: type.isEmpty ? nil : String(type))
    }
}

/// Base64 (RFC 4648 §4) as peers send it: padded or not, with line breaks, in several padded pieces behind one another
/// (audio deltas), and in the URL-safe alphabet.
package enum Base64 {
    /// `nil` for any other byte, and for nothing at all.
    package static func decode(_ text: String) -> [UInt8]? { decode(text[...]) }

    package static func decode(_ text: Substring) -> [UInt8]? {
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count / 4 * 3)
        var bits: UInt32 = 0
        var count = 0
        for byte in text.utf8 {
            let value: UInt8
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
            case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
            case UInt8(ascii: "="):
                count = 0
                bits = 0
                continue
            case 0x20, 0x09, 0x0A, 0x0D: continue
            default: return nil
            }
            bits = bits << 6 | UInt32(value)
            count += 1
            // A byte is written as soon as its bits are there, so that padding has nothing left to tell.
            if count > 1 { out.append(UInt8(truncatingIfNeeded: bits >> (count == 2 ? 4 : count == 3 ? 2 : 0))) }
            if count == 4 {
                count = 0
                bits = 0
            }
        }
        return out.isEmpty ? nil : out
    }
}

extension Swift.Span<UInt8> {
    /// Whether base64 could be of these bytes, as JSON strings hold it: line breaks are escaped there.
    package var isBase64: Bool {
        for index in indices {
            switch self[index] {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: "="), UInt8(ascii: "\\"):
                continue
            default: return false
            }
        }
        return true
    }
}

extension JSON {
    /// What stands in the place of bytes that are not kept.
    package static func digest(of bytes: [UInt8], mediaType: String?, coding: String? = nil) -> JSON {
        .object([
            "sha256": .string(Digest.hex(Digest.sha256(bytes))), "bytes": .int(bytes.count),
            "media_type": mediaType.map { .string($0) }, "content_encoding": coding.map { .string($0) },
        ])
    }
}
