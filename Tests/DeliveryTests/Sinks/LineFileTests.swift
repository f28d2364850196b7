import FoundationEssentials
import Interactions
import TestSupport
import Testing

@testable import Delivery

@Suite("A file of lines")
struct LineFileTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("log.jsonl")
    }

    private func text(_ name: String = "log.jsonl") -> String? {
        FileManager.default.contents(atPath: folder.file(name)).map { String(decoding: $0, as: UTF8.self) }
    }

    private var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    }

    private func put(_ text: String) { _ = FileManager.default.createFile(atPath: path, contents: Data(text.utf8)) }

    @Test("is made for its owner's eyes only, and grows")
    func append() throws {
        let file = LineFile(path: path, rotation: .init())
        try file.append(Array("{}\n".utf8))
        try file.append(Array("[]\n".utf8))
        #expect(text() == "{}\n[]\n")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode.map { $0 & 0o777 } == 0o600)
    }

    @Test(
        "is mended after a crash: a torn line goes, a whole one gets its end",
        arguments: [
            ("{}\n{\"a\":", "{}\n1\n"), ("{}\n{\"a\":1}", "{}\n{\"a\":1}\n1\n"), ("{\"torn", "1\n"),
            ("{}\n", "{}\n1\n"),
            (String(repeating: "x", count: 200_000), "1\n"),
        ])
    func mends(_ before: String, _ after: String) throws {
        put(before)
        try LineFile(path: path, rotation: .init()).append(Array("1\n".utf8))
        #expect(text() == after)
    }

    @Test("gives way to a new one when it is large, and only so many are kept")
    func size() throws {
        let file = LineFile(path: path, rotation: .init(size: 4, keep: 2))
        _ = FileManager.default.createFile(atPath: path + ".old", contents: nil)
        for number in 1...5 {
            try file.append(Array("\(number)\n".utf8), now: Timestamp(microseconds: Int64(number) * 1_000_000))
        }
        #expect(text() == "5\n")
        #expect(
            names == [
                "log.jsonl", "log.jsonl.19700101T000003.000000Z", "log.jsonl.19700101T000005.000000Z", "log.jsonl.old",
            ])
        #expect(text("log.jsonl.19700101T000005.000000Z") == "3\n4\n")
    }

    @Test("gives way to a new one when a day, or whatever it may be, has passed")
    func age() throws {
        let file = LineFile(path: path, rotation: .init(age: 86_400))
        try file.append(Array("1\n".utf8))
        try file.append(Array("2\n".utf8))
        #expect(names.count == 1)
        try file.append(Array("3\n".utf8), now: Timestamp.now.advanced(byNanoseconds: 86_400_000_000_000))
        #expect(names.count == 2)
        #expect(text() == "3\n")
    }

    @Test("is made anew where somebody moved it away")
    func movedAway() throws {
        let file = LineFile(path: path, rotation: .init())
        try file.append(Array("1\n".utf8))
        try FileManager.default.moveItem(atPath: path, toPath: path + ".moved")
        try file.append(Array("2\n".utf8))
        #expect(text() == "2\n")
    }

    @Test("says in few words why it can't be written")
    func failures() throws {
        #expect(throws: AppendFile.Failure(errno: 2)) {
            try LineFile(path: folder.file("none/log"), rotation: .init()).append([1])
        }
        #expect(AppendFile.Failure(errno: 28).cause == "disk_full")
    }
}
