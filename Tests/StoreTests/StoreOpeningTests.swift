import FoundationEssentials
import GRDB
import Interactions
import TestSupport
import Testing

@testable import Store

@Suite("Opening the store")
struct StoreOpeningTests {
    let folder: TemporaryFolder
    var path: String { folder.file("steno.db") }

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("for reading works beside a writer, and sees what it appends")
    func reading() throws {
        let writer = try Store(path: path)
        try writer.append(.samples(1))
        let reader = try Store(readingFrom: path)
        #expect(try reader.interactions(limit: 10).count == 1)
        try writer.append(.samples(1))
        #expect(try reader.interactions(limit: 10).count == 2)
        #expect(throws: StoreError.self) { try reader.append(.samples(1)) }
    }

    @Test("for reading works where nobody writes")
    func readingAlone() throws {
        let writer = try Store(path: path)
        try writer.append(.samples(2))
        try writer.close()
        #expect(try Store(readingFrom: path).account().recorded == 2)
    }

    @Test("for reading where there is none says so and makes none")
    func readingNothing() throws {
        #expect(throws: StoreError(kind: .cannotOpen, message: "there is no store at \(path)")) {
            try Store(readingFrom: path)
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("for reading refuses an SQLite file of another kind")
    func readingOther() throws {
        // An empty file is an empty database.
        try Data().write(to: URL(filePath: path))
        #expect(#expect(throws: StoreError.self) { try Store(readingFrom: path) }?.kind == .cannotOpen)
    }

    @Test("tells a missing folder, and a folder in the file's place")
    func places() throws {
        let missing = folder.file("nowhere/steno.db")
        let error = #expect(throws: StoreError.self) { try Store(path: missing) }
        #expect(error?.kind == .cannotOpen)
        #expect(error?.message.hasPrefix("the store \(missing) can't be made: there is no folder ") == true)
        let place = #expect(throws: StoreError.self) { try Store(path: folder.path) }
        #expect(place?.kind == .cannotOpen)
        #expect(place?.message.hasSuffix("it is a folder") == true)
    }

    @Test("again after closing goes on numbering")
    func again() throws {
        let first = try Store(path: path)
        try first.append(.samples(2))
        try first.close()
        let second = try Store(path: path)
        try second.append(.samples(1))
        #expect(try second.interactions(limit: 10).map(\.sequence) == [1, 2, 3])
    }

    @Test("of an earlier version keeps what was recorded, and takes its catalogue for missing")
    func earlierVersion() throws {
        let path = folder.file("earlier.db")
        let earlier = try Store(path: path)
        try earlier.append(.samples(3))
        try earlier.catalogue(earlier.uncatalogued(limit: 9).map { CatalogueEntry($0) })
        try earlier.write { database in
            try database.execute(
                sql: """
                    DELETE FROM grdb_migrations WHERE identifier = 'narrowCatalogue';
                    DROP INDEX interactionByThread;
                    CREATE INDEX interactionByThread ON interaction (threadID);
                    CREATE INDEX interactionByVariant ON interaction (variant, threadID);
                    """)
        }
        try earlier.close()
        let now = try Store(path: path)
        #expect(try now.interactions(limit: 9).map(\.isIntact) == [true, true, true])
        #expect(try now.uncatalogued(limit: 9).count == 3)
        #expect(try now.threads(ofVariant: "local", limit: 9).count == 3)
        try now.close()
    }
}
