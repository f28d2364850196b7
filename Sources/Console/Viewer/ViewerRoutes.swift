import HTTPTypes
import Hummingbird

/// The viewer's page, its scripts and styles: all of them lie in the binary. They hold nothing that was recorded, so that
/// they need no token: the page asks for it.
struct ViewerRoutes {
    /// No inline script or style, nothing from elsewhere, and no way to make markup of text.
    static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; \
        form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'
        """

    struct File: Sendable {
        let path: String
        let type: String
        let bytes: [UInt8]
    }

    static let files: [File] = [
        File(path: "/", type: "text/html", bytes: PackageResources.index_html),
        File(path: "/viewer/viewer.css", type: "text/css", bytes: PackageResources.viewer_css),
        File(path: "/viewer/icon.svg", type: "image/svg+xml", bytes: PackageResources.icon_svg),
        script("api", PackageResources.api_js),
        script("app", PackageResources.app_js),
        script("dom", PackageResources.dom_js),
        script("exchange", PackageResources.exchange_js),
        script("list", PackageResources.list_js),
        script("overview", PackageResources.overview_js),
        script("thread", PackageResources.thread_js),
    ]

    func add(to router: Router<ConsoleContext>) {
        for file in Self.files {
            let headers: HTTPFields = [
                .contentType: file.type + "; charset=utf-8", .cacheControl: "no-cache",
                .contentSecurityPolicy: Self.policy,
            ]
            let buffer = ByteBuffer(bytes: file.bytes)
            router.only(
                RouterPath(file.path),
                [
                    .get: { _, _ in
                        Response(status: .ok, headers: headers, body: .init(byteBuffer: buffer))
                    }
                ])
        }
        let description = ByteBuffer(bytes: PackageResources.openapi_json)
        router.only(
            "/openapi.json",
            [
                .get: { _, _ in
                    Response(
                        status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: description))
                }
            ])
    }

    private static func script(_ name: String, _ bytes: [UInt8]) -> File {
        File(path: "/viewer/\(name).js", type: "text/javascript", bytes: bytes)
    }
}
