extension Detector {
    /// Version control, packages, continuous integration.
    static let code: [Detector] = [
        token(
            "github_token", "gh[pousr]_[A-Za-z0-9]{30,}", keywords: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
            matches: ["https://ghp_\(sample(36))@github.com/o/r", "gho_\(sample(36))"], misses: ["ghp_token", "ghs_"]),
        token(
            "github_token", #"github_pat_\w{22,}"#, keywords: ["github_pat_"],
            matches: ["github_pat_\(sample(22))_\(sample(59))"], misses: ["github_pat_name"]),
        token(
            "gitlab_token", #"gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|ffct|wt)-[\w.-]{20,}"#,
            keywords: [
                "glpat-", "gloas-", "gldt-", "glrt-", "glrtr-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-",
                "glsoat-", "glffct-", "glwt-",
            ],
            matches: ["glpat-\(sample(20))", "glcbt-1f_\(sample(20))"], misses: ["glpat-", "glft-x"]),
        token(
            "gitlab_token", "_gitlab_session=[0-9a-z]{32}", keywords: ["_gitlab_session="],
            matches: ["_gitlab_session=\(sample(32, .lower))"]),
        token(
            "gitlab_token", #"GR1348941[\w-]{20,}"#, keywords: ["GR1348941"], matches: ["GR1348941\(sample(20))"]),
        token(
            "bitbucket_token", #"ATBB[A-Za-z0-9]{28,}|ATCTT3xFfG[\w=-]{100,}"#, keywords: ["ATBB", "ATCTT3xFfG"],
            matches: ["ATBB\(sample(32))"], misses: ["ATBB"]),
        token(
            "atlassian_token", #"ATATT3[\w=-]{100,}"#, keywords: ["ATATT3"], matches: ["ATATT3\(sample(186))"],
            misses: ["ATATT3"]),
        token(
            "npm_token", "npm_[A-Za-z0-9]{36}", keywords: ["npm_"], matches: ["npm_\(sample(36))"],
            misses: ["npm_config_cache"]),
        token(
            "pypi_token", #"pypi-AgE[\w-]{40,}"#, keywords: ["pypi-AgE"],
            matches: ["pypi-AgEIcHlwaS5vcmc\(sample(90))"],
            misses: ["pypi-AgE"]),
        token(
            "rubygems_key", "rubygems_[0-9a-f]{48}", keywords: ["rubygems_"], matches: ["rubygems_\(sample(48, .hex))"],
            misses: ["rubygems_org"]),
        token(
            "cargo_token", "cio[A-Za-z0-9]{32}", keywords: ["cio"], matches: ["cio\(sample(32))"],
            misses: ["socioeconomic"]),
        token(
            "clojars_token", "CLOJARS_[0-9a-zA-Z]{60}", keywords: ["CLOJARS_"], matches: ["CLOJARS_\(sample(60))"]),
        token(
            "nuget_key", "oy2[a-z0-9]{43}", keywords: ["oy2"], matches: ["oy2\(sample(43, .lower))"], misses: ["oy2"]),
        token(
            "docker_token", #"dckr_(?:pat|oat)_[\w-]{20,}"#, keywords: ["dckr_"], matches: ["dckr_pat_\(sample(27))"]),
        token(
            "artifactory_key", #"AKCp[A-Za-z0-9]{60,}|cmVmdGtu[A-Za-z0-9]{50,}|cmVmd[A-Za-z0-9]{59}"#,
            keywords: ["AKCp", "cmVmd"], matches: ["AKCp\(sample(69))", "cmVmdGtuO\(sample(55))"], misses: ["AKCp"]),
        token(
            "sourcegraph_token", #"sgp_(?:[0-9A-Fa-f]{16}_|local_)?[0-9A-Fa-f]{40}|slk_[0-9a-f]{64}"#,
            keywords: ["sgp_", "slk_"], matches: ["sgp_\(sample(16, .hex))_\(sample(40, .hex))"], misses: ["sgp_x"]),
        token(
            "sentry_token", #"sntry[us]_[\w+/=]{60,}"#, keywords: ["sntryu_", "sntrys_"],
            matches: ["sntryu_\(sample(64, .hex))"], misses: ["sntrys_"]),
        token(
            "infracost_key", "ico-[A-Za-z0-9]{32}", keywords: ["ico-"], matches: ["ico-\(sample(32))"],
            misses: ["portico-style"]),
        token(
            "postman_key", "PMAK-[0-9a-f]{24}-[0-9a-f]{34}", keywords: ["PMAK-"],
            matches: ["PMAK-\(sample(24, .hex))-\(sample(34, .hex))"]),
        token(
            "linear_key", "lin_(?:api|oauth)_[A-Za-z0-9]{32,}", keywords: ["lin_"], matches: ["lin_api_\(sample(40))"],
            misses: ["lin_alg"]),
        token(
            "figma_token", #"fig[dou][rh]?_[\w-]{36,}"#, keywords: ["fig"], matches: ["figd_\(sample(43))"],
            misses: ["figure_1", "fig_2"]),
        token(
            "notion_token", #"ntn_\d{8,12}[A-Za-z0-9]{30,}|secret_[A-Za-z0-9]{43}"#, keywords: ["ntn_", "secret_"],
            matches: ["ntn_12345678901\(sample(35))", "secret_\(sample(43))"], misses: ["secret_name"]),
        token(
            "airtable_token", #"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}"#, keywords: [#".\h\h\h\h"#], inside: true,
            matches: ["pat\(sample(14)).\(sample(64, .hex))"], misses: ["pattern.matching"]),
        token(
            "harness_key", #"[ps]at\.[\w-]{22}\.[0-9a-zA-Z]{24}\.[0-9a-zA-Z]{20}"#, keywords: ["sat.", "pat."],
            matches: ["sat.\(sample(22)).\(sample(24)).\(sample(20))"], misses: ["sat.on.the.mat"]),
        token(
            "readme_key", "rdme_[a-z0-9]{70}", keywords: ["rdme_"], matches: ["rdme_\(sample(70, .lower))"]),
        near(
            "atlassian|jira|confluence|bitbucket|sonar|circleci|travis|buildkite|snyk|codecov|sourcegraph", "code_key",
            "[A-Za-z0-9_=-]{20,64}",
            keywords: [
                "atlassian", "jira", "confluence", "bitbucket", "sonar", "circleci", "travis", "buildkite", "snyk",
                "codecov", "sourcegraph",
            ],
            matches: ["JIRA_API_TOKEN=\(sample(24))", "x-circleci-token: \(sample(40, .hex))"],
            misses: ["jira: open the ticket"]),
    ]
}
