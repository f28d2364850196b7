import FoundationEssentials
import Interactions
import Testing

@testable import Console

@Suite struct QueryParametersTests {
    @Test("Values are read as forms write them, the last of a name counts")
    func decoding() {
        let parameters = QueryParameters("a=1&b=x+y%26z&a=2&%63=%C3%A9&d&e=%zz")
        #expect(parameters.text("a") == "2")
        #expect(parameters.text("b") == "x y&z")
        #expect(parameters.text("c") == "é")
        #expect(parameters.text("d") == nil)
        #expect(parameters.text("e") == "%zz")
    }

    @Test("All that is wrong is told at once, by name and kind")
    func problems() {
        var parameters = QueryParameters(
            "size=0&page=x&sort_order=up&channel_id=1&include_incomplete=maybe&end_time=now")
        _ = parameters.time("end_time", isRequired: true)
        _ = parameters.integer("size", from: 1, to: 100)
        _ = parameters.integer("page", from: 1)
        _ = parameters.choice("sort_order", ["asc": 1, "desc": 2])
        _ = parameters.uuid("channel_id")
        _ = parameters.flag("include_incomplete", takesNull: true)
        _ = parameters.time("missing", isRequired: true)
        #expect(
            parameters.problems.map(\.type) == [
                "datetime_parsing", "greater_than_equal", "int_parsing", "literal_error", "uuid_parsing",
                "bool_parsing",
                "missing",
            ])
        #expect(parameters.problems.map { $0.location[1] }.first == "end_time")
        #expect(throws: APIError.self) { try parameters.check() }
    }

    @Test(
        "Whole numbers have no limits of their own",
        arguments: [("7", 7), ("100000000000000000000", Int.max), ("1.0", nil), ("", nil), ("+1", nil), ("-3", nil)])
    func integers(_ text: String, _ value: Int?) {
        var parameters = QueryParameters("n=\(text)")
        #expect(parameters.integer("n", from: 1) == value)
        #expect(parameters.problems.isEmpty == (value != nil))
    }

    @Test(
        "Times are RFC 3339; a plus sign that became a blank is one",
        arguments: [
            ("1970-01-01T00:00:01.5Z", 1_500_000), ("1970-01-01T01:00:00%2B01:00", 0), ("1970-01-01T01:00:00+01:00", 0),
            ("1970-01-01", nil), ("", nil), ("now", nil),
        ])
    func times(_ text: String, _ microseconds: Int64?) {
        var parameters = QueryParameters("t=\(text)")
        #expect(parameters.time("t")?.microseconds == microseconds)
        #expect(parameters.problems.isEmpty == (microseconds != nil))
    }
}
