import CurlClient
import NIOCore
import NIOHPACK

extension ResponseRewriter {
    /// As `rewrite`, for HTTP/2. Field names become lower case, as RFC 9113 §8.2 demands; values that are no UTF-8 are
    /// mended, since the library knows strings only.
    func rewriteHTTP2(_ head: ResponseHead, adding fields: String) -> (headers: HPACKHeaders, framing: Framing)? {
        guard head.status != 101, let lines = try? FieldLines(head.lines, maximumCount: 4096),
            let framing = framing(head, lines)
        else { return nil }
        var headers = endToEnd(head, lines, dropsLength: dropsLength(head, framing))
        Self.add(fields, to: &headers)
        return (headers, framing)
    }

    /// As `rewriteInterim`, for HTTP/2.
    func rewriteInterimHTTP2(_ head: ResponseHead) -> HPACKHeaders? {
        guard head.status != 100, head.status != 101, let lines = try? FieldLines(head.lines, maximumCount: 4096) else {
            return nil
        }
        return endToEnd(head, lines, dropsLength: true)
    }

    /// Lines of Steno's own, another for each response: not worth a place in the app's table.
    static func add(_ fields: String, to headers: inout HPACKHeaders) {
        guard let lines = try? FieldLines(ByteBuffer(string: fields), maximumCount: 16) else { return }
        for field in lines.fields {
            headers.add(name: lines.text(field.name), value: lines.text(field.value), indexing: .nonIndexable)
        }
    }

    private func endToEnd(_ head: ResponseHead, _ lines: FieldLines, dropsLength: Bool) -> HPACKHeaders {
        var headers: HPACKHeaders = [":status": "\(head.status)"]
        forEachEndToEnd(lines, options: lines.members(.connection), dropsLength: dropsLength) { field in
            if field.known == .upgrade { return }
            headers.add(name: lines.text(field.name).lowercased(), value: lines.text(field.value))
        }
        return headers
    }
}
