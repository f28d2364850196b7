import FoundationEssentials
import GRDB
import Interactions
import TestSupport
import Testing

@testable import Store

@Suite("How a body lies in its row")
struct BodyFormTests {
    private let bytes = Array(#"{"input":{"query":"How tall is it?"}}"#.utf8)

    @Test("is read in each form, with its own checksum")
    func forms() throws {
        let digest = Digest.sha256(bytes).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        let plain = BodyForm.read(Data(bytes), form: .plain, checksum: Int64(bitPattern: digest))
        #expect(plain == (bytes, true))
        #expect(BodyForm.read(Data(bytes), form: .folded, checksum: Checksum.of(bytes)) == (bytes, true))
        let words = try JSON(parsing: bytes).outlinedV4.document
        #expect(words.count < bytes.count)
        #expect(BodyForm.read(Data(words), form: .foldedWords, checksum: Checksum.of(words)) == (bytes, true))
    }

    @Test("A row tells the form of what it holds: what former versions can't read has a number that they don't know")
    func rows() throws {
        let folder = try TemporaryFolder()
        let store = try Store(path: folder.file("steno.db"))
        try store.append([.sample(query: "Why?")])
        let row = try store.read { try Row.fetchOne($0, sql: "SELECT form, v4 FROM body") }
        #expect(row?["form"] == 4)
        #expect((row?["v4"] as Data?)?.contains(3) == true)
    }

    @Test("is not intact where a byte has changed", arguments: [BodyForm.plain, .folded, .foldedWords])
    func damage(form: BodyForm) {
        #expect(!BodyForm.read(Data(bytes), form: form, checksum: 1).isIntact)
        var damaged = bytes
        damaged[3] ^= 1
        #expect(!BodyForm.read(Data(damaged), form: form, checksum: Checksum.of(bytes)).isIntact)
    }
}
