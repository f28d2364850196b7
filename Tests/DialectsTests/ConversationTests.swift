import Interactions
import Testing

@testable import Dialects

@Suite struct ConversationTests {
    private static let key = ThreadKey([1, 2, 3])

    private func conversation(_ messages: [Message], scope: String = "r") -> Conversation {
        var conversation = Conversation(key: Self.key, scope: Array(scope.utf8))
        conversation.add(messages)
        return conversation
    }

    private static let asked = [Message(.user, [.text("Hi")])]
    private static let answer = Message(.assistant, [.text("Hello")])
    private static let more = Message(.user, [.text("More")])

    @Test("A request that repeats an exchange and goes on begins with it")
    func continues() throws {
        let mark = try #require(conversation(Self.asked).mark(answer: Self.answer))
        let next = conversation(Self.asked + [Self.answer, Self.more])
        #expect(next.beginnings() == [mark])
        let second = try #require(next.mark(answer: Message(.assistant, [.text("Yes")])))
        let third = conversation(
            Self.asked + [Self.answer, Self.more, Message(.assistant, [.text("Yes")]), Message(.user, [.text("And?")])])
        #expect(third.beginnings() == [second, mark])
    }

    @Test("The first message alone begins nothing, and says nothing without an answer")
    func firstMessage() {
        #expect(conversation(Self.asked).beginnings().isEmpty)
        #expect(conversation(Self.asked).mark(answer: Message(.assistant, [.text(" ")])) == nil)
        #expect(conversation(Self.asked).mark(answer: Message(.assistant, [.reasoning("Hm")])) == nil)
        #expect(conversation([]).mark(answer: Self.answer) == nil)
    }

    private static let call = Message.Part.toolCall(id: "c", name: "f", arguments: ["a": 1])
    private static let result = Message.Part.toolCallResponse(id: "c", response: "sunny")

    @Test(
        "What apps, SDKs and vendors change on the way makes no difference",
        arguments: [
            ("system", [Message(.system, [.text("It is Sunday")])] + asked, answer),
            ("white space", [Message(.user, [.text(" Hi\n")])], Message(.assistant, [.text("Hello \n")])),
            ("parts", [Message(.user, [.text("H"), .text("i")])], Message(.assistant, [.text("Hel"), .text("lo")])),
            ("messages", [Message(.user, [.text("H")]), Message(.user, [.text("i")])], answer),
            ("reasoning", asked, Message(.assistant, [.reasoning("Hm"), .text("Hello")])),
            (
                "server tools", asked,
                Message(.assistant, [.serverToolCall(id: "s", name: "search", arguments: [:]), .text("Hello")])
            ),
            ("names", [Message(.user, [.text("Hi")], name: "Ann")], answer),
            ("what is empty", asked + [Message(.assistant, [.text("")])], answer),
        ] as [(String, [Message], Message)])
    func same(change: String, request: [Message], answer: Message) {
        #expect(conversation(request).mark(answer: answer) == conversation(Self.asked).mark(answer: Self.answer))
    }

    @Test("Tool calls and results count by their ids, whatever becomes of their words")
    func tools() throws {
        let first = try #require(
            conversation(Self.asked).mark(answer: Message(.assistant, [.text("I ask"), Self.call])))
        // As items behind one another, the arguments written anew.
        let next = conversation(
            Self.asked + [
                Message(.assistant, [.text("I ask")]),
                Message(.assistant, [.toolCall(id: "c", name: "f", arguments: ["a": .double(1)])]),
                Message(.tool, [Self.result]),
            ])
        #expect(next.beginnings() == [first])
        let second = try #require(next.mark(answer: Self.answer))
        let cleared = conversation(
            Self.asked + [
                Message(.assistant, [.text("I ask"), Self.call]),
                Message(.user, [.toolCallResponse(id: "c", response: "[cleared]")]), Self.answer, Self.more,
            ])
        #expect(cleared.beginnings() == [second, first])
    }

    @Test("An answer that goes on from the request's last words is one with them")
    func prefill() throws {
        let begun = Self.asked + [Message(.assistant, [.text("Hel")])]
        let mark = try #require(conversation(begun).mark(answer: Message(.assistant, [.text("lo")])))
        #expect(mark == conversation(Self.asked).mark(answer: Self.answer))
        // An answer that the vendor has paused is sent back as it is.
        #expect(conversation(Self.asked + [Self.answer]).beginnings() == [mark])
    }

    @Test(
        "Other words, another order, another app are another conversation",
        arguments: [
            ("edited", [Message(.user, [.text("Ho")])], answer, "r"),
            ("other answer", asked, Message(.assistant, [.text("Hallo")]), "r"),
            ("said by the other", [Message(.assistant, [.text("Hi")])], Message(.assistant, [.text("Hello")]), "r"),
            ("more before", [more] + asked, answer, "r"),
            (
                "an image", [Message(.user, [.text("Hi"), .blob(Message.Medium("image"), content: "AA==")])], answer,
                "r"
            ),
            ("a call", asked, Message(.assistant, [.text("Hello"), call]), "r"),
            ("another route or key", asked, answer, "s"),
        ] as [(String, [Message], Message, String)])
    func other(change: String, request: [Message], answer: Message, scope: String) {
        let mark = conversation(request, scope: scope).mark(answer: answer)
        #expect(mark != nil)
        #expect(mark != conversation(Self.asked).mark(answer: Self.answer))
    }

    @Test(
        "Credentials keep apps apart, as far as they stay the same from request to request",
        arguments: [
            ("authorization: Bearer a", "/x", "authorization: Bearer b", "/x", false),
            ("Authorization: Bearer a", "/x", "authorization: Bearer a", "/y?z=1", true),
            ("x-api-key: a", "/x", "x-api-key: b", "/x", false), ("a: b", "/x?key=a", "a: b", "/x?key=b", false),
            ("user-agent: a", "/x", "user-agent: b", "/x", true),
            (
                "Authorization: AWS4-HMAC-SHA256 Credential=AKIA/20261121/eu, Signature=1", "/x",
                "Authorization: AWS4-HMAC-SHA256 Credential=AKIA/20261122/eu, Signature=2", "/x", true
            ),
        ])
    func scope(one: String, target: String, other: String, otherTarget: String, isSame: Bool) {
        func scope(_ lines: String, _ target: String) -> [UInt8] {
            ThreadKey.scope(route: "r", headers: [HeaderField](lines: Array(lines.utf8)), target: target)
        }
        #expect((scope(one, target) == scope(other, otherTarget)) == isSame)
        #expect(scope(one, target) != ThreadKey.scope(route: "s", headers: [], target: ""))
    }
}
