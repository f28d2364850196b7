import CurlClient
import Delivery
import FoundationEssentials
import Glibc
import Interactions
import NIOCore
import NIOPosix
import Proxy
import Store

/// Looks at everything that Steno needs to run, as the user who runs the command; changes nothing.
struct Doctor {
    let configuration: Configuration
    let client: HTTPClient
    /// Ask the providers' own hosts too.
    let asksPresets: Bool
    let timeout: Duration

    func findings() async -> [Finding] {
        let running = await askConsole()
        let answers = await askServers()
        var findings = CheckReport(configuration).warnings.map { Finding("configuration", .warning, $0) }
        if findings.isEmpty { findings.append(Finding("configuration", .ok, "no mistakes")) }
        findings += await ports(running)
        findings += store()
        findings += answers.map(\.finding)
        if !asksPresets, configuration.routes.contains(where: \.isPreset) {
            findings.append(Finding("presets", .skipped, "the providers' own hosts are asked with --presets"))
        }
        findings += files() + backlogs()
        findings.append(clock(answers.compactMap(\.date)))
        return findings
    }

    // MARK: - Ports

    private func askConsole() async -> ConsoleProbe.Answer? {
        guard let console = configuration.console else { return nil }
        return await ConsoleProbe.ask(console.listen, timeout: timeout, client)
    }

    private func ports(_ running: ConsoleProbe.Answer?) async -> [Finding] {
        let isRunning = if case .none? = running { false } else { running != nil }
        var findings: [Finding] = []
        for endpoint in configuration.listen.endpoints {
            switch endpoint {
            case .tcp(let host, let port):
                findings.append(await listening("listen", ListenAddress(host: host, port: port), isRunning))
            case .unix(let path): findings.append(socket(path, isRunning))
            }
        }
        guard let console = configuration.console else {
            return findings + [Finding("console.listen", .skipped, "off")]
        }
        switch running {
        case .ready?: findings.append(Finding("console.listen", .ok, "Steno runs, and is ready"))
        case .notReady(let reason)?:
            findings.append(
                Finding(
                    "console.listen", .failure, "Steno runs, and is not ready: \(reason)", advice: "its log says why"))
        default: findings.append(await listening("console.listen", console.listen, false))
        }
        return findings
    }

    private func listening(_ key: String, _ address: ListenAddress, _ isRunning: Bool) async -> Finding {
        do {
            try await Preflight.listen(address)
            guard isRunning else { return Finding(key, .ok, "\(address) is free") }
            return Finding(
                key, .warning, "nothing listens on \(address), though Steno runs",
                advice: "it was started with another configuration: start it anew, or give this command the same")
        } catch {
            if isRunning, (error as? IOError)?.errnoCode == EADDRINUSE {
                return Finding(key, .ok, "Steno listens on \(address)")
            }
            let message = StartFailure.listening(key, address, error).message.dropFirst("steno: ".count)
            let parts = message.split(separator: ";", maxSplits: 1).map { String($0).trimmed }
            return Finding(key, .failure, parts[0], advice: parts.count > 1 ? parts[1] : nil)
        }
    }

    private func socket(_ path: String, _ isRunning: Bool) -> Finding {
        let folder = URL(filePath: path).deletingLastPathComponent().path()
        guard FileManager.default.isWritableFile(atPath: folder) else {
            return Finding(
                "listen", .failure, "no socket can be made in \(folder)",
                advice: "make the folder, and let this user write to it")
        }
        return Finding("listen", .ok, isRunning ? "Steno listens on unix:\(path)" : "unix:\(path) can be made")
    }

    // MARK: - Servers

    private struct Answer: Sendable {
        var finding: Finding
        /// The server's clock and ours, in seconds since 1970.
        var date: (theirs: Double, ours: Double)?
    }

    private struct Server: Sendable {
        var check: String
        var key: String
        var url: BaseURL
        var tls: TLSSettings
    }

    private var servers: [Server] {
        let routes = configuration.routes.filter { asksPresets || !$0.isPreset }
        return routes.map { route in
            Server(
                check: "upstream \(route.name)", key: "route.\(route.name).upstream", url: route.upstream,
                tls: TLSSettings(
                    caFile: route.caFile, certificateFile: route.certificateFile, keyFile: route.keyFile,
                    verifiesPeer: route.verifiesPeer))
        }
            + configuration.sinks.compactMap { sink in
                sink.url.map {
                    Server(
                        check: "sink \(sink.name)", key: "sink.\(sink.name).url", url: $0,
                        tls: TLSSettings(caFile: sink.caFile))
                }
            }
    }

    /// All at once: each may take until its time is over.
    private func askServers() async -> [Answer] {
        let servers = servers
        return await withTaskGroup(of: (Int, Answer).self) { group in
            for (index, server) in servers.enumerated() {
                group.addTask { (index, await ask(server)) }
            }
            var answers: [(Int, Answer)] = []
            for await answer in group { answers.append(answer) }
            return answers.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func ask(_ server: Server) async -> Answer {
        if let path = server.url.socketPath { return Answer(finding: await connect(path, server)) }
        let request = HTTPRequest(
            method: "GET", url: "\(server.url.scheme)://\(server.url.authority)/", connectTimeout: timeout,
            totalTimeout: timeout, tls: server.tls)
        let result: Result<HTTPResponse, any Error>
        do { result = .success(try await client.send(request)) } catch { result = .failure(error) }
        let finding = UpstreamFinding.make(server.check, key: server.key, host: server.url.authority, result)
        let theirs = try? result.get().headers.first { $0.name.lowercased() == "date" }.flatMap {
            HTTPDate.seconds($0.value)
        }
        let ours = Double(Timestamp.now.microseconds) / 1e6
        if finding.verdict == .ok, !server.tls.verifiesPeer {
            let warning = Finding(
                server.check, .warning, finding.text + "; its certificate is not looked at",
                advice: "take `tls.verify = off` out, and set `tls.ca_file` if its authority is your own")
            return Answer(finding: warning, date: theirs.map { ($0, ours) })
        }
        return Answer(finding: finding, date: theirs.map { ($0, ours) })
    }

    private func connect(_ path: String, _ server: Server) async -> Finding {
        do {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(TimeAmount(timeout)).connect(unixDomainSocketPath: path).get()
            try await channel.close()
            return Finding(server.check, .ok, "unix:\(path) accepts connections")
        } catch {
            return Finding(
                server.check, .failure, "nobody listens on unix:\(path)",
                advice:
                    "start the backend, or set `\(server.key)` to its socket; this user must be allowed to write to it")
        }
    }

    // MARK: - Clock

    /// Servers tell whole seconds, and answers take a while.
    private func clock(_ dates: [(theirs: Double, ours: Double)]) -> Finding {
        Self.clock(differences: dates.map { $0.ours - $0.theirs })
    }

    /// - Parameter differences: ours less theirs, in seconds. The middle one counts: one server's clock may be wrong.
    static func clock(differences: [Double]) -> Finding {
        let sorted = differences.sorted()
        guard !sorted.isEmpty else { return Finding("clock", .skipped, "no server told the time") }
        let difference = sorted[sorted.count / 2]
        let seconds = Quantity.duration(milliseconds: difference.magnitude * 1000)
        guard difference.magnitude > 30 else {
            return Finding("clock", .ok, "right to within \(max(1, Int(difference.magnitude.rounded(.up)))) s")
        }
        return Finding(
            "clock", .warning, "\(seconds) \(difference > 0 ? "ahead of" : "behind") what servers say",
            advice: "let it be set by the network (`timedatectl set-ntp true`): times in records are this machine's")
    }
}

extension SinkSettings {
    /// `nil` of those that write to files.
    fileprivate var url: BaseURL? {
        switch target {
        case .v4(let url, _), .otlp(let url, _), .clickhouse(let url, _, _): url
        case .jsonl: nil
        }
    }
}
