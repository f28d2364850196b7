import ArgumentParser
import CurlClient
import FoundationEssentials
import Interactions
import Store

struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Send a recorded request again, and compare the answers.",
        discussion: """
            It goes to the upstream of its route, or to the URL that --to names, and is not recorded. Credentials were never \
            kept: the route's own set_header, the vendor's variable in the environment (OPENAI_API_KEY, ANTHROPIC_API_KEY, …; \
            to that vendor only) or --header-file bring them.
            """)

    @Argument(help: "The id of an interaction, or the beginning of one.")
    var id: String

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: ArgumentHelp("Send it there instead; its recorded path is added.", valueName: "url"))
    var to: String?

    @Option(name: .long, help: ArgumentHelp("Headers to send besides, `name: value` a line.", valueName: "file"))
    var headerFile: String?

    @Option(name: .long, help: ArgumentHelp("For the whole answer.", valueName: "duration"))
    var timeout = DurationText(.seconds(600))

    func run() async throws {
        let configuration = try options.require()
        let recorded = InteractionView(v4: try options.openStore().document(ofInteraction: id))
        let request: ReplayRequest
        do {
            request = try ReplayRequest(recorded)
        } catch {
            throw Failure(message: "steno: this request can't be sent again: \(error.text)")
        }
        if request.redactedPlaces > 0 {
            Output.error(
                "warning: \(Quantity.plural(request.redactedPlaces, "place")) of the request \(request.redactedPlaces == 1 ? "is" : "are") "
                    + "redacted; it is sent with the marks in place of what stood there")
        }
        let target = try target(of: recorded, configuration)
        var sent = HTTPRequest(
            method: request.method, url: target.url + request.path, headers: request.headers, body: request.body,
            totalTimeout: timeout.duration, tls: target.tls)
        sent.maximumBody = HTTPRequest.replayLimit
        for header in target.headers + (try headersOfFile()) {
            sent.headers.removeAll { $0.name.lowercased() == header.name.lowercased() }
            sent.headers.append(header)
        }
        let (response, nanoseconds) = try await send(sent)
        let replayed = try Replayed(
            request, response, nanoseconds: nanoseconds, of: recorded, redactors: try configuration.makeRedactors())
        let report = ReplayReport(recorded: recorded, now: replayed.view, url: target.url + request.path)
        if output.json { Output.json(report.json, pretty: true) } else { Output.line(report.render(output.terminal)) }
    }

    private func send(_ request: HTTPRequest) async throws -> (HTTPResponse, Int64) {
        let start = Tick.now
        do {
            let response = try await HTTPClient().send(request)
            return (response, Tick.now - start)
        } catch let error as CurlError {
            throw Failure(message: "steno: \(UpstreamFinding.text(error, host: request.url))")
        }
    }

    private struct Target {
        /// With what stands before the recorded path.
        var url: String
        var tls = TLSSettings()
        var headers: [(name: String, value: String)] = []
    }

    private func target(of view: InteractionView, _ configuration: Configuration) throws(Failure) -> Target {
        let environment = ProcessInfo.processInfo.environment
        if let to {
            do {
                let url = try BaseURL(to)
                return Target(
                    url: "\(url)",
                    headers: VendorKey.header(forHost: url.authority, environment: environment).map { [$0] } ?? [])
            } catch {
                throw Failure(message: "steno: --to: \(error.text)", code: 64)
            }
        }
        guard let route = configuration.routes.first(where: { $0.name == view.route }) else {
            throw Failure(
                message: "steno: its route \((view.route ?? "").oneLine) is not configured; say where it goes with --to"
            )
        }
        guard route.upstream.socketPath == nil else {
            throw Failure(message: "steno: its upstream is a Unix socket; say where it goes with --to")
        }
        let key = VendorKey.header(forHost: route.upstream.authority, environment: environment)
        let set = route.setHeaders.map { (name: $0.name, value: $0.value) }
        return Target(
            url: "\(route.upstream.scheme)://\(route.upstream.authority)",
            tls: TLSSettings(
                caFile: route.caFile, certificateFile: route.certificateFile, keyFile: route.keyFile,
                verifiesPeer: route.verifiesPeer),
            headers: (key.map { [$0] } ?? []) + set)
    }

    private func headersOfFile() throws(Failure) -> [(name: String, value: String)] {
        guard let headerFile else { return [] }
        let bytes: [UInt8]
        do {
            bytes = try FileAccess.disk.read(headerFile)
        } catch {
            throw Failure(message: "steno: the file \(headerFile.oneLine) \(error.text)")
        }
        var headers: [(name: String, value: String)] = []
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else {
                throw Failure(message: "steno: the file \(headerFile.oneLine) holds a line that is no `name: value`")
            }
            headers.append((String(line[..<colon]).trimmed, String(line[line.index(after: colon)...]).trimmed))
        }
        return headers
    }
}
