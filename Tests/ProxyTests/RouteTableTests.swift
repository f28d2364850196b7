import CurlClient
import Interactions
import Testing

@testable import Proxy

@Suite struct RouteTableTests {
    private static let routes = [
        Route.make("default", path: "/", origin: "https://fallback.example"),
        Route.make("a", path: "/a", origin: "https://a.example"),
        Route.make("ab", path: "/a/b", origin: "http://ab.example:8080"),
        Route.make("v", path: "/v", origin: "https://V.example", prefix: "/v1"),
        Route.make("six", path: "/six", origin: "http://[::1]"),
    ]
    private let table = RouteTable(routes, names: ["Proxy.local:4141"])

    @Test(
        "The longest prefix of whole segments wins and is taken off",
        arguments: [
            ("/a/x", "a", "/x"), ("/a", "a", "/"), ("/a/", "a", "/"), ("/a/b", "ab", "/"), ("/a/b/c", "ab", "/c"),
            ("/a/bc", "a", "/bc"), ("/ab", "default", "/ab"), ("/", "default", "/"), ("/x/a", "default", "/x/a"),
            ("/A/x", "default", "/A/x"), ("//a/x", "default", "//a/x"),
        ])
    func prefix(_ target: String, _ route: String, _ rest: String) {
        #expect(matched(target) == "\(route) \(rest)")
    }

    @Test(
        "The query is no part of the path",
        arguments: [
            ("/a?x=1", "a", "/?x=1"), ("/a?", "a", "/?"), ("/a/b?/c", "ab", "/?/c"), ("/?a", "default", "/?a"),
            ("/ax?/a", "default", "/ax?/a"),
        ])
    func query(_ target: String, _ route: String, _ rest: String) {
        #expect(matched(target) == "\(route) \(rest)")
    }

    @Test(
        "Nothing is decoded, resolved or joined",
        arguments: [
            ("/a/../b", "a", "/../b"), ("/a/%2e%2e/%zz", "a", "/%2e%2e/%zz"), ("/%61/x", "default", "/%61/x"),
            ("/a//x/./", "a", "//x/./"), ("/a/ä#f", "a", "/ä#f"), ("/a/e\u{301}", "a", "/e\u{301}"),
        ])
    func raw(_ target: String, _ route: String, _ rest: String) {
        #expect(matched(target) == "\(route) \(rest)")
    }

    @Test(
        "An absolute target for a route's upstream goes there, whatever its path",
        arguments: [
            ("https://a.example/x?y", "a", "/x?y"), ("HTTPS://A.Example:443/a/x", "a", "/a/x"),
            ("http://ab.example:8080/x", "ab", "/x"), ("https://v.example/v1/x", "v", "/x"),
            ("https://a.example", "a", "/"), ("https://a.example?q", "a", "/?q"), ("http://[::1]:80/x", "six", "/x"),
            ("http://[::1]/x", "six", "/x"), ("https://fallback.example/a/x", "default", "/a/x"),
        ])
    func absolute(_ target: String, _ route: String, _ rest: String) {
        #expect(matched(target) == "\(route) \(rest)")
    }

    @Test(
        "An absolute target for the proxy itself is matched by its path",
        arguments: [
            ("http://proxy.local:4141/a/x", "a", "/x"), ("http://PROXY.local:4141", "default", "/"),
            ("https://proxy.local:4141?a", "default", "/?a"),
        ])
    func ownName(_ target: String, _ route: String, _ rest: String) {
        #expect(matched(target) == "\(route) \(rest)")
    }

    @Test(
        "An absolute target for anybody else is foreign",
        arguments: [
            "http://a.example/x", "https://a.example:444/x", "http://ab.example/x", "http://proxy.local/a",
            "http://evil.example/",
            "https://a.example@evil.example/", "https://user@a.example/", "https://a.example.evil/", "https:///x",
            "http://",
            "http://[::1]:81/",
        ])
    func foreign(_ target: String) {
        #expect(matched(target) == "foreign")
    }

    @Test("What is neither a path nor http goes nowhere", arguments: ["*", "a.example:443", "ftp://a.example/", "a/b"])
    func none(_ target: String) {
        #expect(matched(target) == "none")
    }

    @Test("Without a default route what matches nothing goes nowhere")
    func noDefault() {
        let table = RouteTable(Array(Self.routes.dropFirst()), names: [])
        for target in ["/", "/x", "/?a"] {
            guard case .none = table.match(target) else {
                Issue.record("\(target) was matched")
                return
            }
        }
    }

    private func matched(_ target: String) -> String {
        switch table.match(target) {
        case .route(let entry, let rest): "\(entry.route.label.name) \(rest)"
        case .none: "none"
        case .foreign: "foreign"
        }
    }
}

extension Route {
    fileprivate static func make(_ name: String, path: String, origin: String, prefix: String = "") -> Route {
        Route(
            path: path, upstream: Upstream(origin: origin, pathPrefix: prefix),
            label: .init(name: name, applicationVariantID: "local"))
    }
}
