// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// Of the rooms that every byte passes: in a release build, access to a class's properties is not looked after at run time
/// (7 % of all instructions of a request). Debug builds and all tests do.
let fast = settings + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

/// A release build brings what it uses of Swift's libraries along: 11 MB less in memory, and no Swift where it is installed.
let alone = LinkerSetting.unsafeFlags(
    [
        "-static-stdlib", "-lFoundation", "-lCoreFoundation", "-l_FoundationICU", "-l_FoundationCShims",
        "-l_FoundationCollections", "-ldispatch", "-lBlocksRuntime",
    ], .when(configuration: .release))

let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioHTTP2: Target.Dependency = .product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioHPACK: Target.Dependency = .product(name: "NIOHPACK", package: "swift-nio-http2")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")

func room(_ name: String, _ dependencies: [Target.Dependency], _ settings: [SwiftSetting] = settings) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "steno",
    products: [.executable(name: "steno", targets: ["steno"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CCompression", providers: [.apt(["zlib1g-dev", "libbrotli-dev", "libzstd-dev"])]),
        .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CLinux"),
        .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),

        room("Interactions", ["CCrypto", nio]),
        room("CurlClient", ["CCurl", "CLinux", nio, nioPosix], fast),
        room(
            "Proxy",
            [
                "CurlClient", "Interactions", nio, nioPosix, nioTLS, nioSSL, nioHTTP2, nioHPACK, logging, lifecycle,
            ], fast),
        room("Dialects", ["Interactions", nio]),
        room("Redaction", ["Interactions", "CRE2"]),
        room("Store", ["Interactions", "CSQLite", "CCompression", grdb]),
        room(
            "Delivery",
            [
                "Interactions", "Dialects", "Redaction", "Store", "CurlClient", "CCompression", nio, logging, metrics,
                lifecycle,
            ]),
        .target(
            name: "Console", dependencies: ["Interactions", "Store", hummingbird, nio, logging, metrics, lifecycle],
            resources: [.embedInCode("Viewer/Files")], swiftSettings: settings),
        .executableTarget(
            name: "steno",
            dependencies: [
                "Interactions", "CurlClient", "Proxy", "Dialects", "Redaction", "Store", "Delivery", "Console",
                "CLinux", logging, metrics, lifecycle, nio, nioPosix,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings, linkerSettings: [alone]),
        .executableTarget(
            name: "Benchmark",
            dependencies: ["Interactions", "Dialects", "Redaction", "Store", "Delivery", "Console", nio],
            swiftSettings: settings),

        .target(
            name: "TestSupport", dependencies: ["Interactions", logging], path: "Tests/TestSupport",
            swiftSettings: settings),
        tests("Interactions", ["Interactions", nio]),
        tests("CurlClient", ["CurlClient", nio, nioPosix]),
        tests(
            "Proxy",
            [
                "Proxy", "CurlClient", "Interactions", "TestSupport", nio, nioPosix, nioTLS, nioSSL, nioHTTP2, nioHPACK,
                logging, lifecycle,
            ]),
        tests("Dialects", ["Dialects", "Interactions", "TestSupport", nio]),
        tests("Redaction", ["Redaction", "Interactions", "TestSupport"]),
        tests("Store", ["Store", "Interactions", "TestSupport", grdb]),
        tests(
            "Delivery",
            [
                "Delivery", "Store", "Interactions", "CurlClient", "TestSupport", nio, logging, metrics, lifecycle,
                .product(name: "MetricsTestKit", package: "swift-metrics"),
            ]),
        tests(
            "Console",
            [
                "Console", "Interactions", "Store", "TestSupport", logging, metrics, nio,
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]),
        tests("steno", ["steno", "Interactions", "Proxy", "CurlClient", "Redaction", "Delivery", "Store", logging]),
        tests("Architecture", []),
    ],
    cxxLanguageStandard: .cxx17
)
