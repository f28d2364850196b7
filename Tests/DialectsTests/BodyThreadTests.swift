import Interactions
import Testing

@testable import Dialects

@Suite struct BodyThreadTests {
    private static let id = "0199a0c4-7b1c-7d35-9f10-52f4f2a6c1de"

    @Test(
        "Bodies that name their thread",
        arguments: [
            (#"{"conversation":"\#(id)"}"#, "conversation"),
            (#"{"conversation":{"id":"\#(id)"}}"#, "conversation"),
            (#"{"metadata":{"session_id":"\#(id)"}}"#, "metadata.session_id"),
            (#"{"metadata":{"user_id":"user_ab12_account__session_\#(id)"}}"#, "metadata.user_id"),
            (#"{"metadata":{"user_id":"{\"device_id\":\"d\",\"session_id\":\"\#(id)\"}"}}"#, "metadata.user_id"),
        ])
    func named(request: String, source: String) {
        let thread = BodyThread.thread(in: json(request))
        #expect(thread?.id.text == Self.id)
        #expect(thread?.source == source)
    }

    @Test(
        "Bodies that name none",
        arguments: [
            "{}", #"{"conversation":null}"#, #"{"metadata":{"user_id":"user-1"}}"#, #"{"metadata":"x"}"#, "[1]",
            #"{"metadata":{"user_id":"x_session_none"}}"#,
        ])
    func unnamed(request: String) {
        #expect(BodyThread.thread(in: json(request)) == nil)
    }
}
