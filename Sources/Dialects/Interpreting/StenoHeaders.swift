import FoundationEssentials
import Interactions

/// What an app tells Steno in headers that the upstream never sees.
struct StenoHeaders {
    var applicationVariantID: String?
    var userID: String?
    /// In the order given.
    var metadata: [(name: String, value: String)] = []
    var wantsMetadataOnly = false
    /// The app's own trace, which goes on to the upstream as well.
    var traceparent: String?
    var host: String?
    var contentType: String?
    /// All other fields.
    var passed: [HeaderField] = []

    init(_ fields: [HeaderField]) {
        passed.reserveCapacity(fields.count)
        for field in fields {
            guard field.name.begins(with: "x-steno-") else {
                passed.append(field)
                switch field.name.utf8.count {
                case 4 where field.name.begins(with: "host"): host = field.value.lowercased()
                case 11 where field.name.begins(with: "traceparent"): traceparent = field.value
                case 12 where field.name.begins(with: "content-type"): contentType = field.value
                default: break
                }
                continue
            }
            switch field.name.lowercased() {
            case "x-steno-application-variant-id": if !field.value.isEmpty { applicationVariantID = field.value }
            case "x-steno-user-id": if !field.value.isEmpty { userID = field.value }
            case "x-steno-metadata": read(metadata: field.value)
            case "x-steno-capture": wantsMetadataOnly = field.value.lowercased() == "metadata"
            default: break
            }
        }
    }

    /// `k=v, …`; a piece without `=` continues the value before it.
    private mutating func read(metadata text: String) {
        for piece in text.utf8.split(separator: UInt8(ascii: ",")) {
            let name = piece.prefix { $0 != UInt8(ascii: "=") }
            if name.endIndex < piece.endIndex, !name.trimmed.isEmpty {
                let value = piece[name.endIndex...].dropFirst()
                metadata.append((String(Substring(name.trimmed)), String(Substring(value.trimmed))))
            } else if let last = metadata.indices.last {
                metadata[last].value += "," + String(Substring(piece))
            }
        }
    }
}
