extension Detector {
    /// Values told by their kind of name alone, of which no vendor is known.
    static let context: [Detector] = [
        Detector(
            "password", rank: .generic,
            #"(?i)(?:passw(?:or)?d|passwd|passphrase|passcode|pwd|pswd)(?:_?\d{1,2}|[_.-]?(?:value|string|hash|prod|dev|test|live|staging))?"#
                + assignment,
            keywords: ["passw", "passphrase", "passcode", "pwd", "pswd"], gate: .assignment, after: 128,
            check: { Check.looksSecret($0) },
            matches: ["password=hunter2!", #"{"db_password": "S3cure-pass"}"#, "export PGPASSWORD='Tr0ub4dor&3'"],
            misses: [
                "password: string", "password = os.environ['DB']", #""password": "${PASSWORD}""#, "password: ********",
                "password=", "<input type=password name=pw>", "password=get_password()",
            ])
    ]

    static let generic: [Detector] = [
        Detector(
            "secret", rank: .generic,
            #"(?i)(?:secret|credentials?|api[_\s.-]?keys?|access[_\s.-]?keys?|account[_\s.-]?key|private[_\s.-]?key|encryption[_\s.-]?key|signing[_\s.-]?key|master[_\s.-]?key|auth[_\s.-]?key|secret[_\s.-]?key|client[_\s.-]?secret|(?:auth|access|refresh|api|bearer|id|bot|session|x-[a-z]{2,20})[_\s.-]?token)(?:_?\d{1,2}|[_.-]?(?:value|string|prod|dev|test|live|staging|id|base64))?"#
                + assignment,
            keywords: [
                "secret", "credential", "api key", "api_key", "api-key", "api.key", "apikey", "access_key",
                "access-key",
                "accesskey", "access key", "account_key", "private_key", "privatekey", "private-key", "encryption_key",
                "encryptionkey", "signing_key", "signingkey", "master_key", "masterkey", "auth_key", "authkey",
                "auth_token", "auth-token", "authtoken", "access_token", "access-token", "accesstoken", "refresh_token",
                "refreshtoken", "refresh-token", "api_token", "api-token", "apitoken", "bearer_token", "id_token",
                "idtoken", "bot_token", "bottoken", "session_token", "sessiontoken", "x-",
            ],
            gate: .assignment, after: 128, check: { Check.looksSecret($0) && Check.looksRandom($0, weak: false) },
            matches: [
                "client_secret: \(sample(24))", #"{"vendor":{"secret":"\#(sample(20))"},"n":1}"#,
                "EXAMPLE_API_KEY=9e32ed6a-41c2-4231-a336-2cfde14c3320", #"const apiKey = "\#(sample(16))";"#,
                "<apiKey>\(sample(24))</apiKey>", #"headers = {"X-Vendor-Token": "\#(sample(17, .lower))"}"#,
            ],
            misses: [
                "secret: projects/p/secrets/s/versions/1", "api_key: str", #"api_key = os.getenv("KEY")"#,
                #""api_key": "your-api-key-here""#, "secret=changeme", "secretKeyRef: app-settings",
                "SECRET_NAME=prod/service/config", "the secret: is out", "api_key=<YOUR_KEY>",
            ]),
        Detector(
            "secret", rank: .generic, #"(?i)(?:^|[^a-z])(?:[a-z0-9_-]*[_-])?(?:token|key|auth|sig|hmac)"# + assignment,
            keywords: [#"token\="#, #"key\="#, #"auth\="#, #"sig\="#, #"hmac\="#],
            gate: .assignment, before: 48, after: 128,
            check: { Check.looksSecret($0) && Check.looksRandom($0, weak: true) && !Check.isUUID($0) },
            matches: [
                #"log line: token="\#(sample(24))" ok"#, "key = \(sample(32))", "SLACK_TOKEN=\(sample(20, .lower))",
            ],
            misses: [
                #"{"token":" Hello","logprob":-0.1}"#, "key: value", "max_tokens: 4096", "cache_key=users/42/profile",
                "token: gpt-4o-2024-08-06", "idempotency_key: 9e32ed6a-41c2-4231-a336-2cfde14c3320",
                "key = sorted_values",
            ]),
        // "my … key is …", as people tell it to a model.
        Detector(
            "secret", rank: .generic,
            #"(?i)\b(?:key|token|secret|pass(?:word|code|phrase)|pwd|pat|credentials?|pin)\s{1,3}(?:is|was|are|=|:)\s{1,3}["'`]?([^\s"'`<>,;]{8,})"#,
            keywords: [
                #"key\="#, #"token\="#, #"secret\="#, #"password\="#, #"passcode\="#, #"passphrase\="#, #"pwd\="#,
            ],
            gate: .statement, before: 16, after: 128,
            check: { Check.looksSecret($0) && Check.looksRandom($0, weak: true) },
            matches: ["my vendor key is \(sample(17, .lower)), use it", "the password is xK9!pq2Lm"],
            misses: ["the key is important", "the token is base64-encoded", "the secret is preparation"]),
    ]

    /// What stands between a name and its value, and a value. Closing quotes, operators, opening quotes, each also escaped.
    static let assignment =
        #"["'`\\]{0,8}\]?\s{0,8}(?:=>|:=|={1,3}|:|>|,\s*["'\\]{1,8}value["'\\]{1,8}\s*:)\s{0,8}["'`\\]{0,8}(?:(?i:bearer|basic|token)\s+)?"#
        + #"([^\s"'`\\<>,;&|(){}\[\]]{6,})"#
}
