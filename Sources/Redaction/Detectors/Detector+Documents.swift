extension Detector {
    /// What says nothing by itself: told by the words beside it, or by being all there is.
    static let documents: [Detector] = [
        Detector(
            "id_number", family: .pii, rank: .generic,
            #"(?i)(?:"# + words + #")"# + gap + "(" + value + #")(?:[^\w-]|$)"#,
            keywords: wordKeywords, gate: .digits(4), before: 24, after: 96, check: { Check.isDocumentNumber($0) },
            matches: [
                "my travel document is A12803456", "Reisepass C01234565 ausgestellt am 01.01.2020.",
                "my driver's license number is 2270-66-1551", "License plate 34 ABC 1234",
                "Meine Steuer-ID: 12345678903.", "MRN: 00482913", "account number 945456787654",
                #"{"passport_number": "X1234567"}"#,
            ],
            misses: [
                "passport control opens at 08:00", "the account was opened on 2026-03-02", "license: MIT",
                "policy version 2.14.3",
            ]),
        Detector(
            "id_number", family: .pii, rank: .generic,
            #"(?i)(?:^|[^\w.+-])("# + value
                + #")["'’]{0,2},?\s(?:[^\s\d]{1,12}\s){0,2}?(?:my|his|her|their|our|your|mi|mein|meine|mon|ma|vårt|mitt|min|su)\s(?:[^\s\d]{1,14}\s){0,3}?(?:"#
                + words + #")"#,
            keywords: wordKeywords, gate: .digits(4), before: 112, after: 4, check: { Check.isDocumentNumber($0) },
            matches: ["020594X903P is my hetu.", "AaA123456 es mi número de pasaporte"],
            misses: ["12345 is my favourite number"]),
        Detector(
            "date_of_birth", family: .pii, rank: .context,
            #"(?i)\b(?:d\.?o\.?b\.?|date[ _-]?of[ _-]?birth|birth[ _-]?(?:date|day)|born(?: on)?|geboren(?: am)?|geburts(?:datum|tag)|n[ée]e? le|date de naissance|fecha de nacimiento|data di nascita|data de nascimento|geboortedatum)["'\s:=]{1,6}(?:is |on )?(\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}\.? ?(?:st|nd|rd|th)?(?: of)? ?[A-Za-z]{3,10}\.?,? \d{4}|[A-Za-z]{3,10}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{8})\b"#,
            keywords: [
                "birth", #"dob\="#, "d.o.b", "born ", "geboren", "geburts", "naissance", "nacimiento", "nascita",
                "nascimento", "geboortedatum", "e le ",
            ],
            before: 24, after: 72,
            matches: [
                "DOB: 04/12/1985", "born on 12 March 1985", #"{"date_of_birth":"1985-03-12"}"#, "geboren am 12.03.1985",
            ],
            misses: ["born in Lisbon", "birthday party on Friday"]),
        // Nothing else in the text: a number, or what plates, postal codes and documents look like.
        whole(
            "id_number",
            #"\d{9,16}|\d{1,6}(?:[ .:/-]\d{1,6}){2,5}|[a-z]{1,3}[ -]?\d{6,10}[a-z]{0,2}|\d{6,9}-?[a-z]{1,2}|[a-z]\d{3}[a-z]\d{4}|[a-z]{2}\d{4}[a-z]\d{2}|[a-z]\d{2}[a-z]\d{2}[a-z]\d{2}|[a-z]\d[a-z]\d{3}[a-z]\d{2}[a-z]|[stfgr]\d{2}[a-z]{2}\d{4}[a-z]|\d{1,3}/\d{3}/\d{4,5}"#,
            check: Check.isPersonalNumber,
            matches: ["121000358", "AB1234567", "005 499 981", "d789C1234", "945456787654"],
            misses: [
                "1760000002", "2026-11-21", "12345678", "gpt-4-0613", "000000000", "2.14.3", "14:05:09",
                "127.0.0.1:4141",
            ]),
        whole(
            "vehicle_registration",
            #"[a-hj-pr-y]{2}\d{2} ?[a-hj-pr-z]{3}|[a-hj-pr-y]\d{1,3} [a-hj-pr-y]{3}|[a-hj-pr-y]\d{2,3}[a-hj-pr-y]{3}|[a-hj-pr-y]{3} ?\d{2,3}[a-hj-pr-y]|(?:0[1-9]|[1-7]\d|8[01]) [a-z]{1,3} \d{2,4}|[a-z]{3}[- ]?\d{3}[- ]?[a-z]{2}|(?:a[pnrs]|br|c[ghj]|d[dln]|g[aj]|h[pr]|jh|k[al]|l[ad]|m[hlnpz]|nl|o[dr]|p[by]|rj|sk|t[nrs]|u[kp]|wb)[ -]?\d{1,2}[ -]?[a-z]{0,3}[ -]?\d{4}|[a-z]{1,3}-[a-z]{1,2} ?\d{1,4}[eh]?|[a-z]{2}[- ]\d{3}[- ][a-z]{2}|\d{4} ?[bcdfghjklmnpr-z]{3}|mcx\d{4}|mn\d{4}"#,
            check: nil,
            matches: ["BD62XYZ", "AB70 DEF", "34 ABC 1234", "KA99ME3456", "APP-456CV", "B-MW 1234"],
            misses: ["gpt4", "utf8", "page 12", "v1.2.3", "x86-64"]),
        whole(
            "postcode",
            #"(?:gir ?0aa|[a-pr-uwyz](?:\d{1,2}|[a-hk-y]\d{1,2}|\d[a-hjkps-uw]|[a-hk-y]\d[abehmnprv-y]) ?\d[abd-hjlnp-uw-z]{2}|[abceghj-nprstvxy]\d[abceghj-nprstv-z][ -]?\d[abceghj-nprstv-z]\d)"#,
            check: nil, matches: ["SW1A 1AA", "m1 1ae", "K1A 0B1"], misses: ["M1 1CA", "VA1 1AA", "h264"]),
    ]

    private static func whole(
        _ kind: String, _ value: String, check: (@Sendable ([UInt8]) -> Bool)?, matches: [String], misses: [String]
    ) -> Detector {
        Detector(
            kind, family: .pii, rank: .generic, #"(?i)^\s*((?:"# + value + #"))\s*$"#, keywords: [], gate: .whole,
            check: check,
            matches: matches, misses: misses)
    }

    /// Of documents, accounts and offices, in the languages of those who have them.
    private static let words = [
        #"\bssn|\bsin\b|\bnas\b|\bitin\b|\btin\b|\bein\b|\bnpi\b|\bnhs\b|\bdea\b|\bmrn\b|\bbsn\b|\babn\b|\bacn\b|\btfn\b|\buen\b|\bbrn\b|\bfrn\b|\brrn\b|\bnin\b|\bpan\b|\brut\b|\bcurp\b|\brfc\b|\bcpf\b|\bcnpj\b|\bcuit\b|\bnif\b|\bnie\b|\bdni\b|\bnip\b|\bpesel\b|\bregon\b|\boib\b|\bcnp\b|\begn\b|\bjmbg\b|\bhetu\b|\bpnr\b|\bcpr\b|\bnric\b|\bfin\b|\blanr\b|\bbsnr\b|\bbvn\b|\bvin\b|\bhkid\b"#,
        #"passport|pasaporte|passaporto|passeport|paspoort|passnummer|reisepass|pass-?nr|pasaport|여권"#,
        #"driv(?:er'?s?|ing)[ _-]?(?:license|licence)|licen[cs]e(?:[ _-](?:plate|number|no\b|id))?|führerschein|fahrerlaubnis|patente|permiso de conducir|permis de conduire|rijbewijs|ehliyet|körkort|ajokortti|면허|licence"#,
        #"travel document|identity|identification|\bid[ _-]?(?:card|number|no\b|nr)|national[ _-]?id|tax[ _-]?(?:id|number)|taxpayer|personalausweis|ausweis|steuer|versicherten?(?:nummer|karte)?|versicherungsnummer|krankenkasse|krankenversich|rentenversich|sozialversicherung|arztnummer|betriebsstätte|handelsregister|finanzamt|kennzeichen|codice fiscale|partita iva|carta d.identit|identidad|identificaci|identifica|seguridad social|sécurité sociale|carte d.identité|kimlik|vergi|plaka|personnummer|orgnummer|organisationsnummer|henkilötunnus|fødselsnummer|dowód|rodné číslo|주민|외국인|사업자|ประชาชน|身份证|マイナンバー|aadhaa?r|uidai|gstin|voter|epic|ration card"#,
        #"medical[ _-]?(?:record|license|licence)|patient[ _-]?(?:id|number|no\b)?|medicare|medicaid|beneficiary|health[ _-]?(?:card|insurance|plan)|insurance|policy[ _-]?(?:number|no\b|id)|member[ _-]?(?:id|number)|prescriber|provider"#,
        #"(?:bank[ _-]?)?account(?:[ _-](?:number|no\b|id))?|routing|\baba\b|sort[ _-]?code|kontonummer|konto|\bswift\b|social[ _-]security|employee[ _-](?:id|number)|student[ _-](?:id|number)|registration|vehicle|plate"#,
    ].joined(separator: "|")

    /// In `Keyword`'s notation: one of them is in each of `words`.
    private static let wordKeywords =
        [
            "ssn", "passport", "pasaport", "passaporto", "passeport", "paspoort", "passnummer", "reisepass", "pass-nr",
            "passnr", "여권", "driver", "driving", "licens", "licenc", "führerschein", "fahrerlaubnis", "patente",
            "permiso de", "permis de", "rijbewijs", "ehliyet", "körkort", "ajokortti", "면허", "travel doc", "identit",
            "identific", "id card", "id number", "id_number", "id-number", "id no", "id-nr", "id_card", "national id",
            "national_id", "tax id", "tax_id", "tax-id", "tax number", "tax_number", "taxpayer", "ausweis", "steuer",
            "versicher", "krankenkasse", "arztnummer", "betriebsst", "handelsregister", "finanzamt", "kennzeichen",
            "codice fiscale", "partita iva", "identidad", "seguridad social", "curité sociale", "kimlik", "vergi",
            "plaka", "personnummer", "orgnummer", "organisationsnummer", "henkilötunnus", "fødselsnummer", "dowód",
            "rodné", "주민", "외국인", "사업자", "ประชาชน", "身份证", "マイナンバー", "aadhar", "aadhaar", "uidai",
            "gstin", "voter", "epic", "ration card", "medical rec", "medical_rec", "medical-rec", "medical lic",
            "patient", "medicare", "medicaid", "beneficiary", "health card", "health insurance", "health plan",
            "health_", "insurance", "policy", "member", "prescriber", "provider", "account", "routing", "sort code",
            "sort_code", "konto", "social sec", "social_sec", "employee", "student", "registration", "vehicle", "plate",
        ]
        + [
            "sin", "nas", "itin", "tin", "ein", "npi", "nhs", "dea", "mrn", "bsn", "abn", "acn", "tfn", "uen", "brn",
            "frn", "rrn", "nin", "pan", "rut", "curp", "rfc", "cpf", "cnpj", "cuit", "nif", "nie", "dni", "nip",
            "pesel", "regon", "oib", "cnp", "egn", "jmbg", "hetu", "pnr", "cpr", "nric", "fin", "lanr", "bsnr", "bvn",
            "vin", "hkid", "aba", "swift",
        ].map { $0 + #"[ .,;:=#'")>_-]"# }

    /// Between such a word and its number: the word's own end, a few more words, no digit.
    private static let gap =
        #"[a-zäöüß]{0,12}(?:[ _-]?(?:number|nummer|num|no|nr|id|code|card|karte|número|numéro|numero|numarası|#)\b\.?)?(?:[\s:=#("'’.,-]{1,4}[^\s\d:=#("'’.,-]{1,9}\.?){0,3}?[\s:=#("'’.,-]{1,5}"#

    private static let value =
        #"(?:(?-i:[A-Z]{1,5})[ -]?|[A-Z]{1,5})?\d[\dA-Z]{0,20}(?:[ ./:-](?:[A-Z]{1,3}[ -])?\d[\dA-Z]{0,12}){0,5}"#
}
