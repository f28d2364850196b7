import Interactions
import Testing

@testable import steno

@Suite struct InteractionViewTests {
    @Test(
        "Tool results are found in each vendor's form",
        arguments: [
            (
                #"{"messages":[{"role":"tool","tool_call_id":"a","content":"1"},{"role":"user","content":"x"}]}"#,
                [String]()
            ),
            (
                #"{"messages":[{"role":"tool","tool_call_id":"a","content":"1"},"#
                    + #"{"role":"tool","tool_call_id":"b","content":[{"type":"text","text":"2"}]}]}"#,
                ["a=1", "b=2"]
            ),
            (
                #"{"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"3"}]}]}"#,
                ["t=3"]
            ),
            (#"{"input":[{"type":"message"},{"type":"function_call_output","call_id":"f","output":"4"}]}"#, ["f=4"]),
            (#"{"input":"text"}"#, []), (#""text""#, []), (#"{"messages":5}"#, []),
        ])
    func toolResults(_ body: String, _ expected: [String]) throws {
        let results = view(body: try JSON(parsing: body)).toolResults
        #expect(results.map { "\($0.call ?? "")=\($0.text)" } == expected)
    }

    @Test("Arguments that are no JSON are shown as they are")
    func arguments() {
        let calls: JSON = [["name": "f", "arguments": "{broken"], ["name": "g"]]
        #expect(
            view(toolCalls: calls).toolCalls == [
                .init(name: "f", arguments: "{broken"), .init(name: "g", arguments: "null"),
            ])
    }

    @Test("Of an empty document everything is absent")
    func empty() {
        let view = InteractionView(v4: .object([:]))
        #expect(view.id == "")
        #expect(view.model == nil)
        #expect(view.toolCalls.isEmpty)
        #expect(!ConversationPage.interaction(view, .plain).isEmpty)
        #expect(!TailLine.render(view, .plain).isEmpty)
    }
}
