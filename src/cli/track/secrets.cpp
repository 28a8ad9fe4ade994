#include "cli/track/secrets.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

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

/// Files of cameras and of units may contain passwords, too.
bool has_secrets(const TrackOptions& options) {
  const auto& services = options.services;
  const auto files = services.serve_token_file + services.serve_editor_token_file + services.serve_key +
                     services.mqtt_password_file + services.mqtt_key_file + options.live.sources + options.batch.units;
  return !files.empty() || std::getenv("ONEPASS_MQTT_PASSWORD") || has_secrets(services.brokers) ||
         std::ranges::any_of(options.sources, shows_password);
}

}  // namespace

void protect_secrets(const TrackOptions& options) {
  for (const auto& source : options.sources) {
    if (!shows_password(source)) continue;
    print_warning(io::without_credentials(source) +
                  ": other users of this machine can see the password on the command line; list the camera in a file "
                  "for --sources");
  }
  if (has_secrets(options)) close_memory();
}

}  // namespace onepass::cli
