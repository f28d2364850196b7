import Testing

@testable import Redaction

@Suite struct CheckTests {
    @Test(
        "holds card numbers to Luhn's digit",
        arguments: [
            ("4111 1111 1111 1111", true), ("5555-5555-5555-4444", true), ("378282246310005", true),
            ("4111 1111 1111 1112", false), ("0000000000000000", false), ("4111", false),
        ])
    func cards(_ text: String, _ isCard: Bool) {
        #expect(Check.isCardNumber(Array(text.utf8)) == isCard)
    }

    @Test(
        "holds account numbers to their check digits and length",
        arguments: [
            ("GB29 NWBK 6016 1331 9268 19", true), ("de89370400440532013000", true), ("NO9386011117947", true),
            ("GB29 NWBK 6016 1331 9268 18", false), ("GB29 NWBK 6016 1331 9268", false),
            ("ZZ29NWBK60161331926819", false),
        ])
    func accounts(_ text: String, _ isAccount: Bool) {
        #expect(Check.isIBAN(Array(text.utf8)) == isAccount)
    }

    @Test(
        "tells values from what stands in their place",
        arguments: [
            "${API_KEY}", "<your key>", "your-api-key", "xxxxxxxxxxxx", "os.environ", "{{ secret }}", "changeme",
            "null",
            "process.env.KEY", "********", "example-key",
        ])
    func placeholders(_ text: String) {
        #expect(Check.isPlaceholder(Array(text.utf8)))
        #expect(!Check.looksSecret(Array(text.utf8)))
    }

    @Test(
        "takes random text for a secret",
        arguments: ["fae49uw588vj5het2", "4b1dmGeYWmonOCVzV27bLSLUOKrbo12v", "hunter2!x9"])
    func secrets(_ text: String) {
        #expect(Check.looksSecret(Array(text.utf8)) && Check.looksRandom(Array(text.utf8), weak: true))
    }

    @Test(
        "takes words for words",
        arguments: ["important", "gpt-4o-2024-08-06", "us-east-1", "users/42/profile", "Hello"])
    func words(_ text: String) {
        #expect(!Check.looksRandom(Array(text.utf8), weak: true))
    }
}
