import Interactions
import Testing

@testable import Dialects

/// Images, speech and transcriptions.
@Suite struct OpenAIMediaTests {
    @Test("A stream of images becomes the object of a call without one")
    func images() {
        let dialect = OpenAIImages()
        let result = dialect.accumulate(
            stream([
                #"{"type":"image_generation.partial_image","b64_json":"AA==","partial_image_index":0,"size":"1x1"}"#,
                #"{"type":"image_generation.completed","b64_json":"AQ==","created_at":7,"size":"1x1","quality":"low","usage":{"input_tokens":2,"output_tokens":3,"total_tokens":5}}"#,
            ]))
        #expect(
            result.body
                == json(
                    #"{"created":7,"size":"1x1","quality":"low","usage":{"input_tokens":2,"output_tokens":3,"total_tokens":5},"data":[{"b64_json":"AQ=="}]}"#
                ))
        #expect(result.isComplete)
        #expect(result.body.map(dialect.answer)?.usage?.total == 5)
    }

    @Test("A stream of images that breaks off leaves its last partial one, an error what came before it")
    func brokenImages() {
        let partial = #"{"type":"image_edit.partial_image","b64_json":"AA==","partial_image_index":0}"#
        let broken = OpenAIImages().accumulate(stream([partial]))
        #expect(broken.body?["b64_json"] == "AA==")
        #expect(!broken.isComplete)
        let failed = OpenAIImages().accumulate(stream([partial, #"{"type":"error","error":{"code":"moderation"}}"#]))
        #expect(failed.error == ["code": "moderation"])
    }

    @Test("Pieces of speech are one, and decode as one")
    func speech() {
        let result = OpenAISpeech().accumulate(
            stream([
                #"{"type":"speech.audio.delta","audio":"AAE="}"#, #"{"type":"speech.audio.delta","audio":"Ag=="}"#,
                #"{"type":"speech.audio.done","usage":{"input_tokens":1,"output_tokens":2,"total_tokens":3}}"#,
            ]))
        #expect(result.body?["audio"]?.string.flatMap { Base64.decode($0) } == [0, 1, 2])
        #expect(result.body?["usage"]?["total_tokens"] == 3)
        #expect(result.isComplete)
    }

    @Test("A transcript's last event tells the whole; before it, deltas do")
    func transcript() {
        let dialect = OpenAITranscriptions()
        let deltas = [
            #"{"type":"transcript.text.delta","delta":"Good ","logprobs":[{"token":"Good"}]}"#,
            #"{"type":"transcript.text.delta","delta":"day"}"#,
        ]
        let broken = dialect.accumulate(stream(deltas))
        #expect(broken.body == ["text": "Good day", "logprobs": [["token": "Good"]]])
        #expect(!broken.isComplete)
        let whole = dialect.accumulate(
            stream(
                deltas + [
                    #"{"type":"transcript.text.done","text":"Good day.","usage":{"type":"tokens","input_tokens":9,"output_tokens":3,"total_tokens":12}}"#
                ]))
        let answer = whole.body.map(dialect.answer)
        #expect(answer?.text == "Good day.")
        #expect(answer?.usage?.input == 9)
        #expect(whole.isComplete)
    }

    @Test("Segments with speakers are kept beside the text")
    func segments() {
        let body = OpenAITranscriptions().accumulate(
            stream([
                #"{"type":"transcript.text.segment","id":"s","text":" Hi","speaker":"A","start":0,"end":1}"#,
                #"{"type":"transcript.text.done","text":"Hi"}"#,
            ])
        ).body
        #expect(body == json(#"{"segments":[{"id":"s","text":" Hi","speaker":"A","start":0,"end":1}],"text":"Hi"}"#))
    }

    @Test("A form is the request, plain text the answer")
    func form() {
        var example = Example()
        example.path = "/v1/audio/transcriptions"
        example.requestType = "multipart/form-data; boundary=b"
        example.request =
            "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp3\"\r\n\r\nabc\r\n--b--\r\n"
        example.contentType = "text/plain; charset=utf-8"
        example.response = "Good day.\n"
        let interaction = example.interaction
        #expect(interaction.output.response == "Good day.\n")
        #expect(interaction.output.body == "Good day.\n")
        #expect(interaction.input.request.body?["file"]?["filename"] == "a.mp3")
        #expect(interaction.metadata["gen_ai.request.model"] == "whisper-1")
        #expect(interaction.metadata["gen_ai.operation.name"] == "transcription")
    }

    @Test("Audio is a digest, whatever its bytes look like")
    func audio() {
        var example = Example()
        example.path = "/v1/audio/speech"
        example.request = #"{"model":"tts","input":"Good day.","voice":"a"}"#
        example.contentType = "audio/pcm"
        example.response = "abc"
        let interaction = example.interaction
        #expect(interaction.input.query == "Good day.")
        #expect(interaction.output.body?["media_type"] == "audio/pcm")
        #expect(interaction.output.body?["bytes"] == 3)
        #expect(interaction.output.response == "")
        #expect(interaction.status == .success)
    }
}
