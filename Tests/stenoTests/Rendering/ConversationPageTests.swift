import Interactions
import Testing

@testable import steno

@Suite struct ConversationPageTests {
    private let calls: JSON = [["id": "c1", "name": "get_weather", "arguments": ["city": "Paris"]]]

    @Test("An interaction reads as a conversation, its measures below")
    func interaction() {
        let view = view(
            reasoning: "The user wants weather.", toolCalls: calls,
            extra: ["steno.redactions": ["email": 2], "steno.output_tokens_per_second": .double(30.5)])
        #expect(
            ConversationPage.interaction(view, .plain) == """
                interaction  01a1fddf-c409-7820-b260-d0750e57c050
                thread       27eb0e68-126f-5dd7-9337-ff2a5ffceb1f (x-thread-id)
                time         2026-11-21 11:31:02 UTC
                request      POST /v1/chat/completions → 200
                model        gpt-test · openai.chat · route openai

                user
                  What is the weather in Paris?

                reasoning
                  The user wants weather.

                tool call get_weather
                  {"city":"Paris"}

                answer
                  It is sunny.

                usage       prompt 5 · answer 7 · total 12
                timing      first byte 120 ms · total 1.2 s · 30.5 tokens/s
                connection  new · DNS 1 ms · connect 2.3 ms · TLS 12 ms
                outcome     complete · stop
                redacted    email 2
                """)
    }

    @Test("The whole, cut to milliseconds, is no shorter than what came before its end")
    func whole() {
        let page = ConversationPage.interaction(view(extra: ["steno.time_to_first_byte_ms": .double(1290.9)]), .plain)
        #expect(page.contains("timing      first byte 1.3 s · total 1.3 s\n"))
    }

    @Test("A thread shows a turn's question once, then what tools brought")
    func thread() {
        let second: JSON = [
            "messages": [
                ["role": "user", "content": "What is the weather in Paris?"], ["role": "assistant", "tool_calls": []],
                ["role": "tool", "tool_call_id": "c1", "content": "18 °C"],
            ]
        ]
        let views = [view(response: "", toolCalls: calls), view(body: second)]
        #expect(
            ConversationPage.thread("27eb0e68", views, .plain) == """
                thread  27eb0e68
                time    2026-11-21 11:31:02 UTC
                holds   1 turn · 2 interactions · 24 tokens

                user
                  What is the weather in Paris?

                tool call get_weather
                  {"city":"Paris"}
                  01a1fddf-c409-7820-b260-d0750e57c050 · gpt-test · 1.2 s · 12 tokens · complete

                tool result c1
                  18 °C

                answer
                  It is sunny.
                  01a1fddf-c409-7820-b260-d0750e57c050 · gpt-test · 1.2 s · 12 tokens · complete
                """)
    }

    @Test("What runs, or broke off with Steno itself, is told behind what is recorded")
    func incomplete() {
        func unrecorded(_ state: String, _ more: KeyValuePairs<String, JSON?>) -> InteractionView {
            var document = JSON.Object([
                .init("thread_id", "27eb0e68"), .init("start_timestamp", "2026-11-21T11:32:00.000000Z"),
                .init(
                    "operation_metadata",
                    ["steno.interaction_id": "01a1fddf", "steno.route": "openai", "steno.state": .string(state)]),
            ])
            for (name, value) in more { document[name] = value }
            return InteractionView(v4: .object(document))
        }
        let crashed = unrecorded("crashed", ["operation_status": "ERROR"])
        let running = unrecorded("running", ["duration_ms": 12_300])
        let page = ConversationPage.thread("27eb0e68", [view(), crashed, running], .plain)
        #expect(page.contains("\nholds   1 turn · 1 interaction · 12 tokens · 1 running\n"))
        #expect(
            page.hasSuffix(
                """
                · complete

                broke off
                  with Steno itself · route openai
                  01a1fddf

                running
                  since 2026-11-21 11:32:00 UTC · route openai
                  01a1fddf · 12.3 s
                """))
        #expect(
            ConversationPage.interaction(running, .plain) == """
                interaction  01a1fddf
                thread       27eb0e68
                time         2026-11-21 11:32:00 UTC
                model        route openai

                running
                  since 2026-11-21 11:32:00 UTC · route openai

                timing      so far 12.3 s
                """)
    }

    @Test("What failed says how")
    func failure() {
        let view = view(
            response: "", status: 502, isError: true,
            extra: ["steno.outcome": "upstream_failed", "error.type": "upstream_unreachable"])
        let lines = ConversationPage.interaction(view, .plain).split(separator: "\n").map(String.init)
        #expect(lines.contains("error"))
        #expect(lines.contains("  upstream_failed · upstream_unreachable · status 502"))
    }

    @Test("Lines fit the terminal", arguments: [80, 200])
    func width(_ width: Int) {
        let long = view(response: String(repeating: "word ", count: 100))
        let text = ConversationPage.interaction(long, Terminal(width: width, hasColour: false))
        #expect(text.split(separator: "\n").allSatisfy { String($0).displayWidth <= width })
    }

    @Test("What models say can't steer the terminal")
    func escapes() {
        let text = ConversationPage.interaction(view(response: "\u{1B}]0;owned\u{7}"), .plain)
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }
}
