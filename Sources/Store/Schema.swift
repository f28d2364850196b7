import GRDB

/// The tables. Times are microseconds since 1970, UUIDs sixteen bytes.
enum Schema {
    static var migrator: DatabaseMigrator {
        // There are no foreign keys to check, and checking would read the whole file at every start.
        var migrator = DatabaseMigrator().disablingDeferredForeignKeyChecks()
        migrator.registerMigration("1") { try $0.execute(sql: first) }
        migrator.registerMigration("threads") { try $0.execute(sql: threads) }
        migrator.registerMigration("bodyForm") { database in
            try database.execute(
                sql: "ALTER TABLE body ADD COLUMN form INTEGER NOT NULL DEFAULT \(BodyForm.plain.rawValue)")
        }
        migrator.registerMigration("variant") { database in
            try database.execute(
                sql: """
                    ALTER TABLE interaction ADD COLUMN variant TEXT;
                    CREATE INDEX interactionByVariant ON interaction (variant, threadID) WHERE variant IS NOT NULL;
                    """)
        }
        migrator.registerMigration("account") { try $0.execute(sql: account) }
        migrator.registerMigration("catalogue") {
            try $0.execute(sql: CatalogueSchema.tables + CatalogueSchema.reactions)
        }
        migrator.registerMigration("parts") { try $0.execute(sql: parts) }
        migrator.registerMigration("tombstoneThread") { try $0.execute(sql: tombstoneThread) }
        migrator.registerMigration("searchWithoutTrigger") {
            try $0.execute(sql: CatalogueSchema.searchWithoutTrigger)
        }
        migrator.registerMigration("unrecordedVariant") { database in
            try database.execute(
                sql: """
                    ALTER TABLE openExchange ADD COLUMN variant TEXT NOT NULL DEFAULT '';
                    ALTER TABLE tombstone ADD COLUMN variant TEXT NOT NULL DEFAULT '';
                    """)
        }
        migrator.registerMigration("media") { database in
            // NULL where there are none, or where they were stored before: these go with their bodies.
            try database.execute(
                sql: """
                    ALTER TABLE body ADD COLUMN holdsMedia INTEGER;
                    CREATE INDEX bodyWithMedia ON body (sequence) WHERE holdsMedia IS NOT NULL;
                    """)
        }
        migrator.registerMigration("eventParts") {
            try $0.execute(sql: CatalogueSchema.removal + CatalogueSchema.tables)
        }
        migrator.registerMigration("narrowCatalogue") {
            try $0.execute(sql: CatalogueSchema.removal + CatalogueSchema.tables + threadIndex)
        }
        return migrator
    }

    /// One index for threads and for those of an application.
    private static let threadIndex = """
        DROP INDEX interactionByThread;
        DROP INDEX interactionByVariant;
        CREATE INDEX interactionByThread ON interaction (threadID, sequence, variant);
        """

    /// Until then nothing was ever put there.
    private static let tombstoneThread = """
        DROP TABLE tombstone;
        CREATE TABLE tombstone (
            number INTEGER PRIMARY KEY,
            id BLOB NOT NULL,
            threadID BLOB NOT NULL,
            droppedAt INTEGER NOT NULL,
            start INTEGER NOT NULL,
            route TEXT NOT NULL,
            reason TEXT NOT NULL,
            requestBytes INTEGER NOT NULL,
            responseBytes INTEGER NOT NULL
        );
        """

    /// `tombstone`: exchanges that were dropped, the latest of them. `openExchange`: those that run, from their first second
    /// on. `salvage`: damaged stores that were set aside.
    private static let account = """
        CREATE TABLE tombstone (
            number INTEGER PRIMARY KEY,
            id BLOB NOT NULL,
            droppedAt INTEGER NOT NULL,
            start INTEGER NOT NULL,
            route TEXT NOT NULL,
            reason TEXT NOT NULL,
            requestBytes INTEGER NOT NULL,
            responseBytes INTEGER NOT NULL
        );
        CREATE TABLE openExchange (
            id BLOB PRIMARY KEY NOT NULL,
            threadID BLOB NOT NULL,
            start INTEGER NOT NULL,
            route TEXT NOT NULL,
            method TEXT NOT NULL,
            path TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE salvage (
            file TEXT PRIMARY KEY NOT NULL,
            lastSequence INTEGER NOT NULL,
            isDone INTEGER NOT NULL
        ) WITHOUT ROWID;
        """

    /// `marks`: `ThreadMark`s, sixteen bytes each; read from the end at a start, so there is no index to keep.
    private static let threads = """
        ALTER TABLE interaction ADD COLUMN marks BLOB;
        CREATE TABLE secret (
            name TEXT PRIMARY KEY,
            value BLOB NOT NULL
        ) WITHOUT ROWID;
        """

    /// What several bodies hold: see `PartWriter`.
    private static let parts = """
        ALTER TABLE body ADD COLUMN parts BLOB;
        CREATE TABLE part (
            id INTEGER PRIMARY KEY,
            form INTEGER NOT NULL,
            parts BLOB NOT NULL,
            content BLOB NOT NULL
        );
        CREATE TABLE partUse (
            id INTEGER PRIMARY KEY,
            uses INTEGER NOT NULL,
            digest BLOB NOT NULL
        );
        """

    /// Bodies have a table of their own: what is listed and summed up stays dense, and a damaged body costs that body.
    ///
    /// `counter` is the durable account. Its rows change in the transactions that they count, which is why the sums
    /// add up after a crash. A sink has settled what is up to its `position`, its stragglers aside, and what is in
    /// `settled` above it.
    private static let first = """
        CREATE TABLE interaction (
            sequence INTEGER PRIMARY KEY,
            id BLOB NOT NULL,
            threadID BLOB NOT NULL,
            turnID BLOB NOT NULL,
            recordedAt INTEGER NOT NULL,
            start INTEGER NOT NULL,
            durationMilliseconds INTEGER NOT NULL,
            isError INTEGER NOT NULL,
            httpStatus INTEGER,
            outcome TEXT,
            route TEXT,
            dialect TEXT,
            model TEXT,
            promptTokens INTEGER,
            responseTokens INTEGER,
            tokens INTEGER,
            query TEXT NOT NULL,
            response TEXT NOT NULL
        );
        CREATE UNIQUE INDEX interactionByID ON interaction (id);
        CREATE INDEX interactionByThread ON interaction (threadID);
        CREATE TABLE body (
            sequence INTEGER PRIMARY KEY,
            checksum INTEGER NOT NULL,
            v4 BLOB NOT NULL
        );
        CREATE TABLE counter (
            name TEXT NOT NULL,
            sink TEXT NOT NULL DEFAULT '',
            reason TEXT NOT NULL DEFAULT '',
            count INTEGER NOT NULL,
            PRIMARY KEY (name, sink, reason)
        ) WITHOUT ROWID;
        CREATE TABLE sink (
            name TEXT PRIMARY KEY,
            position INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE settled (
            sink TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            PRIMARY KEY (sink, sequence)
        ) WITHOUT ROWID;
        CREATE TABLE straggler (
            sink TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            PRIMARY KEY (sink, sequence)
        ) WITHOUT ROWID;
        CREATE TABLE dead (
            sink TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            reason TEXT NOT NULL,
            detail TEXT,
            diedAt INTEGER NOT NULL,
            PRIMARY KEY (sink, sequence)
        ) WITHOUT ROWID;
        """
}
