extension Detector {
    /// Data about people; off unless asked for.
    static let personal: [Detector] = [
        Detector(
            "email", family: .pii,
            #"([A-Za-z0-9][A-Za-z0-9._%+'-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}(?:[A-Za-z]{2,24}|xn--[a-z0-9-]{2,59}))"#,
            keywords: ["@"], gate: .between, before: 72, after: 256,
            matches: ["write to jane.doe+x@mail.example.org, please", "user@xn--80ak6aa92e.com"],
            misses: ["@property", "a@b", "git@host:path", "user@localhost"]),
        Detector(
            "credit_card", family: .pii, #"(?:^|[^\w.-])(\d(?:[ -]?\d){11,18})(?:[^\w-]|$)"#,
            keywords: digits, gate: .number(12, inOnePiece: 12...19), before: 32, after: 40,
            check: { Check.isCardNumber($0) },
            matches: ["card 4111 1111 1111 1111.", "378282246310005", "5555-5555-5555-4444"],
            misses: ["4111 1111 1111 1112", "1234567890123456", "1700008295457", "1760000002000", "00000000000000"]),
        Detector(
            "iban", family: .pii, #"(?i)\b([a-z]{2}\d{2}(?:[ +-]?[a-z0-9]{4}){2,7}(?:[ +-]?[a-z0-9]{1,3})?)\b"#,
            keywords: [#"\l\l\d\d"#], gate: .iban, before: 4,
            after: 48,
            check: { Check.isIBAN($0) },
            matches: ["GB29 NWBK 6016 1331 9268 19", "DE89370400440532013000", "iban=GB29+NWBK+6016+1331+9268+19&x"],
            misses: ["GB29 NWBK 6016 1331 9268 18", "DE12", "at61 times nine"]),
        Detector(
            "phone", family: .pii, rank: .context,
            #"(?:^|[^\w.+-])(\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]?\d{2,4}){2,4}(?:\s?(?:x|ext\.?)\s?\d{1,6})?)(?:[^\w]|$)"#,
            keywords: [#"+\d"#], before: 4, after: 48, check: { Check.isPhoneNumber($0) },
            matches: ["call +44 20 7946 0958 now", "+1-202-555-0143", "+41 (0)69 979 80 58"],
            misses: ["1+2345", "+1.5", "+12"]),
        Detector(
            "phone", family: .pii, rank: .context,
            #"(?:^|[^\w.+-])((?:(?:001|1)[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])\d{3}[ .-]\d{4}(?:\s?(?:x|ext\.?)\s?\d{1,6})?)(?:[^\w-]|$)"#,
            keywords: digits, gate: .number(10), before: 24, after: 24,
            check: { Check.isPhoneNumber($0) },
            matches: ["(202) 555-0143", "call 202-555-0143.", "202.555.0143"],
            misses: ["1202-555-01431", "192.168.100.2000"]),
        // National forms: told by the word in front of them.
        Detector(
            "phone", family: .pii, rank: .context,
            #"(?i)\b(?:phone|mobile|cell|tel|telephone|fax|desk|office|call(?:ing)?(?: me)?(?: (?:at|on))?|answering at|reach (?:me|us) (?:at|on)|messages to|whatsapp|sms)(?: (?:number|no\.?))?["'\s:.=]{1,6}(?:is\s)?(\(?\d{2,5}\)?(?:[ ./-]?\d{2,5}){1,5})(?:[^\w-]|$)"#,
            keywords: [
                #"phone\="#, "phone n", #"mobile\="#, "mobile n", #"cell\="#, #"tel\="#, "tel.", #"fax\="#, #"desk\="#,
                #"office\="#, #"call [(0123456789]"#, #"calling [(0123456789]"#, "call me", "call at", "call on",
                "answering at",
                "reach me", "reach us", "messages to", #"whatsapp\="#, #"sms\="#,
            ],
            before: 16, after: 56, check: { Check.isPhoneNumber($0) },
            matches: ["Phone: 0490 75 40 81", "call me at 0494 92 82 32", "mobile: 451 5986"],
            misses: ["call 42", "tel: none", "phone: 2026-11-21T"]),
        Detector(
            "phone", family: .pii, rank: .context,
            #"(?:^|[^\w.,+-])(0\d(?:[ .-]\d{2}){4}|0\d{2,4}[ .-]\d{3,4}(?:[ .-]\d{2,4}){1,2})(?:[^\w-]|$)"#,
            keywords: digits, gate: .number(8), before: 24, after: 40, check: { Check.isPhoneNumber($0) },
            matches: ["01.84.17.61.18", "079 2718 1155"], misses: ["0.84", "001-2", "00:11:22"]),
        Detector(
            "ip_address", family: .pii,
            #"(?:^|[^\w.-])((?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d))(?:[^\w.-]|\.?$|\.\s)"#,
            keywords: [#"\d.\d.\d"#, #"\d.\d\d.\d"#, #"\d.\d\d\d.\d"#], gate: .dotted(4), before: 16, after: 24,
            check: { !Check.isUnroutable($0) },
            matches: ["from 203.0.113.7:443", "10.1.2.3"],
            misses: ["1.2.3", "127.0.0.1", "0.0.0.0", "1.2.3.4.5", "256.1.1.1"]),
        Detector(
            "ip_address", family: .pii,
            #"(?i)(?:^|[^\w:.])((?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,7}:(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?|::(?:[0-9a-f]{1,4}:){0,6}(?:[0-9a-f]{1,4}|(?:\d{1,3}\.){3}\d{1,3}))(?:[^\w:]|$)"#,
            keywords: [#"\h::"#, #"::\h"#, #":\h\h\h\h:"#, #":\h\h\h:"#], before: 48, after: 48,
            check: { Check.isIPv6($0) },
            matches: ["2001:db8:85a3::8a2e:370", "my ip: 684D:1111:222:3333:4444:5555:6:77"],
            misses: ["std::vector", "08:03:03", "a::b", "::1"]),
        Detector(
            "mac_address", family: .pii,
            #"(?i)(?:^|[^\w:.-])((?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})(?:[^\w:-]|$)"#,
            keywords: [#":\h\h:\h\h:"#, #"-\h\h-\h\h-"#, #".\h\h\h\h."#], before: 16, after: 24,
            check: { Check.isMAC($0) },
            matches: ["MAC 00:1A:2B:3C:4D:5E", "01-b3-4a-67-d9-cf", "0012.3456.789a"],
            misses: ["00:1A:2B:3C:4D", "10:2F:33-AC-29-C3", "ff:ff:ff:ff:ff:ff", "12:34:56:78"]),
        Detector(
            "crypto_address", family: .pii, #"(?:^|[^\w])([13][1-9A-HJ-NP-Za-km-z]{25,34})(?:[^\w]|$)"#,
            keywords: [#"[13]\l"#, #"[13]\d\l"#], gate: .word(26), before: 4, after: 48,
            check: { Check.isBase58Address($0) },
            matches: ["16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ"], misses: ["16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ2"]),
        Detector(
            "crypto_address", family: .pii, #"(?i)\b((?:bc|tb|ltc)1[ac-hj-np-z02-9]{11,71})\b"#,
            keywords: ["bc1", "tb1", "ltc1"],
            gate: .run(14), before: 4, after: 96, check: { Check.isBech32($0) },
            matches: ["bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"],
            misses: ["bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdx"]),
        Detector(
            "crypto_address", family: .pii, #"\b(0x[0-9a-fA-F]{40})\b"#, keywords: [#"0x\h\h\h\h"#], gate: .run(42),
            before: 8, after: 48, matches: ["0x52908400098527886E0F7030069857D2E4169EE7"], misses: ["0xdeadbeef"]),
    ]
}
