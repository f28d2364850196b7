import FoundationEssentials
import Testing

@testable import Interactions

@Suite struct FoldedDocumentTests {
    private let question = String(repeating: "Why is the sky \"blue\"?\n", count: 10)
    private let answer = String(repeating: "Because of the air’s molecules. ", count: 10)

    private func interaction(query: String, response: String) -> Interaction {
        // None of its bytes is a mark.
        let id = UUID(high: 0xF0F1_F2F3_F4F5_F6F7, low: 0xF8F9_FAFB_FCFD_FEFF)
        let request: JSON = ["messages": [["role": "user", "content": .string(query)]], "again": .string(query)]
        let body: JSON = ["choices": [["message": ["content": .string(response)]]]]
        return Interaction(
            id: id, threadID: id, turnID: id, applicationVariantID: "local",
            input: .init(query: query, request: .init(method: "POST", path: "/", headers: [], body: request)),
            output: .init(response: response, body: body, status: 200), start: Timestamp(microseconds: 0),
            durationMilliseconds: 0, status: .success)
    }

    @Test("What comes again is a reference, and unfolded the document is what it was")
    func folded() {
        let interaction = interaction(query: question, response: answer)
        let folded = interaction.foldedV4
        #expect(folded.count < interaction.v4Bytes.count - question.utf8.count * 2 - answer.utf8.count + 32)
        #expect(FoldedDocument.unfolded(folded) == interaction.v4Bytes)
    }

    @Test("Short texts, and texts that only look the same, stay")
    func notFolded() {
        let short = interaction(query: "Why?", response: "Why?")
        #expect(!short.foldedV4.contains(FoldedDocument.mark))
        #expect(FoldedDocument.unfolded(short.foldedV4) == short.v4Bytes)
        // The same characters of other scalars.
        let composed = String(repeating: "caf\u{E9} ", count: 20)
        var other = interaction(query: composed, response: "")
        other.input.request.body = .string(String(repeating: "cafe\u{301} ", count: 20))
        #expect(!other.foldedV4.contains(FoldedDocument.mark))
        #expect(FoldedDocument.unfolded(other.foldedV4) == other.v4Bytes)
    }

    @Test("Documents that are written at the same time, short and long ones, are each what it is alone")
    func together() async {
        let interactions = (0..<64).map { number in
            let text = String(repeating: "Number \(number) of many. ", count: number % 8 == 0 ? 400 : 1 + number)
            return interaction(query: text, response: String(text.reversed()))
        }
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    interactions.allSatisfy { FoldedDocument.unfolded($0.foldedV4) == $0.v4Bytes }
                }
            }
            for await isSame in group { #expect(isSame) }
        }
    }

    @Test("A document that one string makes long is as it should be, and so is the next short one")
    func long() {
        var long = interaction(query: question, response: answer)
        long.input.request.body = .string(String(repeating: "A body of many bytes. ", count: 10_000))
        for interaction in [long, interaction(query: question, response: answer)] {
            #expect(FoldedDocument.unfolded(interaction.foldedV4) == interaction.v4Bytes)
        }
    }

    @Test("Every word is two bytes, first or later, as a name or as a text")
    func words() throws {
        #expect(FoldedDocument.names.count <= FoldedDocument.most && FoldedDocument.texts.count <= FoldedDocument.most)
        for word in FoldedDocument.names + FoldedDocument.texts {
            let value = JSON.object(JSON.Object([.init(word, .string(word)), .init(word, .string(word))]))
            let (folded, _) = value.outlinedV4
            #expect(FoldedDocument.unfolded(folded) == value.bytes)
            let isName = FoldedDocument.names.contains(word)
            let isText = FoldedDocument.texts.contains(word)
            let length = word.utf8.count
            let names = isName ? 2 + 2 : length + 3 + length + 4
            #expect(folded.count == 2 + names + 2 * (isText ? 2 : length + 2), "\(word)")
        }
    }

    @Test("UUIDs and times are numbers behind a mark, wherever they stand")
    func numbers() throws {
        let interaction = interaction(query: question, response: answer)
        #expect(interaction.foldedV4.count { $0 == FoldedDocument.idMark } >= 3)
        for (text, size) in [
            ("01a20608-300d-7e2f-9d5e-776c7ebd1ab5", 17), ("00000000-0000-0000-0000-000000000000", 17),
            ("ffffffff-ffff-ffff-ffff-ffffffffffff", 17), ("01020304-0506-0708-090a-0b0c0d0e0f10", 17),
            ("2026-11-23T01:32:09.613755Z", 9), ("1970-01-01T00:00:00.000000Z", 9), ("9999-12-31T23:59:59.999999Z", 9),
        ] {
            let value: JSON = ["text": .string(text), "content": [.string(text)]]
            let (folded, _) = value.outlinedV4
            #expect(FoldedDocument.unfolded(folded) == value.bytes)
            #expect(folded.count == 1 + 2 + size + 2 + 1 + size + 2, "\(text)")
        }
    }

    @Test(
        "What would not come back to the byte stays a text",
        arguments: [
            "01A20608-300d-7e2f-9d5e-776c7ebd1ab5", "01a20608-300d-7e2f-9d5e-776c7ebd1abg",
            "01a20608-300d-7e2f-9d5e_776c7ebd1ab5", "01a20608300d-7e2f-9d5e-776c7ebd1ab5-",
            "{1a20608-300d-7e2f-9d5e-776c7ebd1ab}",
            "2026-02-30T01:32:09.613755Z", "2026-11-23 01:32:09.613755Z", "2026-11-23t01:32:09.613755Z",
            "2026-11-23T01:32:60.613755Z", "2026-11-23T01:32:09,613755Z", "2026-11-23T01:32:09.613755z",
            "2026-11-23T01:32:09.6137551", "1969-12-31T23:59:59.999999Z", "2026-11-23T01:32:09.61375\u{E9}",
        ])
    func noNumbers(text: String) {
        let value: JSON = ["text": .string(text)]
        let (folded, _) = value.outlinedV4
        #expect(FoldedDocument.unfolded(folded) == value.bytes)
        #expect(folded.count == 1 + 2 + text.utf8.count + 2 + 1, "\(text)")
    }

    @Test(
        "An interaction of before 1970, or of no year that has a text, is written all the same",
        arguments: [-1, 253_402_300_800_000_000])
    func times(microseconds: Int64) {
        var interaction = interaction(query: question, response: answer)
        interaction.start = Timestamp(microseconds: microseconds)
        #expect(FoldedDocument.unfolded(interaction.foldedV4) == interaction.v4Bytes)
    }

    @Test("A text that was introduced behind words is found again")
    func referencesBehindWords() {
        var twice = interaction(query: question, response: question)
        twice.input.request.headers = [HeaderField("content-type", "application/json"), HeaderField("x", question)]
        #expect(FoldedDocument.unfolded(twice.foldedV4) == twice.v4Bytes)
        #expect(twice.foldedV4.count { $0 == FoldedDocument.mark } == 4)
    }

    @Test("A long document has no words, wherever it becomes too long", arguments: [5000, 5900, 6100, 7000, 20_000])
    func long(length: Int) throws {
        let letters = Array("abcdefgh \u{E9}")
        let long = String((0..<length).map { letters[$0 * $0 % letters.count] })
        var asked = interaction(query: question, response: answer)
        asked.input.request.body = ["messages": [["role": "user", "content": .string(long)], ["role": "user"]]]
        for interaction in [interaction(query: long, response: ""), interaction(query: "", response: long), asked] {
            let folded = interaction.foldedV4
            #expect(FoldedDocument.unfolded(folded) == interaction.v4Bytes)
            #expect(folded.contains(FoldedDocument.nameMark) == (folded.count <= FoldedDocument.reach))
            #expect(interaction.v4.outlinedV4.document == folded)
        }
    }

    @Test("Words keep their places: stored documents refer to them by these")
    func places() {
        #expect(FoldedDocument.names.count >= 223 && FoldedDocument.texts.count >= 127)
        let names = FoldedDocument.names.prefix(223).joined(separator: " ")
        let texts = FoldedDocument.texts.prefix(127).joined(separator: ", ")
        #expect(
            Digest.hex(Digest.sha256(Array(names.utf8)))
                == "26f46c7299b8563a4397e7056692d0f8723b55afade14d64955ccde3bd51dcc2")
        #expect(
            Digest.hex(Digest.sha256(Array(texts.utf8)))
                == "c77ac9aedfe97633c8538f76567c2220ab79710932943e0440461199625bde33")
        let document = #"{"application_variant_id":"user","value":0}"#
        #expect(FoldedDocument.unfolded([123, 3, 0x20, 5, 0x21, 4, 0xFE, 48, 125]) == Array(document.utf8))
    }

    @Test("Damage is told, not a crash")
    func damaged() {
        let folded = interaction(query: question, response: answer).foldedV4
        for end in 0..<folded.count { _ = FoldedDocument.unfolded(Array(folded[..<end])) }
        #expect(FoldedDocument.unfolded([1]) == nil)
        #expect(FoldedDocument.unfolded([65, 1, 0]) == nil)
        #expect(FoldedDocument.unfolded([65, 1, 0, 2]) == nil)
        #expect(FoldedDocument.unfolded([65, 1, 2, 0]) == nil)
        #expect(FoldedDocument.unfolded([1] + [UInt8](repeating: 0xFF, count: 20)) == nil)
        #expect(FoldedDocument.unfolded([65, 66, 1, 0, 2, 67]) == [65, 66, 65, 66, 67])
        for mark in UInt8(3)...5 {
            #expect(FoldedDocument.unfolded([65, mark]) == nil)
            #expect(FoldedDocument.unfolded([65, mark, 0x1F, 66]) == nil)
            #expect(FoldedDocument.unfolded([65, mark, 0xFF, 66]) == nil)
        }
        let most = [UInt8](repeating: 0xFF, count: 8)
        #expect(FoldedDocument.unfolded([65, FoldedDocument.idMark] + most + most.dropLast()) == nil)
        #expect(FoldedDocument.unfolded([65, FoldedDocument.timeMark] + most.dropLast()) == nil)
        #expect(FoldedDocument.unfolded([65, FoldedDocument.timeMark] + most) == nil)
        #expect(
            FoldedDocument.unfolded([65, FoldedDocument.timeMark, 0, 0x40, 0xEF, 0xC4, 0x59, 0x45, 0x84, 3]) == nil)
        for other in [UInt8(0), 2, 8, 0x1F] { #expect(FoldedDocument.unfolded([65, other, 0x20, 66]) == nil) }
    }
}
