import FoundationEssentials
import GRDB

/// A page of rows, read as SQLite's file format lays it out (sqlite.org/fileformat2.html §1.6, §2.1), for where SQLite
/// itself refuses: its header is damaged, or no other page leads to it any more.
struct LeafPage {
    struct Record {
        let rowID: Int64
        let values: [DatabaseValue]
    }

    /// Of leaves of tables that have row numbers.
    private static let type: UInt8 = 13
    private static let otherTypes: Set<UInt8> = [2, 5, 10]
    private static let headerSize = 8

    private let bytes: [UInt8]
    private let usable: Int
    private let pointers: [Int]

    /// `nil` where the page is none. A damaged first byte alone does not say so: the rest of the page does.
    init?(_ bytes: [UInt8], reserved: Int) {
        guard !Self.otherTypes.contains(bytes[0]) else { return nil }
        self.bytes = bytes
        usable = bytes.count - reserved
        let count = Int(bytes[3]) << 8 | Int(bytes[4])
        let end = Self.headerSize + 2 * count
        guard count > 0, end < usable else { return nil }
        pointers = (0..<count).map { index in
            let at = Self.headerSize + 2 * index
            return Int(bytes[at]) << 8 | Int(bytes[at + 1])
        }
        let limit = usable
        let areSound = pointers.allSatisfy { $0 >= end && $0 + 4 <= limit }
        guard bytes[0] == Self.type || areSound else { return nil }
    }

    /// The rows that can be read. What doesn't fit on the page is on further ones, which `page` reads.
    func records(_ page: (Int) throws -> [UInt8]?) rethrows -> [Record] {
        var records: [Record] = []
        for pointer in pointers {
            if let record = try record(at: pointer, page) { records.append(record) }
        }
        return records
    }

    private func record(at pointer: Int, _ page: (Int) throws -> [UInt8]?) rethrows -> Record? {
        var at = pointer
        guard let size = Self.varint(bytes, &at, usable), let rowID = Self.varint(bytes, &at, usable),
            (1...(1 << 30)).contains(size)
        else { return nil }
        guard let payload = try payload(at: at, size: Int(size), page) else { return nil }
        return Self.values(payload).map { Record(rowID: rowID, values: $0) }
    }

    private func payload(at start: Int, size: Int, _ page: (Int) throws -> [UInt8]?) rethrows -> [UInt8]? {
        let limit = usable - 35
        if size <= limit { return start + size <= usable ? Array(bytes[start..<(start + size)]) : nil }
        let least = (usable - 12) * 32 / 255 - 23
        let fitting = least + (size - least) % (usable - 4)
        let local = fitting <= limit ? fitting : least
        guard start + local + 4 <= usable else { return nil }
        var payload = Array(bytes[start..<(start + local)])
        var next = Self.number(bytes, start + local)
        while payload.count < size {
            // Each page adds something, so a chain that bites its tail ends too.
            guard next > 0, let further = try page(next) else { return nil }
            payload += further[4..<min(usable, 4 + size - payload.count)]
            next = Self.number(further, 0)
        }
        return payload
    }

    /// §2.1: a header of types, then the values.
    private static func values(_ payload: [UInt8]) -> [DatabaseValue]? {
        var at = 0
        guard let header = varint(payload, &at, payload.count), header <= payload.count else { return nil }
        var place = Int(header)
        var values: [DatabaseValue] = []
        while at < Int(header) {
            guard let type = varint(payload, &at, Int(header)), type >= 0 else { return nil }
            let size = size(ofType: type)
            guard place + size <= payload.count else { return nil }
            guard let value = value(payload[place..<(place + size)], type: type) else { return nil }
            values.append(value)
            place += size
        }
        return at == Int(header) ? values : nil
    }

    private static func size(ofType type: Int64) -> Int {
        switch type {
        case 0, 8, 9, 10, 11: 0
        case 1...4: Int(type)
        case 5: 6
        case 6, 7: 8
        default: Int((type - 12) / 2)
        }
    }

    private static func value(_ bytes: ArraySlice<UInt8>, type: Int64) -> DatabaseValue? {
        switch type {
        case 0: return .null
        case 8, 9: return (type - 8).databaseValue
        case 10, 11: return nil
        case 7:
            return Double(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) }).databaseValue
        case 1...6:
            // The sign is the first byte's.
            let start: UInt64 = (bytes.first ?? 0) >= 0x80 ? .max : 0
            return Int64(bitPattern: bytes.reduce(start) { $0 << 8 | UInt64($1) }).databaseValue
        default:
            return type % 2 == 0
                ? Data(bytes).databaseValue : String(decoding: bytes, as: UTF8.self).databaseValue
        }
    }

    private static func number(_ bytes: [UInt8], _ at: Int) -> Int {
        bytes[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) }
    }

    /// §1.6: seven bits a byte, the highest first; the ninth byte has eight.
    private static func varint(_ bytes: [UInt8], _ at: inout Int, _ end: Int) -> Int64? {
        var value: UInt64 = 0
        for index in 0..<9 {
            guard at < end else { return nil }
            let byte = bytes[at]
            at += 1
            if index == 8 { return Int64(bitPattern: value << 8 | UInt64(byte)) }
            value = value << 7 | UInt64(byte & 0x7F)
            if byte < 0x80 { return Int64(bitPattern: value) }
        }
        return nil
    }
}
