import NIOCore
import NIOHPACK

extension RequestHead {
    /// What an HTTP/2 request would be in HTTP/1.1 (RFC 9113 §8.3.1, §8.2.3): `:authority` as the Host field, cookie crumbs
    /// in one line, all else in its order and as it came. `endsStream`: there is no body.
    ///
    /// The library has seen to it that names are lower case, that pseudo-fields are those of a request and come first, and
    /// that no field belongs to the connection.
    init(_ headers: HPACKHeaders, endsStream: Bool, limits: RequestParser.Limits) throws(Refusal) {
        var pseudo: [String: String] = [:]
        var bytes = ByteBuffer()
        var hosts: [String] = []
        var cookies: [String] = []
        var cookiePlace: Int?
        var fieldCount = 0
        for (name, value, _) in headers {
            if name.hasPrefix(":") {
                pseudo[name] = value
                continue
            }
            // RFC 9113 §8.2.1, which RFC 9112 would have trimmed.
            let edges = [value.utf8.first, value.utf8.last]
            guard !edges.contains(0x20), !edges.contains(0x09) else { throw .badField }
            fieldCount += 1
            guard fieldCount <= limits.headerCount else { throw .tooMany }
            switch name {
            case "host": hosts.append(value)
            case "cookie":
                if cookiePlace == nil { cookiePlace = bytes.writerIndex }
                cookies.append(value)
            default: bytes.writeString("\(name): \(value)\r\n")
            }
            guard bytes.readableBytes <= limits.headerBytes else { throw .tooLarge }
        }
        let method = pseudo[":method"] ?? ""
        let authority = pseudo[":authority"]
        let target = method == "CONNECT" ? authority ?? "" : pseudo[":path"] ?? ""
        guard method.utf8.allSatisfy(Bytes.isToken), target.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }),
            method == "CONNECT" || target.hasPrefix("/") || method == "OPTIONS" && target == "*"
        else { throw .badRequestLine }
        // RFC 9113 §8.3.1: a Host field that says something else makes the request malformed.
        guard hosts.count <= 1, authority == nil || hosts.isEmpty || hosts == [authority] else { throw .badHost }
        var lines = ByteBuffer()
        if let host = authority ?? hosts.first { lines.writeString("host: \(host)\r\n") }
        let place = cookiePlace ?? bytes.writerIndex
        if let before = bytes.readSlice(length: place) { lines.writeImmutableBuffer(before) }
        if !cookies.isEmpty { lines.writeString("cookie: \(cookies.joined(separator: "; "))\r\n") }
        lines.writeImmutableBuffer(bytes)
        guard lines.readableBytes + method.utf8.count + target.utf8.count <= limits.headerBytes else { throw .tooLarge }
        // Fewer than were counted: crumbs have become one, the authority a field.
        try self.init(
            method: method, target: target, lines: lines, endsStream: endsStream,
            maximumFieldCount: limits.headerCount + 1)
    }
}
