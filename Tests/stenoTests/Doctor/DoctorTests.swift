import CurlClient
import Interactions
import Testing

@testable import steno

@Suite struct DoctorTests {
    @Test(
        "A clock is right, wrong, or unknown, by the middle of what servers say",
        arguments: [
            ([], Finding.Verdict.skipped), ([0.4], .ok), ([-29.9], .ok), ([31], .warning),
            ([-3600, -3600, 0], .warning),
            ([0, 0.5, 90_000], .ok),
        ])
    func clock(_ differences: [Double], _ verdict: Finding.Verdict) {
        let finding = Doctor.clock(differences: differences)
        #expect(finding.verdict == verdict)
        #expect((finding.advice != nil) == (verdict == .warning))
    }

    @Test(
        "Each way in which a server can't be reached says what to do",
        arguments: [
            (CurlError.Kind.unreachable, "route.x.upstream"), (.timedOut, "firewall"), (.broken, "http://"),
            (.tls, "HTTPS"), (.certificateExpired, "clock"), (.certificateAuthority, "route.x.tls.ca_file"),
            (.certificateHost, "name"), (.clientCertificate, "route.x.tls.cert_file"),
        ])
    func servers(_ kind: CurlError.Kind, _ word: String) {
        let finding = UpstreamFinding.make(
            "upstream x", key: "route.x.upstream", host: "x.example", .failure(CurlError(kind: kind, message: "m")))
        #expect(finding.verdict == .failure)
        #expect(finding.text.contains("x.example"))
        #expect(finding.advice?.contains(word) == true)
    }

    @Test("Any answer means that a server is there")
    func answers() {
        let finding = UpstreamFinding.make("u", key: "k", host: "h", .success(HTTPResponse(status: 404)))
        #expect(finding == Finding("u", .ok, "h answers (status 404)"))
    }

    @Test("An address for all of a machine is asked on its loopback")
    func reachable() {
        #expect(ConsoleProbe.reachable(ListenAddress(host: "0.0.0.0", port: 1)).host == "127.0.0.1")
        #expect(ConsoleProbe.reachable(ListenAddress(host: "::", port: 1)).host == "::1")
        #expect(ConsoleProbe.reachable(ListenAddress(host: "10.0.0.1", port: 1)).host == "10.0.0.1")
    }

    @Test("The report marks each finding, and puts advice below it")
    func report() {
        let report = DoctorReport(findings: [
            Finding("store", .ok, "fine"), Finding("upstream a", .failure, "gone\u{7}", advice: "start it"),
        ])
        #expect(
            report.render(.plain) == """
                ✓ store       fine
                ✗ upstream a  gone\u{FFFD}
                              → start it
                """)
        #expect(!report.isWell)
        #expect(report.json["checks"]?[1]?["advice"] == "start it")
    }
}
