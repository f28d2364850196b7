extension Detector {
    /// Payment, commerce, observability.
    static let business: [Detector] = [
        token(
            "stripe_key", "(?:[sr]k|pk)_(?:live|test|prod)_[A-Za-z0-9]{10,}",
            keywords: ["s", "r", "p"].flatMap { kind in ["live", "test", "prod"].map { "\(kind)k_\($0)_" } },
            matches: ["sk_live_\(sample(24))", "rk_test_\(sample(99))"],
            misses: ["sk_live_", "disk_test_1"]),
        token(
            "stripe_webhook_secret", "whsec_[A-Za-z0-9+/=]{24,}", keywords: ["whsec_"],
            matches: ["whsec_\(sample(32))"],
            misses: ["whsec_x"]),
        token(
            "shopify_token", "shp(?:at|ca|pa|ss|tka|ua)_[0-9a-fA-F]{32}",
            keywords: ["shpat_", "shpca_", "shppa_", "shpss_", "shptka_", "shpua_"],
            matches: ["shpat_\(sample(32, .hex))"], misses: ["shpat_"]),
        token(
            "square_token", #"sq0[a-z]{3}-[\w-]{22,}|EAAA[\w-]{60}"#, keywords: ["sq0", "EAAA"],
            matches: ["sq0atp-\(sample(22))", "EAAA\(sample(60))"], misses: ["sq0"]),
        token(
            "facebook_token", "EAA[A-Za-z0-9]{80,}", keywords: ["EAA"], matches: ["EAA\(sample(120))"], misses: ["EAA"]),
        token(
            "paypal_token", #"access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}"#,
            keywords: ["access_token$"], matches: ["access_token$sandbox$\(sample(16, .lower))$\(sample(32, .hex))"]),
        token(
            "adyen_key", "AQE[A-Za-z0-9+/=]{60,}", keywords: ["AQE"], matches: ["AQE\(sample(80))"], misses: ["AQE"]),
        token(
            "plaid_token", #"access-(?:sandbox|development|production)-[0-9a-f-]{36}"#,
            keywords: ["access-sandbox-", "access-development-", "access-production-"],
            matches: ["access-sandbox-9e32ed6a-41c2-4231-a336-2cfde14c3320"]),
        token(
            "flutterwave_key", #"FLW(?:SEC|PUB)K_?(?:TEST|LIVE)?-[0-9a-z-]{12,}X?"#, keywords: ["FLWSECK", "FLWPUBK"],
            matches: ["FLWSECK_TEST-\(sample(32, .hex))-X", "FLWSECK-\(sample(32, .hex))-X"]),
        token(
            "duffel_token", #"duffel_(?:test|live)_[\w=-]{40,}"#, keywords: ["duffel_"],
            matches: ["duffel_test_\(sample(43))"]),
        token(
            "easypost_key", "EZ[AT]K[A-Za-z0-9]{54,}", keywords: ["EZAK", "EZTK"], matches: ["EZTK\(sample(54))"],
            misses: ["EZAK"]),
        token(
            "shippo_token", "shippo_(?:live|test)_[0-9a-f]{40}", keywords: ["shippo_"],
            matches: ["shippo_live_\(sample(40, .hex))"]),
        token(
            "lob_key", "(?:live|test)_(?:pub_)?[0-9a-f]{31,35}", keywords: ["live_", "test_"],
            matches: ["live_pub_\(sample(31, .hex))"], misses: ["test_published"]),
        token(
            "hubspot_key", #"pat-(?:na|eu)\d-[0-9a-f-]{36}"#, keywords: ["pat-na", "pat-eu"],
            matches: ["pat-na1-9e32ed6a-41c2-4231-a336-2cfde14c3320"], misses: ["pat-na"]),
        token(
            "typeform_token", #"tfp_[\w.=-]{40,}"#, keywords: ["tfp_"], matches: ["tfp_\(sample(59))"],
            misses: ["tfp_x"]),
        token(
            "dropbox_token", #"sl\.(?:u\.)?[\w=-]{60,}"#, keywords: ["sl."], matches: ["sl.\(sample(135))"],
            misses: ["ssl.wrap_socket"]),
        token(
            "frameio_token", #"fio-u-[\w=-]{40,}"#, keywords: ["fio-u-"], matches: ["fio-u-\(sample(64))"]),
        token(
            "settlemint_token", "sm_(?:aat|pat|sat)_[A-Za-z0-9]{16,}", keywords: ["sm_aat_", "sm_pat_", "sm_sat_"],
            matches: ["sm_sat_\(sample(16))"]),
        token(
            "grafana_token", #"glsa_[A-Za-z0-9]{32}_[0-9A-Fa-f]{8}|glc_[A-Za-z0-9+/]{32,}={0,3}"#,
            keywords: ["glsa_", "glc_"], matches: ["glsa_\(sample(32))_\(sample(8, .hex))", "glc_eyJ\(sample(60))"],
            misses: ["glc_x"]),
        token(
            "grafana_token", "eyJrIjoi[A-Za-z0-9+/_-]{40,}={0,3}", keywords: ["eyJrIjoi"],
            matches: ["eyJrIjoi\(sample(80))"]),
        token(
            "new_relic_key", "NR(?:AK|AA|II|IQ|RA|JS|BR)-[A-Za-z0-9_-]{19,}",
            keywords: ["NRAK-", "NRAA-", "NRII-", "NRIQ-", "NRRA-", "NRJS-", "NRBR-"], matches: ["NRAK-\(sample(27))"],
            misses: ["NRAK-"]),
        token(
            "dynatrace_token", #"dt0[a-z]\d\d\.[A-Z0-9]{24}\.[A-Z0-9]{64}"#, keywords: [#"dt0c\d\d."#, #"dt0s\d\d."#],
            matches: ["dt0c01.\(sample(24, .upper)).\(sample(64, .upper))"]),
        token(
            "posthog_key", "ph[cx]_[A-Za-z0-9]{40,}", keywords: ["phc_", "phx_"], matches: ["phx_\(sample(43))"],
            misses: ["phc_x"]),
        near(
            "datadog|dd[_-](?:api|app)", "datadog_key", "[0-9a-f]{32}|[0-9a-f]{40}",
            keywords: ["datadog", "dd_ap", "dd-ap"],
            matches: ["DD_API_KEY=\(sample(32, .hex))", "datadog app key: \(sample(40, .hex))"],
            misses: ["DD_API_KEY=x"]),
        near(
            "okta", "okta_token", #"00[\w-]{40}"#, keywords: ["okta"], matches: ["OKTA_API_TOKEN=00\(sample(40))"]),
        near(
            "algolia|amplitude|mixpanel|segment|launchdarkly|pagerduty|sumo ?logic|splunk|elastic|honeycomb|coinbase|kraken|bittrex|binance|plaid|etsy|dropbox|asana|trello|calendly|contentful|razorpay|klaviyo|rollbar|opsgenie|zapier|clickup|mapbox|braintree|chargebee|bugsnag",
            "vendor_key", "[A-Za-z0-9_=-]{20,120}",
            keywords: [
                "algolia", "amplitude", "mixpanel", "segment", "launchdarkly", "pagerduty", "sumo", "splunk", "elastic",
                "honeycomb", "coinbase", "kraken", "bittrex", "binance", "plaid", "etsy", "dropbox", "asana", "trello",
                "calendly", "contentful", "razorpay", "klaviyo", "rollbar", "opsgenie", "zapier", "clickup", "mapbox",
                "braintree", "chargebee", "bugsnag",
            ],
            matches: ["SUMOLOGIC_API_KEY=\(sample(64, .lower))", "my plaid key is \(sample(30, .lower)), use it"],
            misses: ["segment: the_part_between"]),
    ]
}
