#include "sink/web/http/certificate.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <ctime>
#include <fstream>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "onepass/setting_error.hpp"

namespace onepass::sink {
namespace {

namespace fs = std::filesystem;

/// Answers the question for the passphrase of a key: there is nobody to ask. Notes that it was asked for.
int note_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

void require_readable(const fs::path& path, const char* setting) {
  if (!std::ifstream(path) || fs::is_directory(path)) throw SettingError(setting, path.string() + ": cannot be read");
}

void use_certificate(SSL_CTX* settings, const fs::path& path) {
  require_readable(path, "serve_certificate");
  if (SSL_CTX_use_certificate_chain_file(settings, path.c_str()) != 1)
    throw SettingError("serve_certificate", path.string() + ": is not a certificate in PEM format");
}

void use_key(SSL_CTX* settings, const fs::path& path, const fs::path& certificate) {
  require_readable(path, "serve_key");
  bool asked = false;
  SSL_CTX_set_default_passwd_cb(settings, note_passphrase);
  SSL_CTX_set_default_passwd_cb_userdata(settings, &asked);
  const bool read = SSL_CTX_use_PrivateKey_file(settings, path.c_str(), SSL_FILETYPE_PEM) == 1;
  SSL_CTX_set_default_passwd_cb_userdata(settings, nullptr);
  if (read && SSL_CTX_check_private_key(settings) == 1) return;
  const auto reason = ERR_GET_REASON(ERR_peek_last_error());
  const bool mismatch = reason == X509_R_KEY_VALUES_MISMATCH || reason == X509_R_KEY_TYPE_MISMATCH;
  throw SettingError("serve_key",
                     path.string() + (asked      ? ": is protected by a passphrase; give a key without one"
                                      : mismatch ? ": does not belong to the certificate " + certificate.string()
                                                 : ": is not a private key in PEM format"));
}

std::string day_of(const ASN1_TIME* time) {
  std::tm parts{};
  return ASN1_TIME_to_tm(time, &parts) == 1 ? fmt::format("{:%Y-%m-%d}", parts) : "an unknown day";
}

}  // namespace

TlsSettings load_certificate(const fs::path& certificate, const fs::path& key) {
  ERR_clear_error();
  const TlsSettings settings(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!settings) throw std::runtime_error("encryption cannot be set up on this system");
  SSL_CTX_set_min_proto_version(settings.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(settings.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(settings.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  use_certificate(settings.get(), certificate);
  use_key(settings.get(), key, certificate);
  return settings;
}

std::string time_problem(const TlsSettings& settings) {
  const auto* certificate = SSL_CTX_get0_certificate(settings.get());
  const auto* end = X509_get0_notAfter(certificate);
  const auto* begin = X509_get0_notBefore(certificate);
  if (X509_cmp_current_time(end) < 0) return "expired on " + day_of(end);
  if (X509_cmp_current_time(begin) > 0) return "is not valid before " + day_of(begin);
  return "";
}

}  // namespace onepass::sink
