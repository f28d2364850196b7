import Testing

@testable import steno

@Suite struct EnvironmentKeysTests {
    @Test(
        "A variable stands for one key",
        arguments: [
            ("STENO_LISTEN", "listen"),
            ("STENO_CONSOLE_LISTEN", "console.listen"),
            ("STENO_CONSOLE_TOKEN_FILE", "console.token_file"),
            ("STENO_UPSTREAM", "upstream"),
            ("STENO_APPLICATION_VARIANT_ID", "application_variant_id"),
            ("STENO_ROUTE_OPENAI_UPSTREAM", "route.openai.upstream"),
            ("STENO_ROUTE_OPENAI_APPLICATION_VARIANT_ID", "route.openai.application_variant_id"),
            ("STENO_ROUTE_OPENAI_TIMEOUT_FIRST_BYTE", "route.openai.timeout.first_byte"),
            ("STENO_ROUTE_OPENAI_TLS_CA_FILE", "route.openai.tls.ca_file"),
            ("STENO_ROUTE_MY_API_ON_DISCONNECT", "route.my_api.on_disconnect"),
            ("STENO_ROUTE_A_SET_HEADER_X_API_KEY", "route.a.set_header.x-api-key"),
            ("STENO_ROUTE_A_SET_HEADER_FILE_AUTHORIZATION", "route.a.set_header_file.authorization"),
            ("STENO_CAPTURE_MAX_BODY", "capture.max_body"),
            ("STENO_STORE", "store"),
            ("STENO_STORE_MAX_SIZE", "store.max_size"),
            ("STENO_REDACT_HASH_KEY_FILE", "redact.hash_key_file"),
            ("STENO_REDACT_HEADER_X_TENANT", "redact.header.x-tenant"),
            ("STENO_REDACT_FIELD_API_KEY", "redact.field.api_key"),
            ("STENO_ROUTE_A_REDACT_DETECT_EMAIL", "route.a.redact.detect.email"),
            ("STENO_REDACT_DETECT_CREDIT_CARD", "redact.detect.credit_card"),
            ("STENO_REDACT_PATTERN_TICKET", "redact.pattern.ticket"),
            ("STENO_REDACT_PATTERN_TICKET_ACTION", "redact.pattern.ticket.action"),
            ("STENO_SINK_MAIN_API_KEY_FILE", "sink.main.api_key_file"),
            ("STENO_CLIENT_TIMEOUT_KEEP_ALIVE", "client.timeout.keep_alive"),
        ])
    func key(_ variable: String, _ key: String) {
        #expect(EnvironmentKeys(keysInUse: []).resolve(variable) == .key(key))
    }

    @Test("Every key without a path has a variable that leads back to it")
    func roundTrip() {
        for key in KeyTable.all where !key.pattern.segments.contains(.rest("PATH")) {
            let name = key.pattern.key(["one", "two"])
            let variable = EnvironmentKeys.prefix + EnvironmentKeys.spelling(name)
            #expect(EnvironmentKeys(keysInUse: []).resolve(variable) == .key(name))
        }
    }

    @Test("A name is the one that a file uses")
    func namesInUse() {
        let keys = EnvironmentKeys(keysInUse: ["route.My-API.upstream", "route.x.set_header.X-Api-Key"])
        #expect(keys.resolve("STENO_ROUTE_MY_API_PATH") == .key("route.My-API.path"))
        #expect(keys.resolve("STENO_ROUTE_X_SET_HEADER_X_API_KEY") == .key("route.x.set_header.X-Api-Key"))
    }

    @Test("Names that are spelled alike are told apart by nobody")
    func ambiguous() {
        let keys = EnvironmentKeys(keysInUse: ["route.my-api.upstream", "route.my_api.upstream"])
        #expect(keys.resolve("STENO_ROUTE_MY_API_PATH") == .ambiguous(["my-api", "my_api"]))
    }

    @Test(
        "What stands for no key gets the nearest",
        arguments: [
            ("STENO_LISTE", "STENO_LISTEN"), ("STENO_ROUTE_OPENAI_UPSTREM", "STENO_ROUTE_OPENAI_UPSTREAM"),
            ("STENO_COMPLETELY_ELSE_WHERE", nil), ("STENO_", nil),
        ])
    func unknown(_ variable: String, _ suggestion: String?) {
        #expect(EnvironmentKeys(keysInUse: []).resolve(variable) == .unknown(suggestion: suggestion))
    }

    @Test(
        "What container platforms set for a service called steno is no key",
        arguments: [
            ("STENO_SERVICE_HOST", true), ("STENO_SERVICE_PORT", true), ("STENO_SERVICE_PORT_HTTP", true),
            ("STENO_PORT", true),
            ("STENO_PORT_4141_TCP", true), ("STENO_PORT_4141_TCP_ADDR", true), ("STENO_CONSOLE_SERVICE_HOST", true),
            ("STENO_LISTEN", false), ("STENO_SERVICE", false), ("STENO_PORTS", false), ("STENO_SERVICE_HOSTS", false),
        ])
    func serviceLinks(_ variable: String, _ expected: Bool) {
        #expect(EnvironmentKeys.isServiceLink(variable) == expected)
    }
}
