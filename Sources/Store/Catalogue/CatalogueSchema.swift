/// Tables for those who look into the store. They follow from the interactions alone, and are filled some time after
/// those were recorded, so that recording stays as cheap as it is.
///
/// `catalogue` has a narrow row for each interaction: what lists are filtered and summed up by. `event` has what the
/// interaction said, piece by piece: a long text is a part of the interaction's body, which has it as long as it has these
/// events. `search` is a full-text index that keeps no text, and only in which events a word stands, not where. `stale`
/// names interactions that were changed since, or came back from a damaged store.
enum CatalogueSchema {
    /// Tables that are filled anew from the interactions where they are missing.
    static let derived: Set<String> = [
        "catalogue", "stale", "event", "receipt", "search", "search_config", "search_data", "search_docsize",
        "search_idx",
    ]

    /// An event's text is entered by those who enter the event: a trigger made SQLite copy each page that an event's row and
    /// indexes touch, eight of 16 KB, into a statement journal.
    static let searchWithoutTrigger = "DROP TRIGGER IF EXISTS eventWritten"

    /// Of people, and of nothing else in the store.
    static let reactions = """
        CREATE TABLE reaction (
            eventID BLOB NOT NULL,
            emoji TEXT NOT NULL,
            person TEXT NOT NULL,
            reactedAt INTEGER NOT NULL,
            PRIMARY KEY (eventID, emoji, person)
        ) WITHOUT ROWID;
        """

    static let removal = """
        DROP TRIGGER interactionErased;
        DROP TRIGGER interactionRestored;
        DROP TRIGGER interactionChanged;
        DROP TABLE search;
        DROP TABLE event;
        DROP TABLE receipt;
        DROP TABLE stale;
        DROP TABLE catalogue;
        """

    static let tables = """
        CREATE TABLE catalogue (
            sequence INTEGER PRIMARY KEY,
            threadID BLOB NOT NULL,
            start INTEGER NOT NULL,
            durationMilliseconds INTEGER NOT NULL,
            firstToken INTEGER,
            isError INTEGER NOT NULL,
            isComplete INTEGER NOT NULL,
            httpStatus INTEGER,
            route TEXT,
            variant TEXT NOT NULL,
            model TEXT,
            user TEXT,
            tools TEXT,
            redactions TEXT,
            promptTokens INTEGER,
            responseTokens INTEGER
        );
        CREATE INDEX catalogueByStart ON catalogue (start, durationMilliseconds, firstToken, isError);
        CREATE INDEX catalogueByThread ON catalogue (threadID, sequence);
        CREATE TABLE stale (sequence INTEGER PRIMARY KEY);

        CREATE TABLE event (
            number INTEGER PRIMARY KEY,
            id BLOB NOT NULL,
            sequence INTEGER NOT NULL,
            ordinal INTEGER NOT NULL,
            role INTEGER NOT NULL,
            kind TEXT NOT NULL,
            createdAt INTEGER NOT NULL,
            isComplete INTEGER NOT NULL,
            isExternal INTEGER NOT NULL,
            isTop INTEGER NOT NULL,
            threadID BLOB NOT NULL,
            turnID BLOB NOT NULL,
            parentID BLOB,
            callID TEXT,
            name TEXT,
            text TEXT,
            textPart INTEGER,
            size INTEGER NOT NULL
        );
        CREATE UNIQUE INDEX eventByID ON event (id);
        CREATE INDEX eventBySequence ON event (sequence, ordinal);
        CREATE INDEX eventByTime ON event (isTop, createdAt, sequence, ordinal, isComplete, isExternal);
        CREATE INDEX eventByRole ON event (role, createdAt, sequence, ordinal, isComplete, isExternal);
        CREATE INDEX eventByThread ON event (threadID, createdAt, sequence, ordinal, isTop, isComplete, isExternal, role);
        CREATE INDEX eventByTurn ON event (turnID, createdAt, sequence, ordinal);
        CREATE VIRTUAL TABLE search USING fts5 (
            text, content = '', columnsize = 0, detail = none, tokenize = 'unicode61 remove_diacritics 2'
        );
        CREATE TABLE receipt (
            eventID BLOB NOT NULL,
            agent TEXT NOT NULL,
            turnID BLOB NOT NULL,
            readAt INTEGER NOT NULL,
            PRIMARY KEY (eventID, agent)
        ) WITHOUT ROWID;

        CREATE TRIGGER eventErased AFTER DELETE ON event BEGIN
            INSERT INTO search (search, rowid, text) VALUES ('delete', old.number, \(text("old")));
        END;
        CREATE TRIGGER interactionErased AFTER DELETE ON interaction BEGIN
            DELETE FROM reaction WHERE eventID IN (SELECT id FROM event WHERE sequence = old.sequence);
            DELETE FROM receipt WHERE eventID IN (SELECT id FROM event WHERE sequence = old.sequence);
            DELETE FROM event WHERE sequence = old.sequence;
            DELETE FROM catalogue WHERE sequence = old.sequence;
            DELETE FROM stale WHERE sequence = old.sequence;
        END;
        CREATE TRIGGER interactionRestored AFTER INSERT ON interaction
        WHEN new.sequence < (SELECT max(sequence) FROM catalogue) BEGIN
            INSERT OR IGNORE INTO stale (sequence) VALUES (new.sequence);
        END;
        CREATE TRIGGER interactionChanged AFTER UPDATE OF query, response ON interaction BEGIN
            DELETE FROM event WHERE sequence = old.sequence;
            INSERT OR IGNORE INTO stale (sequence) VALUES (old.sequence);
        END;
        """

    /// SQL for an event's text, `NULL` where the part is gone.
    ///
    /// - Parameter event: what the event's row is called.
    static func text(_ event: String) -> String {
        """
        ifnull(\(event).text, (SELECT \(EventText.name)(p.form, p.parts, p.content) FROM part p WHERE p.id = \(event).textPart))
        """
    }
}
