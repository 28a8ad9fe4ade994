#include "cli/store/secrets.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <functional>
#include <set>
#include <string>

#include <fmt/format.h>

#include "cli/progress.hpp"
#include "cli/store/closed_memory.hpp"
#include "io/location.hpp"

namespace onepass::cli {
namespace {

/// Returns whether a URL has a password before its host: "rtsp://user:password@host/path".
bool shows_password(const std::string& url) {
  const auto begin = url.find("://");
  if (begin == std::string::npos) return false;
  const auto authority = url.substr(begin + 3, url.find_first_of("/?#", begin + 3) - (begin + 3));
  const auto at = authority.rfind('@');
  return at != std::string::npos && authority.find(':') < at;
}

/// Returns whether a part of a name, such as that of "access_token" or "X-Amz-Signature", is a word for a secret.
/// @param name in lower case
bool is_secret_name(const std::string& name) {
  static const std::set<std::string, std::less<>> words{"apikey",   "auth",       "key",  "pass", "passwd",
                                                        "password", "passphrase", "pw",   "pwd",  "secret",
                                                        "sig",      "signature",  "token"};
  if (name.starts_with("key-int") || name.starts_with("key-frame")) return false;  // of video encoders
  for (std::size_t begin = 0, end = 0; end != std::string::npos; begin = end + 1) {
    end = name.find_first_of("_-", begin);
    if (words.contains(name.substr(begin, end - begin))) return true;
  }
  return false;
}

/// Whatever is not shown of a location may be a secret. Files of cameras and of units may contain passwords, too.
bool has_secrets(const TrackOptions& options) {
  const auto& services = options.services;
  const auto files = services.serve_token_file + services.serve_editor_token_file + services.serve_key +
                     services.mqtt_password_file + services.mqtt_key_file + options.live.sources + options.batch.units;
  return !files.empty() || std::getenv("ONEPASS_MQTT_PASSWORD") || has_secrets(services.brokers) ||
         std::ranges::any_of(options.sources,
                             [](const auto& source) { return io::without_credentials(source) != source; });
}

}  // namespace

bool shows_secret_setting(const std::string& location) {
  if (!io::is_url(location) && !io::is_pipeline(location)) return false;
  std::string text = location;
  std::ranges::transform(text, text.begin(), [](unsigned char letter) { return std::tolower(letter); });
  for (auto end = text.find('='); end != std::string::npos; end = text.find('=', end + 1)) {
    const auto name = text.substr(0, end).substr(text.find_last_of("/?#&; ", end) + 1);
    if (is_secret_name(name)) return true;
  }
  return false;
}

void protect_secrets(const TrackOptions& options) {
  for (const auto& source : options.sources) {
    if (!shows_password(source) && !shows_secret_setting(source)) continue;
    print_warning(fmt::format(
        "{}: other users of this machine can see the {} on the command line; list the camera in a file for --sources",
        io::without_credentials(source), shows_password(source) ? "password" : "secret in its settings"));
  }
  if (has_secrets(options)) close_memory();
}

}  // namespace onepass::cli
