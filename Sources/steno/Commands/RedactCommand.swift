import ArgumentParser
import Interactions
import Redaction

struct RedactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redact",
        abstract: "Read JSON or text and print what would be logged of it; on standard error, which rule did what.")

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: "As for this route's traffic.")
    var route: String?

    @Flag(name: .long, help: #"Read lines of {"id","text"} and write such lines."#)
    var lines = false

    func run() throws {
        let configuration = try options.require()
        if let route, !configuration.routes.contains(where: { $0.name == route }) {
            throw Failure(message: "steno: there is no route `\(route.oneLine)`")
        }
        let redactor = try configuration.makeRedactors().redactor(ofRoute: route)
        if lines { return redactLines(redactor) }
        let input = Platform.readStandardInput()
        let receipts: [Receipt]
        do {
            if let json = try? JSON(parsing: input) {
                let result = try redactor.redact(json)
                Output.json(result.json, pretty: true)
                receipts = result.receipts
            } else {
                let result = try redactor.redact(text: String(decoding: input, as: UTF8.self))
                Platform.write(result.text, to: 1)
                receipts = result.receipts
            }
        } catch {
            throw Failure(message: "steno: redaction failed, so all of the content would be withheld")
        }
        let report = RedactionReport(receipts: receipts)
        Output.error(output.json ? report.json.text : report.render(.plain))
    }

    /// A line that can't be read or redacted gives its id, where it has one, and no text.
    private func redactLines(_ redactor: Redactor) {
        while let line = readLine() {
            guard let json = try? JSON(parsing: line), let text = json["text"]?.string else {
                Output.json(.object(["id": nil, "text": ""]))
                continue
            }
            let redacted = (try? redactor.redact(text: text).text) ?? ""
            Output.json(.object(["id": json["id"], "text": .string(redacted)]))
        }
    }
}
