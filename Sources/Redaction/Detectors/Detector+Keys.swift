extension Detector {
    /// Private keys, signed tokens, credentials in URLs and header lines.
    static let keys: [Detector] = [
        // From the first line to the last; a key that breaks off is one all the same. Base64 and header lines only, so that
        // a search never runs over what is not part of a key.
        Detector(
            "private_key",
            #"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:[A-Za-z0-9+/=\s\\:,.;()_]|-{1,4}[A-Za-z0-9+/=\s\\:,.;()_])*"#
                + #"(?:-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----)?"#,
            keywords: ["private key-----", "private key block-----"], before: 80, after: 4096,
            matches: [
                "-----BEGIN RSA PRIVATE KEY-----\n\(sample(64))\n\(sample(64))\n-----END RSA PRIVATE KEY-----",
                #""private_key": "-----BEGIN PRIVATE KEY-----\n\#(sample(64))\n-----END PRIVATE KEY-----\n""#,
                "-----BEGIN OPENSSH PRIVATE KEY-----\n\(sample(70))\n\(sample(70))",
                "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\n\(sample(64))\n-----END PGP PRIVATE KEY BLOCK-----",
            ],
            misses: ["-----BEGIN PUBLIC KEY-----\n\(sample(64))\n-----END PUBLIC KEY-----"]),
        Detector(
            "putty_private_key", #"PuTTY-User-Key-File-\d: [^\n]*\n(?:[^\n]*\n){0,120}?Private-MAC: [0-9a-f]+"#,
            keywords: ["PuTTY-User-Key-File-"], after: 8192,
            matches: [
                "PuTTY-User-Key-File-2: ssh-rsa\nPrivate-Lines: 1\n\(sample(64))\nPrivate-MAC: \(sample(40, .hex))"
            ]),
        // RFC 7519: two parts of base64 that begin with `{"`, and a signature (RFC 7515 §3.1), which may be cut off.
        Detector(
            "jwt", edge + #"(ey[A-Za-z0-9_-]{10,}\.ey[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?)"#,
            keywords: [".eyJ", ".ewo", ".eyA"],
            before: 8192, after: 4096,
            matches: ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.\(sample(43))"],
            misses: ["eyJhbGciOiJIUzI1NiJ9", "a.eyJ.b"]),
        // An encrypted token (RFC 7516 §3.1) has five parts.
        Detector(
            "jwt",
            edge + #"(ey[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,})"#,
            keywords: ["eyJhbGciOi", "eyJlbmMiOi"], before: 32, after: 4096,
            matches: ["eyJhbGciOiJSU0EtT0FFUCJ9.\(sample(300)).\(sample(16)).\(sample(80)).\(sample(22))"]),
        Detector(
            "url_password", rank: .context,
            #"[A-Za-z][A-Za-z0-9+.-]{1,20}:(?:/|\\/){2}[^\s/?#@:"'<>\\]{0,128}:([^\s/?#@"'<>]{3,256})@[\w\[]"#,
            keywords: ["@"], gate: .userInfo, before: 440, after: 2,
            check: { !Check.isPlaceholder($0) },
            matches: ["postgres://svc:hunter2!@db.internal:5432/app", "https://:\(sample(30))@host"],
            misses: ["https://example.com:8080/@user", "https://user@host/", "postgres://user:${PASSWORD}@host"]),
        Detector(
            "url_password", rank: .context, #"https?://([A-Za-z0-9_-]{20,256})(?::x-oauth-basic)?@[\w\[]"#,
            keywords: ["@"], gate: .userInfo, before: 300, after: 2,
            matches: ["https://\(sample(40))@git.example.com/r.git"], misses: ["https://user@host/"]),
        // RFC 9110 §11.6.2, in header lines and wherever else they are quoted.
        Detector(
            "authorization", rank: .context,
            #"(?i)\b(?:proxy-)?authorization["'\\]{0,8}\s{0,3}[:=,]\s{0,3}["'\\]{0,8}(?:(?:bearer|basic|token|api-?key|api-token|apikey|digest|negotiate|aws4-hmac-sha256|sso-key|key)[\s:=]{1,3})?([^\s"'\\,;<>\[\]{}$]{8,})"#,
            keywords: ["authorization"], gate: .assignment, before: 24, after: 512, check: { !Check.isPlaceholder($0) },
            matches: ["Authorization: Basic dXNlcjpwYXNzd29yZA==", #""authorization": "Bearer \#(sample(24))""#],
            misses: ["Authorization: Bearer $TOKEN", "Authorization: Bearer <token>", "authorization: required"]),
        Detector(
            "authorization", rank: .context, #"(?i)\bbearer\s{1,3}([A-Za-z0-9._~+/=-]{16,})"#, keywords: [#"bearer\="#],
            gate: .run(16),
            before: 8, after: 512, check: { Check.looksRandom($0, weak: true) },
            matches: ["send Bearer \(sample(40)) with it"],
            misses: ["the bearer certificateholders", "bearer of bad news"]),
        Detector(
            "authorization", rank: .context, #"\b[Bb]asic\s{1,3}([A-Za-z0-9+/]{12,}={0,2})"#, keywords: [#"basic\="#],
            gate: .run(12),
            before: 8,
            check: { Check.isBasicCredentials($0) },
            matches: ["Basic dXNlcjpwYXNzd29yZA=="], misses: ["basic understanding of arithmetic", "Basic information"]),
        Detector(
            "cookie", rank: .context,
            #"(?i)\b(?:session(?:_?id)?|sid|connect\.sid|jsessionid|phpsessid|auth|csrf_?token|__secure-[\w-]{1,40})=([A-Za-z0-9%._+/-]{16,})"#,
            keywords: [
                "session=", "sessionid=", "session_id=", "sid=", "sessid=", "auth=", "csrftoken=", "csrf_token=",
                "__secure-",
            ], gate: .run(17), before: 48, after: 512,
            check: { Check.looksRandom($0, weak: true) },
            matches: ["Cookie: theme=dark; session=\(sample(32)); lang=en"], misses: ["session=new", "sid=1"]),
    ]
}
