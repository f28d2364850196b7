import Interactions
import Testing

@testable import Dialects

@Suite struct MultipartFormTests {
    private let type = "multipart/form-data; boundary=\"xx yy\""

    private func form(_ text: String, isTruncated: Bool = false) -> JSON? {
        MultipartForm(Array(text.utf8), contentType: type, isTruncated: isTruncated)?.json
    }

    private func part(_ disposition: String, _ body: String, more: String = "") -> String {
        "--xx yy\r\nContent-Disposition: form-data; \(disposition)\r\n\(more)\r\n\(body)\r\n"
    }

    @Test("Fields are strings, repeated ones lists, files their digests")
    func whole() {
        let body =
            part(#"name="model""#, "whisper-1") + part(#"name="kinds[]""#, "word") + part(#"name="kinds[]""#, "segment")
            + part(#"name="file"; filename="a \"b\".wav""#, "abc", more: "Content-Type: audio/wav\r\n")
            + "--xx yy--\r\n"
        #expect(
            form(body) == [
                "model": "whisper-1", "kinds[]": ["word", "segment"],
                "file": [
                    "filename": #"a "b".wav"#, "media_type": "audio/wav",
                    "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "bytes": 3,
                ],
            ])
    }

    @Test("What looks like a delimiter inside a line is none, and bytes stay bytes")
    func content() {
        #expect(form(part(#"name="a""#, "1 --xx yy\r\n --xx yy") + "--xx yy--")?["a"] == "1 --xx yy\r\n --xx yy")
        #expect(form(part(#"name="a""#, "") + "--xx yy--")?["a"] == "")
        #expect(form("--xx yy\nContent-Disposition: form-data; name=a\n\nb\n--xx yy--")?["a"] == "b")
        #expect(form(part(#"name="a""#, #"{"b":1}"#, more: "Content-Type: application/json\r\n"))?["a"] == ["b": 1])
    }

    @Test("A captured copy that ends inside a file tells no digest of it")
    func truncated() {
        let body = part(#"name="model""#, "m") + part(#"name="file"; filename="a""#, "abc").dropLast()
        let file = form(body, isTruncated: true)?["file"]
        #expect(file == ["filename": "a", "bytes": 3, "truncated": true])
    }

    @Test(
        "What is no form gives none",
        arguments: ["", "--xx", "--xx yy", "--xx yy--", "--xx yy\r\n\r\nbody\r\n--xx yy--", "{\"a\":1}"])
    func none(body: String) {
        #expect(form(body) == nil)
    }

    @Test("No boundary, no form")
    func boundary() {
        #expect(MultipartForm(Array("--a".utf8), contentType: "multipart/form-data", isTruncated: false) == nil)
        #expect(MultipartForm.parameter("boundary", in: "multipart/form-data; charset=x; Boundary=ab;c") == "ab")
    }

    @Test("Cut anywhere, a form is read without harm")
    func cuts() {
        let body = Array(
            (part(#"name="model""#, "m") + part(#"name="f"; filename="a""#, "x\r\n-") + "--xx yy--\r\n").utf8)
        for end in body.indices {
            _ = MultipartForm(Array(body[..<end]), contentType: type, isTruncated: true)
        }
    }
}
