import HTTPTypes
import Hummingbird
import Interactions

extension Response {
    static func json(_ value: JSON, _ status: HTTPResponse.Status = .ok) -> Response { json(value.bytes, status) }

    static func json(_ bytes: [UInt8], _ status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

/// An error as FastAPI tells it: `{"detail": …}`.
struct APIError: HTTPResponseError {
    var status: HTTPResponse.Status
    var detail: JSON
    var headers: HTTPFields = [:]

    /// - Parameter text: a constant, never what was sent.
    init(_ status: HTTPResponse.Status, _ text: String, headers: HTTPFields = [:]) {
        self.status = status
        detail = .string(text)
        self.headers = headers
    }

    init(_ problems: [ValidationProblem]) {
        status = .unprocessableContent
        detail = .array(problems.map(\.json))
    }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        var response = Response.json(["detail": detail], status)
        response.headers.append(contentsOf: headers)
        return response
    }
}

/// What is wrong with one parameter; never what it was.
struct ValidationProblem: Sendable, Hashable {
    var location: [String]
    var message: String
    var type: String

    var json: JSON {
        ["loc": .array(location.map { .string($0) }), "msg": .string(message), "type": .string(type)]
    }
}
