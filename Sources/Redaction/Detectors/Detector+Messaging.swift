extension Detector {
    /// Chat, mail, telephony.
    static let messaging: [Detector] = [
        token(
            "slack_token", #"xox[a-z](?:\.xox[a-z])?-(?:\d+-)*[A-Za-z0-9-]{5,}"#, keywords: ["xox"],
            matches: ["xoxb-460274151159-9049709397077-\(sample(24))", "xoxe.xoxp-1-\(sample(166))", "xoxs-1-5-1-4"],
            misses: ["xoxo", "xoxo-me"]),
        token(
            "slack_token", #"xapp-\d-[\w-]{5,}"#, keywords: ["xapp-"],
            matches: ["xapp-1-A0123456789-\(sample(64, .hex))"],
            misses: ["xapp-x"]),
        Detector(
            "slack_webhook", #"(?i:hooks.slack.com/)(?:services|workflows|triggers)/([\w/+-]{20,})"#,
            keywords: [#"/services/"#, #"/workflows/"#, #"/triggers/"#],
            matches: ["https://hooks.slack.com/services/T024TTTTT/BBB72BBL/\(sample(24))"],
            misses: ["https://hooks.slack.com/services/x", "/services/example/that/is/long/enough/indeed"]),
        // The bot's id, which is digits, in base64; a time stamp; a digest.
        Detector(
            "discord_token", #"(?:^|[^\w.-])([\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,})"#,
            keywords: ["[MNO][DTjz][AEIMQUYcgk][012345wxyz][MNO][DTjz][AEIMQUYcgk][012345wxyz]"],
            matches: ["MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.\(sample(27))"], misses: ["a.b.c", "www.example.com"]),
        Detector(
            "discord_webhook", #"(?i:discord(?:app)?\.com/api/webhooks/)(\d{15,}/[\w-]{40,})"#,
            keywords: ["/api/webhooks/"], before: 48,
            matches: ["https://discord.com/api/webhooks/123456789012345678/\(sample(68))"]),
        Detector(
            "teams_webhook", #"(?i:webhook\.office\.com/webhookb2/)([\w@/-]{60,})"#, keywords: ["/webhookb2/"],
            before: 48,
            matches: [
                "https://x.webhook.office.com/webhookb2/\(sample(36))@\(sample(36))/IncomingWebhook/\(sample(32))"
            ]),
        token(
            "telegram_token", #"\d{8,10}:A[\w-]{34}"#, keywords: [#"\d:A"#], inside: true,
            matches: ["110201543:AA\(sample(33))", "https://api.telegram.org/bot110201543:AA\(sample(33))/x"],
            misses: ["10:AM", "12345678:A"]),
        Detector(
            "telegram_token", #"\bbot(\d{8,10}:A[\w-]{34})"#, keywords: [#"\d:A"#],
            matches: ["https://api.telegram.org/bot110201543:AA\(sample(33))/x"]),
        token(
            "sendgrid_key", #"SG\.[\w=.-]{40,}"#, keywords: ["SG."], matches: ["SG.\(sample(22)).\(sample(43))"],
            misses: ["SG.net", "msg.content"]),
        token(
            "mailgun_key", "(?:key|pubkey)-[0-9a-f]{32}", keywords: [#"key-\h"#, #"pubkey-\h"#],
            matches: ["key-\(sample(32, .hex))", "pubkey-\(sample(32, .hex))"], misses: ["key-value", "key-0"]),
        near(
            "mailgun", "mailgun_key", "[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}|[0-9a-f]{32}", keywords: ["mailgun"],
            matches: ["MAILGUN_API_KEY=\(sample(32, .hex))-\(sample(8, .hex))-1a2b3c4d"],
            misses: ["mailgun: 9e32ed6a-41c2-4231-a336-2cfde14c3320"]),
        Detector(
            "mailchimp_key", edge + #"([0-9a-f]{32}-us\d{1,2})"#, keywords: [#"\h-us\d"#], before: 48,
            matches: ["\(sample(32, .hex))-us21"],
            misses: ["a-us1"]),
        token(
            "brevo_key", #"x(?:keysib|smtpsib)-[0-9a-f]{64}-[A-Za-z0-9]{16}"#, keywords: ["xkeysib-", "xsmtpsib-"],
            matches: ["xkeysib-\(sample(64, .hex))-\(sample(16))"]),
        token(
            "twilio_key", "(?:SK|AC)[0-9a-f]{32}", keywords: [#"SK\h\h"#, #"AC\h\h"#],
            matches: ["SK\(sample(32, .hex))", "AC\(sample(32, .hex))"], misses: ["SKADI", "ACCEDE"]),
        token(
            "resend_key", #"re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}"#, keywords: ["re_"],
            matches: ["re_\(sample(8))_\(sample(24))"], misses: ["re_compile", "are_you"]),
        near(
            "mattermost|sendbird|messagebird|intercom|zendesk|freshdesk|twitch|twitter|facebook|linkedin|postmark|pushover|vonage|nexmo",
            "messaging_key",
            #"[A-Za-z0-9%_-]{20,120}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"#,
            keywords: [
                "mattermost", "sendbird", "messagebird", "intercom", "zendesk", "freshdesk", "twitch", "twitter",
                "facebook", "linkedin", "postmark", "pushover", "vonage", "nexmo",
            ],
            matches: ["ZENDESK_SECRET='\(sample(40, .lower))'", "x-mattermost-token: \(sample(26, .lower))"],
            misses: ["https://twitter.com/someone"]),
        Detector(
            "twitter_bearer", "A{22}[A-Za-z0-9%]{60,}", keywords: ["AAAAAAAAAAAAAAAAAAAAAA"],
            matches: ["AAAAAAAAAAAAAAAAAAAAAAYU\(sample(78))"], misses: ["AAAAAAAAAAAAAAAAAAAAAAAA"]),
    ]
}
