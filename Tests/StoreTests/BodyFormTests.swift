import FoundationEssentials
import Interactions
import Testing

@testable import Store

@Suite("How a body lies in its row")
struct BodyFormTests {
    private let bytes = Array(#"{"input":{"query":"How tall is it?"}}"#.utf8)

    @Test("is read in both forms, each with its own checksum")
    func forms() {
        let digest = Digest.sha256(bytes).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        let plain = BodyForm.read(Data(bytes), form: .plain, checksum: Int64(bitPattern: digest))
        #expect(plain == (bytes, true))
        #expect(BodyForm.read(Data(bytes), form: .folded, checksum: Checksum.of(bytes)) == (bytes, true))
    }

    @Test("is not intact where a byte has changed", arguments: [BodyForm.plain, .folded])
    func damage(form: BodyForm) {
        #expect(!BodyForm.read(Data(bytes), form: form, checksum: 1).isIntact)
        var damaged = bytes
        damaged[3] ^= 1
        #expect(!BodyForm.read(Data(damaged), form: form, checksum: Checksum.of(bytes)).isIntact)
    }
}
