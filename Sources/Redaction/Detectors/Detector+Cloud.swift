extension Detector {
    /// Clouds, hosting, infrastructure.
    static let cloud: [Detector] = [
        token(
            "aws_access_key_id", "(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16}",
            keywords: ["AKIA", "ASIA", "ABIA", "ACCA", "A3T"],
            matches: ["AKIA\(sample(16, .upper))", "key=ASIA\(sample(16, .upper))&"],
            misses: ["AKIA", "ASIAN food", "asia"]),
        // Forty characters of base64, told by the name in front of them.
        Detector(
            "aws_secret_key", rank: .context,
            #"(?i:aws.{0,20}secret|secret[_ -]?access[_ -]?key|SecretAccessKey).{0,30}?[^A-Za-z0-9/+]([A-Za-z0-9/+]{40})(?:[^A-Za-z0-9/+=]|$)"#,
            keywords: ["secret"], gate: .run(40), before: 32, after: 128,
            matches: ["aws_secret_access_key = \(sample(40))", #""SecretAccessKey": "\#(sample(40))""#],
            misses: ["aws_secret_access_key = ${SECRET}"]),
        token(
            "aws_bedrock_key", #"(?:bedrock-api-key-[A-Za-z0-9+/=]{20,}|ABSK[A-Za-z0-9+/]{90,}={0,2})"#,
            keywords: ["bedrock-api-key-", "ABSK"], matches: ["bedrock-api-key-\(sample(60))", "ABSK\(sample(120))="],
            misses: ["bedrock-api-key-x"]),
        token(
            "google_oauth_secret", #"GOCSPX-[\w-]{20,}"#, keywords: ["GOCSPX-"], matches: ["GOCSPX-\(sample(28))"]),
        token(
            "google_oauth_token", #"ya29\.[\w.-]{20,}"#, keywords: ["ya29."], matches: ["ya29.\(sample(80))"],
            misses: ["ya29.x"]),
        token(
            "google_refresh_token", #"1//0[\w-]{30,}"#, keywords: ["1//0"], matches: ["1//0\(sample(60))"],
            misses: ["1//0"]),
        Detector(
            "azure_client_secret", #"(?:^|[^\w~.-])([\w.-]{3}\dQ~[\w~.-]{31,34})(?:[^\w~.-]|$)"#, keywords: [#"\dQ~"#],
            matches: ["secret: abc8Q~\(sample(32)) "], misses: ["8Q~short"]),
        Detector(
            "azure_storage_key", rank: .context,
            #"(?i:AccountKey|SharedAccessKey|AccessKey)=([A-Za-z0-9+/]{40,}={0,2})"#,
            keywords: ["AccountKey=", "AccessKey="],
            matches: ["DefaultEndpointsProtocol=https;AccountName=x;AccountKey=\(sample(86))==;"],
            misses: ["AccountKey=x"]),
        Detector(
            "azure_sas_signature", rank: .context, #"[?&;]sig=([A-Za-z0-9%+/_-]{30,}={0,2})"#, keywords: ["sig="],
            matches: ["https://a.blob.core.windows.net/c?sv=2022&sig=\(sample(43))%3D"], misses: ["?sig=1"]),
        token(
            "digitalocean_token", "do[opr]_v1_[0-9a-f]{64}", keywords: ["dop_v1_", "doo_v1_", "dor_v1_"],
            matches: ["dop_v1_\(sample(64, .hex))"], misses: ["dop_v1_"]),
        token(
            "alibaba_key_id", "LTAI[A-Za-z0-9]{12,24}", keywords: ["LTAI"], matches: ["LTAI\(sample(20))"],
            misses: ["LTAI"]),
        token(
            "tencent_secret_id", "AKID[A-Za-z0-9]{28,36}", keywords: ["AKID"], matches: ["AKID\(sample(32))"],
            misses: ["AKID"]),
        token(
            "vault_token", #"hv[sbr]\.[\w-]{24,}"#, keywords: ["hvs.", "hvb.", "hvr."], matches: ["hvs.\(sample(90))"],
            misses: ["hvs.example"]),
        token(
            "vault_token", #"s\.[A-Za-z0-9]{24}"#, keywords: [#"\=s."#], inside: true,
            matches: ["VAULT_TOKEN=s.\(sample(24))"], misses: ["VAULT_TOKEN=s.example", "strings.Builder"]),
        token(
            "terraform_token", #"[A-Za-z0-9]{14}\.atlasv1\.[\w-]{50,}"#, keywords: [".atlasv1."], inside: true,
            matches: ["\(sample(14)).atlasv1.\(sample(67))"]),
        token(
            "doppler_token", #"dp\.(?:pt|st|sa|ct|scim|audit)\.[\w.-]{30,}"#, keywords: ["dp."],
            matches: ["dp.pt.\(sample(43, .lower))"], misses: ["dp.pt.x", "dp.st"]),
        token(
            "pulumi_token", "pul-[0-9a-f]{40}", keywords: ["pul-"], matches: ["pul-\(sample(40, .hex))"],
            misses: ["pul-1"]),
        token(
            "planetscale_token", #"pscale_(?:tkn|pw|oauth)_[\w=.-]{30,}"#, keywords: ["pscale_"],
            matches: ["pscale_tkn_\(sample(40))"], misses: ["pscale_tkn_"]),
        token(
            "databricks_token", #"dapi[0-9a-f]{32}(?:-\d)?"#, keywords: [#"dapi\h\h"#],
            matches: ["dapi\(sample(32, .hex))"],
            misses: ["dapi"]),
        token(
            "heroku_key", #"HRKU-[\w-]{30,}"#, keywords: ["HRKU-"], matches: ["HRKU-AA\(sample(58))"], misses: ["HRKU-"]
        ),
        token(
            "fly_token", #"(?:FlyV1 fm\d[a-z]?_|fo1_)[\w+/=,-]{40,}"#, keywords: ["FlyV1 fm", "fo1_"],
            matches: ["FlyV1 fm2_\(sample(120))"]),
        token(
            "supabase_key", #"sb[p]_[0-9a-f]{40}|sb_(?:secret|publishable)_[\w-]{20,}"#, keywords: ["sbp_", "sb_"],
            matches: ["sbp_\(sample(40, .hex))", "sb_secret_\(sample(31))"], misses: ["sb_append"]),
        token(
            "openshift_token", #"sha256~[\w=@.+/-]{10,}"#, keywords: ["sha256~"], matches: ["sha256~\(sample(43))"],
            misses: ["sha256~"]),
        token(
            "age_secret_key", "AGE-SECRET-KEY-1[A-Z0-9]{50,}", keywords: ["AGE-SECRET-KEY-1"],
            matches: ["AGE-SECRET-KEY-1\(sample(58, .upper))"]),
        token(
            "clickhouse_key", "4b1d[A-Za-z0-9]{38}", keywords: ["4b1d"], matches: ["4b1d\(sample(38))"],
            misses: ["4b1d"]),
        token(
            "yandex_key", #"AQVN[\w-]{30,}|t1\.[A-Z0-9a-z_-]+=?\.[\w-]{80,}"#, keywords: ["AQVN", "t1."],
            matches: ["AQVN\(sample(36))"], misses: ["AQVN", "t1.x"]),
        near(
            "cloudflare|fastly|heroku|linode|vultr|scaleway|hetzner|netlify|vercel", "cloud_key",
            #"[A-Za-z0-9_-]{32,64}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"#,
            keywords: [
                "cloudflare", "fastly", "heroku", "linode", "vultr", "scaleway", "hetzner", "netlify", "vercel",
            ],
            matches: ["CLOUDFLARE_API_TOKEN=\(sample(40))", "my fastly key is \(sample(32)), use it"],
            misses: ["vercel.com is a cloud"]),
    ]
}
