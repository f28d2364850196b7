import Interactions
import Testing

@testable import Redaction

@Suite struct WithholdingTests {
    @Test("keeps what Steno itself says of an exchange and nothing that came from anyone else")
    func withheld() {
        var interaction = Fixtures.interaction(query: "private words")
        interaction.input.request.path = "/v1/users/0123456789abcdef0123456789/x?key=private"
        interaction.input.request.headers = [HeaderField("User-Agent", "private")]
        interaction.output.response = "private"
        interaction.output.body = "private"
        interaction.output.reasoning = "private"
        interaction.output.toolCalls = ["private"]
        interaction.output.context = ["private"]
        interaction.spans[0].nodeID = "private"
        interaction.spans[0].input["a"] = "private"
        interaction.spans[0].output["a"] = "private"
        interaction.spans[0].metadata["a"] = "private"
        interaction.metadata["app"] = "private"
        interaction.metadata["private"] = 1
        interaction.metadata["gen_ai.request.model"] = "private"
        interaction.metadata["steno.outcome"] = "private words"
        let withheld = interaction.withheld
        #expect(!withheld.v4.text.contains("private"))
        #expect(withheld.input.request.path == "/v1/users/-/x")
        #expect(
            withheld.id == interaction.id && withheld.turnID == interaction.turnID
                && withheld.status == interaction.status)
        #expect(withheld.metadata["steno.redaction_failed"] == true)
        #expect(withheld.metadata["steno.route"] == "default" && withheld.metadata["tokens_used"] == 1_234_567_890)
        #expect(withheld.spans.count == 1 && withheld.output.status == 200)
    }
}
