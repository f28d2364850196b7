/// Tables for those who look into the store. They follow from the interactions alone, and are filled some time after
/// those were recorded, so that recording stays as cheap as it is.
///
/// `catalogue` has a narrow row for each interaction: what lists are filtered and summed up by. `event` has what the
/// interaction said, piece by piece: a long text is a part of the interaction's body, which has it as long as it has these
/// events. `search` is a full-text index that keeps no text, and only in which interactions a word stands, not where.
/// `catalogueName` has names that stand in many rows. `stale` names interactions that were changed since, or came back from
/// a damaged store.
enum CatalogueSchema {
    /// Tables that are filled anew from the interactions where they are missing.
    static let derived: Set<String> = [
        "catalogue", "catalogueName", "stale", "event", "receipt", "search", "search_config", "search_data",
        "search_docsize", "search_idx",
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
        DROP TABLE IF EXISTS catalogueName;
        """

    /// Indexes take more room than what they are of, so there are few, of few columns: of threads, turns and ids they have
    /// digests. An event's `place` is an `EventPlace`; `thread` is there at the top of a turn only, and `size` where the text is
    /// cut. `parentDistance` is how many interactions before it the event stands that it hangs under, `readAfter` how many
    /// behind it the one is whose request brought it along.
    static let tables = """
        CREATE TABLE catalogueName (
            number INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        );
        CREATE TABLE catalogue (
            sequence INTEGER PRIMARY KEY,
            thread INTEGER NOT NULL,
            turn INTEGER NOT NULL,
            start INTEGER NOT NULL,
            durationMilliseconds INTEGER NOT NULL,
            firstToken INTEGER,
            isError INTEGER NOT NULL,
            isComplete INTEGER NOT NULL,
            httpStatus INTEGER,
            route INTEGER,
            variant INTEGER NOT NULL,
            model INTEGER,
            user TEXT,
            tools TEXT,
            redactions TEXT,
            promptTokens INTEGER,
            responseTokens INTEGER
        );
        CREATE INDEX catalogueByStart ON catalogue (start, durationMilliseconds, firstToken, isError);
        CREATE INDEX catalogueByTurn ON catalogue (turn);
        CREATE TABLE stale (sequence INTEGER PRIMARY KEY);

        CREATE TABLE event (
            sequence INTEGER NOT NULL,
            place INTEGER NOT NULL,
            createdAt INTEGER NOT NULL,
            isComplete INTEGER NOT NULL,
            isExternal INTEGER NOT NULL,
            isTop INTEGER NOT NULL,
            thread INTEGER,
            mark INTEGER NOT NULL,
            parentDistance INTEGER,
            parentPlace INTEGER,
            callID TEXT,
            name TEXT,
            text TEXT,
            textPart INTEGER,
            size INTEGER,
            PRIMARY KEY (sequence, place)
        ) WITHOUT ROWID;
        CREATE INDEX eventByMark ON event (mark);
        CREATE INDEX eventByTime ON event (createdAt, sequence, place, isComplete, isExternal, isTop) WHERE isTop = 1;
        CREATE INDEX eventByThread ON event (thread, createdAt, sequence, place, isComplete, isExternal)
            WHERE thread IS NOT NULL;
        CREATE INDEX reasoningByTime ON event (createdAt, sequence, place, isComplete, isExternal)
            WHERE \(EventPlace.isReasoning);
        CREATE VIRTUAL TABLE search USING fts5 (
            text, content = '', columnsize = 0, detail = none, tokenize = 'unicode61 remove_diacritics 2'
        );
        CREATE TABLE receipt (
            sequence INTEGER NOT NULL,
            place INTEGER NOT NULL,
            agent INTEGER NOT NULL,
            readAfter INTEGER NOT NULL,
            PRIMARY KEY (sequence, place, agent)
        ) WITHOUT ROWID;

        CREATE TRIGGER interactionErased BEFORE DELETE ON interaction BEGIN
            DELETE FROM reaction WHERE eventID IN
                (SELECT \(EventPlace.idFunction)(old.id, place) FROM event WHERE sequence = old.sequence);
            DELETE FROM receipt WHERE sequence = old.sequence;
            \(forgetting("old.sequence").joined(separator: ";\n"));
            DELETE FROM catalogue WHERE sequence = old.sequence;
            DELETE FROM stale WHERE sequence = old.sequence;
        END;
        CREATE TRIGGER interactionRestored AFTER INSERT ON interaction
        WHEN new.sequence < (SELECT max(sequence) FROM catalogue) BEGIN
            INSERT OR IGNORE INTO stale (sequence) VALUES (new.sequence);
        END;
        CREATE TRIGGER interactionChanged BEFORE UPDATE OF query, response ON interaction BEGIN
            \(forgetting("old.sequence").joined(separator: ";\n"));
            INSERT OR IGNORE INTO stale (sequence) VALUES (old.sequence);
        END;
        """

    /// Takes out what an interaction said. The index wants to be told the words, so this comes before they are changed where
    /// they are.
    ///
    /// - Parameter sequence: SQL for its number.
    static func forgetting(_ sequence: String) -> [String] {
        [
            """
            INSERT INTO search (search, rowid, text)
                SELECT 'delete', e.sequence, group_concat(\(text("e")), char(10))
                FROM event e WHERE e.sequence = \(sequence) GROUP BY e.sequence
            """,
            "DELETE FROM event WHERE sequence = \(sequence)",
        ]
    }

    /// SQL for an event's text, `NULL` where its part is gone. What the interaction's own columns have whole is read there.
    ///
    /// - Parameter event: what the event's row is called.
    static func text(_ event: String) -> String {
        """
        CASE WHEN \(event).text IS NOT NULL THEN \(event).text
            WHEN \(event).textPart IS NOT NULL THEN (
                SELECT \(EventText.name)(p.form, p.parts, p.content) FROM part p WHERE p.id = \(event).textPart)
            ELSE (SELECT CASE \(event).place WHEN \(EventPlace(.question).number) THEN t.query ELSE t.response END
                FROM interaction t WHERE t.sequence = \(event).sequence)
            END
        """
    }

    /// SQL for the number of a name that is given as an argument; `NULL` for one that nothing has.
    static let number = "(SELECT number FROM catalogueName WHERE name = ?)"
}
