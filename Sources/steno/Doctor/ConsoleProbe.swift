import CurlClient

/// Asks the console of a running Steno whether it is ready.
enum ConsoleProbe {
    enum Answer: Sendable, Hashable {
        case ready
        /// Its own words.
        case notReady(String)
        /// Something else listens there, or nothing does.
        case none(String)
    }

    static func ask(_ address: ListenAddress, timeout: Duration, _ client: HTTPClient) async -> Answer {
        let request = HTTPRequest(
            method: "GET", url: "http://\(reachable(address))/readyz", connectTimeout: timeout, totalTimeout: timeout)
        do {
            let response = try await client.send(request)
            let text = String(decoding: response.body.prefix(200), as: UTF8.self).oneLine
            switch response.status {
            case 200 where text == "ready": return .ready
            case 503: return .notReady(text)
            default: return .none("something that is not Steno answers there")
            }
        } catch let error as CurlError {
            return .none(error.kind == .timedOut ? "no answer in time" : "nothing answers there")
        } catch {
            return .none(StartFailure.text(error))
        }
    }

    /// An address to connect to: one that stands for all of a machine's is no destination.
    static func reachable(_ address: ListenAddress) -> ListenAddress {
        switch address.host {
        case "0.0.0.0": ListenAddress(host: "127.0.0.1", port: address.port)
        case "::": ListenAddress(host: "::1", port: address.port)
        default: address
        }
    }
}
