import CCurl

extension EasyHandle {
    /// Why the transfer that just ended failed. What libcurl's code leaves open about certificates, OpenSSL's verdict or
    /// the peer's alert tells.
    func error(_ code: CURLcode) -> CurlError {
        let kind: CurlError.Kind =
            switch code {
            case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unreachable
            case CURLE_OPERATION_TIMEDOUT: .timedOut
            case CURLE_PEER_FAILED_VERIFICATION: certificateFlaw
            case CURLE_SSL_CLIENTCERT, CURLE_SSL_CERTPROBLEM: .clientCertificate
            case CURLE_SSL_CONNECT_ERROR, CURLE_RECV_ERROR, CURLE_SEND_ERROR:
                // TLS 1.3 finishes the handshake before the server looks at the client's certificate: its alert comes as
                // an error of the first read.
                if details.contains("alert certificate required") || details.contains("alert bad certificate")
                    || details.contains("alert unknown ca") || details.contains("alert certificate unknown")
                {
                    .clientCertificate
                } else {
                    code == CURLE_SSL_CONNECT_ERROR ? .tls : .broken
                }
            case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CIPHER: .tls
            case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_OUT_OF_MEMORY: .invalidRequest
            default: .broken
            }
        return CurlError(kind: kind, message: unsafe String(cString: curl_easy_strerror(code)))
    }

    /// By X509_verify_cert's result: https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/. The name is looked at by
    /// libcurl itself, when the chain was found good.
    private var certificateFlaw: CurlError.Kind {
        var result = 0
        unsafe steno_get_long(pointer, CURLINFO_SSL_VERIFYRESULT, &result)
        return switch CInt(result) {
        // libcurl begins with "unspecified", and looks at the name before it notes that the chain is good.
        case X509_V_OK, X509_V_ERR_UNSPECIFIED: .certificateHost
        case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID: .certificateExpired
        default: .certificateAuthority
        }
    }
}
