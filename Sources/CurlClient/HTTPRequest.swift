/// A request with a whole body, for those who send and wait: the sinks.
package struct HTTPRequest: Sendable {
    package var method: String
    /// Absolute; its path is sent as it stands.
    package var url: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    package var connectTimeout: Duration
    /// From the start to the response's last byte.
    package var totalTimeout: Duration
    package var tls: TLSSettings
    /// Of the answer's body so much is taken; the rest is passed over.
    package var maximumBody = 1 << 20

    package init(
        method: String = "POST", url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
        connectTimeout: Duration = .seconds(5), totalTimeout: Duration = .seconds(60), tls: TLSSettings = TLSSettings()
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.connectTimeout = connectTimeout
        self.totalTimeout = totalTimeout
        self.tls = tls
    }
}

package struct HTTPResponse: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    /// At most the request's `maximumBody`.
    package var body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

package struct TLSSettings: Sendable, Hashable {
    /// PEM; the system's authorities where `nil`.
    package var caFile: String?
    package var certificateFile: String?
    package var keyFile: String?
    package var verifiesPeer: Bool

    package init(
        caFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil, verifiesPeer: Bool = true
    ) {
        self.caFile = caFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.verifiesPeer = verifiesPeer
    }
}
