import FoundationEssentials
import Interactions
import Testing

@Suite struct UUIDTests {
    @Test("Version 5 of the DNS name in RFC 9562, appendix A.4")
    func version5() throws {
        let dns = try #require(UUID(uuidString: "6ba7b810-9dad-11d1-80b4-00c04fd430c8"))
        #expect(UUID.v5(namespace: dns, name: "www.example.com").text == "2ed6657d-e927-568b-95e1-2665a8aea6a2")
    }

    @Test("Version 7 carries its time and sorts by it")
    func version7() {
        let early = UUID.v7(at: Timestamp(microseconds: 1_645_557_742_000_000))
        #expect(early.text.hasPrefix("017f22e2-79b0-7"))
        #expect(early.text < UUID.v7().text)
        #expect("89ab".contains(early.text.dropFirst(19).prefix(1)))
    }

    @Test("A trace id of 32 digits is read as a UUID, other texts are not")
    func loose() {
        #expect(UUID(loose: "4bf92f3577b34da6a3ce929d0e0e4736")?.text == "4bf92f35-77b3-4da6-a3ce-929d0e0e4736")
        #expect(UUID(loose: "4bf92f3577b34da6a3ce929d0e0e473g") == nil)
        #expect(UUID(loose: "session-1") == nil)
    }
}
