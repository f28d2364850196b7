import Testing

@testable import steno

@Suite struct ConfigurationFileTests {
    private func read(_ contents: [String: String]) -> ConfigurationFile {
        ConfigurationFile.read("/etc/steno/main.conf", files: files(contents))
    }

    @Test(
        "A line is read as key and value",
        arguments: [
            ("a = b", "a", "b"),
            ("a=b", "a", "b"),
            ("  a\t=  b c  ", "a", "b c"),
            ("a = b = c", "a", "b = c"),
            ("a = b # comment", "a", "b"),
            ("a = b#c", "a", "b#c"),
            ("a = https://host/x#y", "a", "https://host/x#y"),
            ("a =", "a", ""),
            ("a = b\r", "a", "b"),
            ("\u{FEFF}a = b", "a", "b"),
            ("redact.path.$.messages[*].content = mask", "redact.path.$.messages[*].content", "mask"),
        ])
    func line(_ line: String, _ key: String, _ value: String) {
        let file = read(["/etc/steno/main.conf": line])
        #expect(file.problems.isEmpty)
        #expect(file.entries.map(\.key) == [key])
        #expect(file.entries.map(\.value) == [value])
        #expect(file.entries.map(\.origin) == [.file("/etc/steno/main.conf", line: 1)])
    }

    @Test("Empty lines and comments say nothing", arguments: ["", "\n\n", "# a = b", "  # a = b", "\t\n#\n"])
    func silence(_ text: String) {
        let file = read(["/etc/steno/main.conf": text])
        #expect(file.entries.isEmpty)
        #expect(file.problems.isEmpty)
    }

    @Test(
        "What is no setting is told with its line",
        arguments: [
            ("listen", "/etc/steno/main.conf:1: a line must read `key = value`; this one has no `=`"),
            ("\n= x", "/etc/steno/main.conf:2: a line must read `key = value`; this one has no key"),
            ("a = b\n\na = c", "/etc/steno/main.conf:3: `a` is set a second time in this file; the first is in line 1"),
            (
                "upstream = http://a\nroute.default.upstream = http://b",
                "/etc/steno/main.conf:2: `route.default.upstream` is set a second time in this file; the first is in line 1"
            ),
            ("include =", "/etc/steno/main.conf:1: `include` names no file"),
            ("include = x", "/etc/steno/main.conf:1: the included file `/etc/steno/x` does not exist"),
        ])
    func flaws(_ text: String, _ message: String) {
        #expect(read(["/etc/steno/main.conf": text]).problems.map(\.description) == [message])
    }

    @Test("An included file is read in the line's place, relative to the including one")
    func include() {
        let file = read([
            "/etc/steno/main.conf": "a = 1\ninclude = parts/more.conf\nb = 2",
            "/etc/steno/parts/more.conf": "a = 3\ninclude = ../last.conf",
            "/etc/steno/last.conf": "c = 4",
        ])
        #expect(file.problems.isEmpty)
        #expect(file.entries.map { "\($0.key)=\($0.value)" } == ["a=1", "a=3", "c=4", "b=2"])
        #expect(file.entries[2].origin == .file("/etc/steno/last.conf", line: 1))
    }

    @Test("Files that include each other are told, not followed")
    func circle() {
        let file = read([
            "/etc/steno/main.conf": "include = other.conf",
            "/etc/steno/other.conf": "include = ./main.conf\na = 1",
        ])
        let circle = "/etc/steno/main.conf → /etc/steno/other.conf → /etc/steno/main.conf"
        #expect(file.problems.map(\.description) == ["/etc/steno/other.conf:1: `include` goes in a circle: \(circle)"])
        #expect(file.entries.map(\.key) == ["a"])
    }

    @Test("One file may be included twice")
    func twice() {
        let file = read([
            "/etc/steno/main.conf": "include = a\ninclude = b",
            "/etc/steno/a": "include = c",
            "/etc/steno/b": "include = c",
            "/etc/steno/c": "x = 1",
        ])
        #expect(file.problems.isEmpty)
        #expect(file.entries.count == 2)
    }

    @Test("A line that is not UTF-8 is told, the others are read")
    func binary() {
        let access = FileAccess(
            read: { _ throws(FileAccess.Failure) in [0x61, 0x3D, 0xFF, 0x0A, 0x62, 0x3D, 0x63] }, problem: { _ in nil })
        let file = ConfigurationFile.read("f", files: access)
        #expect(file.problems.map(\.description) == ["f:1: the line is not UTF-8 text"])
        #expect(file.entries.map(\.key) == ["b"])
    }

    @Test("A file that can't be read is told")
    func unreadable() {
        let missing = ConfigurationFile.read("nowhere.conf", files: files([:]))
        #expect(missing.problems.map(\.message) == ["the file `nowhere.conf` does not exist"])
        let folder = ConfigurationFile.read("d", files: files([:], folders: ["d"]))
        #expect(folder.problems.map(\.message) == ["the file `d` is a folder, not a file"])
        let locked = ConfigurationFile.read("f", files: files(["f": ""], locked: ["f"]))
        #expect(locked.problems.map(\.message) == ["the file `f` cannot be read"])
    }
}
