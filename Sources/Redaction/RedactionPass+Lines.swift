import Interactions

/// NDJSON and server-sent events: each line is JSON of its own, and a text may come in pieces, one a line.
extension RedactionPass {
    mutating func lines(_ text: String, _ scope: PathScope) throws(RedactionError) -> String? {
        var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map(Line.init)
        var isChanged = join(&lines)
        for index in lines.indices {
            guard let value = lines[index].value else { continue }
            try descend()
            defer { depth -= 1 }
            if let new = try json(value, scope) {
                lines[index].replace(value: new)
                isChanged = true
            }
        }
        guard isChanged else { return nil }
        var out: [UInt8] = []
        for index in lines.indices {
            if index > 0 { out.append(0x0A) }
            lines[index].write(into: &out)
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Takes out what is found across the borders of pieces: its mark stands where it began.
    private mutating func join(_ lines: inout [Line]) -> Bool {
        var pieces = Pieces()
        for index in lines.indices { pieces.add(lines[index], index) }
        var isChanged = false
        for (place, pieces) in pieces.sorted where pieces.count > 1 {
            var borders: [Int] = []
            var bytes: [UInt8] = []
            for piece in pieces {
                borders.append(bytes.count)
                bytes.append(contentsOf: piece.text.utf8)
            }
            borders.append(bytes.count)
            var border = 0
            let findings = redactor.scanner.findings(in: bytes.span, value: nil).filter { finding in
                while borders[border] <= finding.range.lowerBound { border += 1 }
                return borders[border] < finding.range.upperBound
            }
            guard !findings.isEmpty else { continue }
            isChanged = true
            let marks = findings.map { finding in
                let rule = redactor.scanner.rules[finding.rule]
                note(rule.kind, rule.action)
                return Array(replacement(Array(bytes[finding.range]), rule.kind, rule.action).utf8)
            }
            var next = 0
            for (number, piece) in pieces.enumerated() {
                let range = borders[number]..<borders[number + 1]
                var new: [UInt8] = []
                var at = range.lowerBound
                while next < findings.count, findings[next].range.lowerBound < range.upperBound {
                    let finding = findings[next].range
                    new += bytes[at..<max(at, finding.lowerBound)]
                    if finding.lowerBound >= range.lowerBound { new += marks[next] }
                    at = min(finding.upperBound, range.upperBound)
                    guard finding.upperBound <= range.upperBound else { break }
                    next += 1
                }
                guard at > range.lowerBound || new.count != range.count else { continue }
                new += bytes[at..<range.upperBound]
                lines[piece.line].replace(place, by: String(decoding: new, as: UTF8.self))
            }
        }
        return isChanged
    }
}

/// A line's content, and what stands around it.
private struct Line {
    private var before: [UInt8] = []
    private(set) var content: [UInt8]
    private(set) var value: JSON?
    /// The line of an event's data.
    let isData: Bool
    private var isChanged = false
    private let hasReturn: Bool

    init(_ line: some Collection<UInt8>) {
        isData = line.starts(with: "data:".utf8)
        content = Array(line)
        hasReturn = content.last == 0x0D
        if hasReturn { content.removeLast() }
        var start = isData ? 5 : 0
        while start < content.count, content[start] == 0x20 { start += 1 }
        before = Array(content[..<start])
        content.removeSubrange(..<start)
        if RedactionPass.looksLikeJSON(content.span) { value = try? JSON(parsing: content) }
    }

    mutating func replace(value new: JSON) {
        value = new
        isChanged = true
    }

    mutating func replace(_ place: Pieces.Place, by text: String) {
        if let old = value {
            value = old.replacing(place[...], by: text)
            isChanged = true
        } else {
            content = Array(text.utf8)
        }
    }

    func write(into out: inout [UInt8]) {
        out += before
        if isChanged, let value { out += value.bytes } else { out += content }
        if hasReturn { out.append(0x0D) }
    }
}

/// The texts of a stream by the place in its lines' values at which they stand.
private struct Pieces {
    enum Step: Hashable, Comparable {
        case index(Int)
        case name(String)
    }

    typealias Place = [Step]

    private var byPlace: [Place: [(line: Int, text: String)]] = [:]

    /// What is the same in each line is no text in pieces.
    var sorted: [(place: Place, pieces: [(line: Int, text: String)])] {
        byPlace.filter { place in place.value.contains { $0.text != place.value[0].text } }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { ($0.key, $0.value) }
    }

    mutating func add(_ line: Line, _ number: Int) {
        if let value = line.value {
            add(value, number, [])
        } else if line.isData {
            byPlace[[], default: []].append((number, String(decoding: line.content, as: UTF8.self)))
        }
    }

    private mutating func add(_ value: JSON, _ line: Int, _ place: Place) {
        guard place.count < 64 else { return }
        switch value {
        case .string(let text): byPlace[place, default: []].append((line, text))
        case .array(let items): for index in items.indices { add(items[index], line, place + [.index(index)]) }
        case .object(let object):
            for member in object.members { add(member.value, line, place + [.name(member.name)]) }
        default: break
        }
    }
}

extension JSON {
    fileprivate func replacing(_ place: ArraySlice<Pieces.Step>, by text: String) -> JSON {
        switch (place.first, self) {
        case (nil, _): return .string(text)
        case (.index(let index), .array(var items)) where items.indices.contains(index):
            items[index] = items[index].replacing(place.dropFirst(), by: text)
            return .array(items)
        case (.name(let name), .object(var object)):
            guard let index = object.members.lastIndex(where: { $0.name == name }) else { return self }
            object.members[index].value = object.members[index].value.replacing(place.dropFirst(), by: text)
            return .object(object)
        default: return self
        }
    }
}
