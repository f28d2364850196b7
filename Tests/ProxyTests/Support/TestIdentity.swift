/// A certificate for `localhost` that vouches for itself until 2126, and keys; made for these tests and used nowhere else.
enum TestIdentity {
    static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBfjCCASWgAwIBAgIUKWUpEgo9kzgv/4dPPrMari117cYwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTE0MzI1OFoYDzIxMjYxMDI4
        MTQzMjU4WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAARWEcTVFvIe5FtTNteV4KQc/WYh4kZ9Ozja9PVsenR89Njv3ylxLrYU
        +oXVO5RzeHv1pK6zPicPgRz79OFuQoWao1MwUTAdBgNVHQ4EFgQUdoq16HPb3Bmc
        IZniW42GkJgEn08wHwYDVR0jBBgwFoAUdoq16HPb3BmcIZniW42GkJgEn08wDwYD
        VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiAnxHDuQbxNcr+yh8L6jk3k
        505w4jkMT74AsWDG7fTujAIgYzwSHIablPfxOm8Yh6piiQepOfCa3CahGBNRc/Lj
        Vsg=
        -----END CERTIFICATE-----
        """

    static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+RSC5V9y+EVB5xjk
        uLIh7XALwtN1ZsepEd0HYuwMo6ehRANCAARWEcTVFvIe5FtTNteV4KQc/WYh4kZ9
        Ozja9PVsenR89Njv3ylxLrYU+oXVO5RzeHv1pK6zPicPgRz79OFuQoWa
        -----END PRIVATE KEY-----
        """

    /// The same key behind a passphrase.
    static let encryptedKey = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHrMFYGCSqGSIb3DQEFDTBJMCgGCSqGSIb3DQEFDDAbBAgrfgzDSeI29gIBATAM
        BggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBAgQQfL7BARymuH0U2JtVCe87mQSBkAJo
        t6hfpPNhCFIc4yE8cCE6ldvjUPAsy/3TAoxof9sHWBiRcM9BhgJs5Uv6LqLDulpP
        RNgvFkX16I7+PNU3MVOhKHdWg6Xyc0UN5qBzIf/jvEnvMesoW+6wkQZcN6HhFQJB
        Une/DIRw/6QVO+3i/TikinliTyp4dnsXQNpFjwHejOTWlYz8UmqYVLmpNnai5g==
        -----END ENCRYPTED PRIVATE KEY-----
        """

    /// Of no certificate.
    static let otherKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCTAnSOuLQY57lJ43
        K68/r2hzpTmJqqZFZb7dKQdT41uhRANCAARI8xVPjdungeldtTZ4h2i4ok7wxhi3
        I9Od+6UYeVNq7MFrSB47oyr/Xfu5vO6fLkVEYEA4D2VV0GKibriFUODw
        -----END PRIVATE KEY-----
        """
}
