extension Detector {
    /// Numbers that a state, a health service or a tax office gave to somebody, told by their form and check digits.
    static let identity: [Detector] = [
        number(
            "us_ssn", #"\d{3}[- ]\d{2}[- ]\d{4}"#, digits: 9, check: { Check.isSocialSecurityNumber($0) },
            matches: ["SSN 078-05-1120", "123 45 6789", "911-70-1234"],
            misses: ["000-12-3456", "2026-11-21", "123-45-67890", "666-12-1234"]),
        Detector(
            "us_ssn", family: .pii, rank: .context,
            #"(?i)\b(?:ssn|social[ _]security(?:[ _](?:number|no\.?|#))?)["'\s:=#]{1,6}(?:is\s)?(\d{9})\b"#,
            keywords: ["ssn", "social security", "social_security"], after: 64,
            matches: ["SSN: 078051120"], misses: ["ssn: unknown"]),
        code(
            "us_medicare",
            #"[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}"#,
            matches: ["1EG4-TE5-MK73", "card 1eg4te5mk72."], misses: ["1EG4-TE5-OK73"]),
        code(
            "us_dea", #"[A-HJ-MPRSTUX][A-Z9]\d{7}"#, check: Check.isDEA, matches: ["DEA BB1388568"],
            misses: ["BB1388569"]),
        code(
            "uk_nino", #"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]"#,
            check: {
                !["BG", "GB", "NK", "KN", "NT", "TN", "ZZ"].contains(
                    String(decoding: $0.prefix(2), as: UTF8.self).uppercased())
            },
            matches: ["NI number AB 12 34 56 C", "tw987654a"], misses: ["FQ 00 00 00 C", "nt 99 88 77 a"]),
        number(
            "uk_nhs", #"\d{3}[ -]\d{3}[ -]\d{4}"#, digits: 10, check: Check.isNHS,
            matches: ["401-023-2137", "NHS 943 476 5919"],
            misses: ["401-023-2138"]),
        code(
            "uk_driving_licence", #"[A-Z9]{5}\d[0156]\d(?:0[1-9]|[12]\d|3[01])\d[A-Z9]{2}[A-Z\d]{3}"#,
            matches: ["MORGA657054SM9IJ"], misses: ["MORGA677054SM9IJ"]),
        number(
            "in_aadhaar", #"[2-9]\d{3}[ :-]\d{4}[ :-]\d{4}"#, digits: 12, check: Check.isVerhoeff,
            matches: ["3123 4567 8909", "3998-7654-3211"], misses: ["3123 4567 8908"]),
        code(
            "in_pan", "(?-i:[A-Z]{5}\\d{4}[A-Z])", matches: ["PAN: ABCPD1234Z"], misses: ["abcde1234f", "ABCDE12345"]),
        code(
            "in_gstin", #"[0-3]\d[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[\dA-Z]"#, matches: ["GSTIN: 27ABCDE1234F1Z5"],
            misses: ["27ABCDE1234F1Y5"]),
        number(
            "ca_sin", #"\d{3}[ -]\d{3}[ -]\d{3}"#, digits: 9, check: Check.passesLuhn,
            matches: ["130-692-544", "258 933 688"],
            misses: ["130-692-545", "000 000 000"]),
        number(
            "au_abn", #"\d{2} \d{3} \d{3} \d{3}"#, digits: 11, check: Check.isAustralianBusiness,
            matches: ["ABN 51 824 753 556"], misses: ["52 824 753 556"]),
        number(
            "au_medicare", #"[2-6]\d{3} \d{5} \d"#, digits: 10, check: Check.isAustralianMedicare,
            matches: ["2123 45670 1"],
            misses: ["2123 45671 1"]),
        number(
            "br_cpf", #"\d{3}\.\d{3}\.\d{3}-\d{2}"#, digits: 11, check: Check.isBrazilian,
            matches: ["CPF 529.982.247-25"],
            misses: ["529.982.247-26"]),
        number(
            "br_cnpj", #"\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}"#, digits: 14, check: Check.isBrazilian,
            matches: ["11.222.333/0001-81"], misses: ["11.222.333/0001-82"]),
        number(
            "cl_rut", #"\d{1,2}\.\d{3}\.\d{3}-[\dkK]"#, digits: 7, check: Check.isChilean,
            matches: ["RUT 12.345.678-5"],
            misses: ["12.345.678-6"]),
        number(
            "ar_cuit", #"(?:2[0347]|3[034])-\d{8}-\d"#, digits: 11, check: Check.isArgentine,
            matches: ["20-12345678-6"],
            misses: ["20-12345678-5"]),
        code(
            "mx_curp", #"[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z\d]\d"#, check: Check.holdsDate, matches: ["HEGG560427MVZRRL04"],
            misses: ["HEGG569927MVZRRL04"]),
        code(
            "mx_rfc", #"(?-i:[A-ZÑ&]{3,4}\d{6}[A-Z\d]{3})"#, check: Check.holdsDate, matches: ["RFC GODE561231GR8"],
            misses: ["GODE569931GR8"]),
        number(
            "be_national_number", #"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}"#, digits: 11, check: Check.isBelgian,
            matches: ["85.07.30-033.28"], misses: ["85.07.30-033.29"]),
        number(
            "ch_ahv", #"756[.]?\d{4}[.]?\d{4}[.]?\d{2}"#, digits: 13, inOnePiece: 13...13, check: Check.isEAN,
            matches: ["756.9217.0769.85"],
            misses: ["756.9217.0769.84"]),
        number(
            "fr_nir", #"[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}"#, digits: 13,
            inOnePiece: 15...15, check: Check.isFrench,
            matches: ["2 55 08 14 168 025 38", "255081416802538"], misses: ["2 55 08 14 168 025 39"]),
        code(
            "es_nif", #"(?:\d{8}|[XYZ]-?\d{7})-?[A-Z]"#, keywords: digits, check: Check.isSpanish,
            matches: ["55555555-K", "NIE X9613851N", "Y8063915-Z"], misses: ["12345678A", "W8063915Q"]),
        code(
            "it_fiscal_code", #"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]"#, keywords: [#"\l\l\d\d\l\d\d\l"#],
            check: Check.isItalian, matches: ["RSSMRA85T10A562S"], misses: ["RSSMRA85T10A562T"]),
        code(
            "fi_hetu", #"\d{6}[-+A-FU-Y]\d{3}[\dA-Y]"#, keywords: [#"\d\d[-+ABCDEFUVWXYabcdefuvwxy]\d\d\d"#],
            check: Check.isFinnish, matches: ["010594Y9032", "hetu: 131052-308T"], misses: ["131052-308U"]),
        number(
            "se_personnummer", #"(?:\d{2})?\d{6}[-+]\d{4}"#, digits: 10, check: Check.isSwedish,
            matches: ["19910924-2397", "556703-7485"], misses: ["19910924-2398"]),
        number(
            "dk_cpr", #"\d{6}-\d{4}"#, digits: 10, check: Check.beginsWithDay, matches: ["CPR 211062-5629"],
            misses: ["991362-5629"]),
        number(
            "kr_rrn", #"\d{6}-[1-8]\d{6}"#, digits: 13, check: Check.beginsWithDate,
            matches: ["960121-1021413", "911124-5678901"], misses: ["001332-1234567"]),
        number(
            "kr_brn", #"\d{3}-\d{2}-\d{5}"#, digits: 10, check: Check.isKoreanBusiness, matches: ["104-82-13138"],
            misses: ["104-82-13139"]),
        number(
            "my_nric", #"\d{6}-\d{2}-\d{4}"#, digits: 12, check: Check.beginsWithDate, matches: ["850523-14-5237"],
            misses: ["851323-14-5237"]),
        number(
            "ph_tin", #"\d{3}-\d{3}-\d{3}(?:-\d{3,5})?"#, digits: 9, check: { Set($0).count > 2 },
            matches: ["TIN 000-123-456", "000-123-456-001"], misses: ["000-000-000"]),
        number(
            "cz_rodne_cislo", #"\d{2}[0156]\d[0-3]\d/\d{3,4}"#, digits: 9, check: { Set($0).count > 2 },
            matches: ["736028/5163"], misses: ["739928/5163"]),
        number(
            "cn_resident_id", #"[1-8]\d{16}[\dXx]"#, digits: 17, inOnePiece: 18...18, check: Check.isChinese,
            matches: ["11010519491231002X"],
            misses: ["110105194912310021"]),
        code(
            "sg_nric", #"[STFGM]\d{7}[A-Z]"#, keywords: digits, check: Check.isSingaporean, matches: ["S1234567D"],
            misses: ["S1234567A"]),
        code(
            "hk_id", #"[A-Z]{1,2}\d{6}\([\dA]\)"#, keywords: [#"\d\d\d\d\d\d("#], matches: ["A123456(3)"],
            misses: ["A12345(3)"]),
        code(
            "tw_id", #"(?-i:[A-Z][1289]\d{8})"#, keywords: digits, check: Check.isTaiwanese, matches: ["A123456789"],
            misses: ["A123456788"]),
        code(
            "de_social_security", #"\d{2}[0-8]\d[01]\d{3}[A-Z]\d{3}"#, keywords: digits, check: Check.isGermanInsurance,
            matches: ["RVNR 15070649C103"], misses: ["15070649C100"]),
        code(
            "de_health_insurance", #"[A-Z]\d{9}"#, keywords: digits, check: Check.isGermanInsurance,
            matches: ["A123456780"], misses: ["A123456787"]),
        code(
            "eu_vat",
            #"(?-i:ATU\d{8}|BE[01]\d{9}|BG\d{9,10}|CY\d{8}[A-Z]|CZ\d{8,10}|DE\d{9}|DK\d{8}|EE\d{9}|EL\d{9}|ES[A-Z]\d{7}[A-Z\d]|FI\d{8}|FR[A-Z\d]{2}\d{9}|HR\d{11}|HU\d{8}|IE\d[A-Z\d]\d{5}[A-Z]{1,2}|IT\d{11}|LT\d{9}(?:\d{3})?|LU\d{8}|LV\d{11}|MT\d{8}|NL\d{9}B\d{2}|PL\d{10}|PT\d{9}|SE\d{12}|SI\d{8}|SK\d{10})"#,
            keywords: [#"\l\l\d\d"#, #"ATU\d"#], check: Check.isVAT, matches: ["VAT DE136695976", "ATU13585627"],
            misses: ["DE123456789"]),
    ]

    /// In every number of seven or more digits, written together or in groups.
    static let digits = [#"\d\d\d\d\d\d\d"#, #"\d[ .-]\d\d\d"#, #"\d[ .-]\d\d[ .-]\d\d[ .-]"#]

    /// - Parameters:
    ///   - digits: as many as it has at least.
    ///   - inOnePiece: as many as it has where nothing need stand between them.
    private static func number(
        _ kind: String, _ value: String, digits count: Int, inOnePiece: ClosedRange<Int>? = nil,
        check: @escaping @Sendable ([UInt8]) -> Bool, matches: [String], misses: [String]
    ) -> Detector {
        Detector(
            kind, family: .pii, rank: .context, #"(?i)(?:^|[^\w.+-])("# + value + #")(?:[^\w-]|$)"#,
            keywords: digits + [#"\d[ :/]\d\d\d"#], gate: .number(count, inOnePiece: inOnePiece), before: 32, after: 32,
            check: check,
            matches: matches, misses: misses)
    }

    /// Letters and digits.
    private static func code(
        _ kind: String, _ value: String, keywords: [String] = [#"\l\l\d\d"#, #"\l\l \d\d \d\d"#],
        check: (@Sendable ([UInt8]) -> Bool)? = nil, matches: [String], misses: [String]
    ) -> Detector {
        Detector(
            kind, family: .pii, rank: .context, #"(?i)(?:^|[^\w.+-])("# + value + #")(?:[^\w-]|$)"#,
            keywords: keywords, gate: .code, before: 32, after: 32, check: check, matches: matches, misses: misses)
    }
}
