// Loads the certificate with which a server shows who it is.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

using SSL_CTX = struct ssl_ctx_st;

namespace onepass::sink {

/// The settings of encrypted connections: at least TLS 1.2, with this certificate.
using TlsSettings = std::shared_ptr<SSL_CTX>;

/// @param certificate PEM file of the server's certificate, followed by those of its issuers if there are any
/// @param key PEM file of its private key, without a passphrase
/// @throws SettingError "serve_certificate" or "serve_key" naming the file, if it cannot be read, has another format,
/// or
///         if the key does not belong to the certificate.
TlsSettings load_certificate(const std::filesystem::path& certificate, const std::filesystem::path& key);

/// Returns why browsers will not trust the certificate because of its time: "expired on 2026-01-31"; empty if it is
/// valid now.
std::string time_problem(const TlsSettings& settings);

}  // namespace onepass::sink
