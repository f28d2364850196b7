import Delivery
import Dialects
import Redaction

/// What makes an interaction of an exchange, by the configuration of the moment. A class, as it is taken hold of twice for each
/// exchange.
final class Understanding: Sendable {
    let interpreter: Interpreter
    let redactors: Redactors

    init(interpreter: Interpreter, redactors: Redactors) {
        self.interpreter = interpreter
        self.redactors = redactors
    }
}

extension Assembly {
    func makeUnderstanding(_ threads: Threads) throws(Failure) -> Understanding {
        var settings = Interpreter.Settings()
        settings.keepsMedia = configuration.capture.keepsMedia
        settings.threadKey = threads.key
        settings.infersThreads = configuration.infersThreads
        settings.threadRules = configuration.threadRules
        settings.stallThreshold = configuration.stallThreshold
        return Understanding(interpreter: Interpreter(settings: settings), redactors: try configuration.makeRedactors())
    }
}

extension Current<Understanding> {
    func steps(_ threads: Threads) -> Recorder.Steps {
        var steps = Recorder.Steps(
            interpret: { self.value.interpreter.interaction(of: $0, requestBody: $1, responseBody: $2) },
            redact: { try self.value.redactors.redact(&$0) },
            withhold: \.withheld)
        steps.redactReceived = { try self.value.redactors.redactReceived(&$0) }
        steps.place = { threads.place(&$0) }
        return steps
    }
}
