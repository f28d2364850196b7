import CurlClient
import Interactions
import Logging
import Proxy
import ServiceLifecycle
import UnixSignals

var logger = Logger(label: "steno")
let arguments = CommandLine.arguments
let upstream = Upstream(origin: arguments[2], tls: TLSSettings(caFile: arguments.count > 3 ? arguments[3] : nil))
var route = Route(path: "/", upstream: upstream, label: .init(name: "default", applicationVariantID: "local"))
route.firstByteTimeout = .seconds(3)
route.idleTimeout = .seconds(3)
var settings = ProxySettings(port: Int(arguments[1]) ?? 0, workers: 1, routes: [route])
settings.headerTimeout = .seconds(3)
settings.bodyTimeout = .seconds(3)
settings.names = ["steno.test"]
let budget = CaptureBudget(limit: 256 << 20)
let server = ProxyServer(settings: settings, budget: budget, logger: logger) { _, _ in nil } capture: { exchange in
    budget.giveBack(exchange.capturedBytes)
}
try await server.start()
let group = ServiceGroup(
    configuration: .init(services: [.init(service: server)], gracefulShutdownSignals: [.sigterm], logger: logger))
try await group.run()
