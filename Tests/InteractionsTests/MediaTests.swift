import Interactions
import Testing

@Suite struct MediaTests {
    private static let sum = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    private static let digest = #"{"sha256":"\#(sum)","bytes":5,"media_type":"%"}"#

    private static func digest(_ type: String) -> String { digest.split(separator: "%").joined(separator: type) }

    @Test(
        "Inline media become digests of what they decode to",
        arguments: [
            (
                #"{"image_url":{"url":"data:image/png;base64,aGVsbG8="}}"#,
                #"{"image_url":{"url":\#(digest("image/png"))}}"#
            ),
            (
                #"{"source":{"type":"base64","media_type":"image/jpeg","data":"aGVsbG8="}}"#,
                #"{"source":{"type":"base64","media_type":"image/jpeg","data":\#(digest("image/jpeg"))}}"#
            ),
            (
                #"{"input_audio":{"data":"aGVsbG8","format":"wav"}}"#,
                #"{"input_audio":{"data":\#(digest("audio/wav")),"format":"wav"}}"#
            ),
            (
                #"[{"inlineData":{"mimeType":"image/png","data":"aGVs\nbG8="}}]"#,
                #"[{"inlineData":{"mimeType":"image/png","data":\#(digest("image/png"))}}]"#
            ),
            (#"{"b64_json":"aGVsbG8="}"#, #"{"b64_json":\#(digest("image"))}"#),
            (#"{"partial_image_b64":"aGVsbG8="}"#, #"{"partial_image_b64":\#(digest("image"))}"#),
            (
                #"{"file_data":"aGVsbG8="}"#,
                #"{"file_data":{"sha256":"\#(sum)","bytes":5}}"#
            ),
            (
                #"{"image":{"source":{"bytes":"aGVsbG8="}}}"#,
                #"{"image":{"source":{"bytes":{"sha256":"\#(sum)","bytes":5}}}}"#
            ),
            (
                #"{"type":"image_generation_call","result":"aGVsbG8="}"#,
                #"{"type":"image_generation_call","result":\#(digest("image/png"))}"#
            ),
            (#"["data:image/png;base64,aGVsbG8="]"#, #"[\#(digest("image/png"))]"#),
        ])
    func digests(body: String, kept: String) throws {
        #expect(try Media.digested(JSON(parsing: body)) == JSON(parsing: kept))
    }

    @Test(
        "What only looks like media stays",
        arguments: [
            #"{"data":"aGVsbG8="}"#, #"{"type":"redacted_thinking","data":"aGVsbG8="}"#,
            #"{"format":"google-gemini-v1","data":"aGVsbG8="}"#, #"{"url":"data:image/png;base64,not base64!"}"#,
            #"{"url":"data:text/plain,hello"}"#, #"{"text":"data:"}"#,
        ])
    func others(body: String) throws {
        #expect(try Media.digested(JSON(parsing: body)) == JSON(parsing: body))
    }

    @Test(
        "Base64 in every form that peers send",
        arguments: [
            ("aGVsbG8=", "hello"), ("aGVsbG8", "hello"), ("aGVs\r\nbG8=", "hello"), ("aGU=bGxv", "hello"),
            ("Pz8_", "???"), ("a*", nil), ("", nil),
        ] as [(String, String?)])
    func base64(text: String, decoded: String?) {
        #expect(Base64.decode(text) == decoded.map { Array($0.utf8) })
    }
}
