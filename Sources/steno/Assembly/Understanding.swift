import Delivery
import Dialects
import Redaction

/// What makes an interaction of an exchange, by the configuration of the moment.
struct Understanding: Sendable {
    let interpreter: Interpreter
    let redactor: Redactor
}

extension Assembly {
    func makeUnderstanding() throws(Failure) -> Understanding {
        var settings = Interpreter.Settings()
        settings.keepsMedia = configuration.capture.keepsMedia
        return Understanding(interpreter: Interpreter(settings: settings), redactor: try configuration.makeRedactor())
    }
}

extension Current<Understanding> {
    var steps: Recorder.Steps {
        Recorder.Steps(
            interpret: { self.value.interpreter.interaction(of: $0, requestBody: $1, responseBody: $2) },
            redact: { try self.value.redactor.redact($0).interaction },
            withhold: \.withheld)
    }
}
