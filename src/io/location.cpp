#include "io/location.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <sstream>
#include <stdexcept>

#include "core/printable.hpp"

namespace onepass::io {
namespace {

const std::string scheme_end = "://";
const std::string unknown_host = "…";

bool is_digit(char letter) { return std::isdigit(static_cast<unsigned char>(letter)) != 0; }

/// Removes user and password from the part of a URL after its scheme. A password with an unescaped '/' is invalid in a
/// URL but occurs in practice; its beginning looks like a port, so a "port" that is followed by an '@' anywhere is
/// treated as a password.
std::string after_credentials(const std::string& rest) {
  const auto authority_end = std::min(rest.find_first_of("/?#"), rest.size());
  const auto authority = rest.substr(0, authority_end);
  if (const auto at = authority.rfind('@'); at != std::string::npos) return rest.substr(at + 1);
  const auto at = rest.rfind('@');
  if (authority.find(':') == std::string::npos || at == std::string::npos) return rest;
  // The '@' may also belong to a setting ("host:80/?password=p@ss"); then no part is safe to show.
  return rest.substr(0, at).find_first_of("=&") == std::string::npos ? rest.substr(at + 1) : unknown_host;
}

/// Returns "host:554/…" for "host:554/user=admin&password=secret": some cameras expect credentials in the path.
std::string without_settings(const std::string& rest) {
  const auto setting = rest.find_first_of("=&");
  if (setting == std::string::npos) return rest;
  const auto host_end = rest.find('/');
  return rest.substr(0, std::min(host_end, setting)) + "/…";
}

/// Replaces every quoted text by one letter, because it may contain " ! ".
std::string without_quoted(const std::string& text) {
  std::string result;
  char quote = 0;
  for (const char letter : text) {
    if (quote != 0) {
      if (letter == quote) quote = 0;
    } else if (letter == '"' || letter == '\'') {
      quote = letter;
      result += 'x';
    } else {
      result += letter;
    }
  }
  return result;
}

/// Returns "rtspsrc ! decodebin ! appsink" for "rtspsrc location=rtsp://… ! decodebin ! appsink".
std::string elements_of(const std::string& pipeline) {
  std::istringstream words(without_quoted(pipeline));
  std::string result;
  bool element = true;
  for (std::string word; words >> word;) {
    if (word == "!") result += " ! ";
    if (element) result += word;
    element = word == "!";
  }
  return result;
}

}  // namespace

bool is_camera(const std::string& location) {
  return !location.empty() && std::all_of(location.begin(), location.end(), is_digit);
}

bool is_url(const std::string& location) { return location.find(scheme_end) != std::string::npos; }

bool is_pipeline(const std::string& location) { return location.find(" ! ") != std::string::npos; }

std::string without_credentials(const std::string& location) {
  if (is_pipeline(location)) return elements_of(location);
  if (!is_url(location)) return location;
  const auto rest_begin = location.find(scheme_end) + scheme_end.size();
  const auto rest = after_credentials(location.substr(rest_begin));
  return location.substr(0, rest_begin) + without_settings(rest.substr(0, rest.find_first_of("?#")));
}

std::string url_name(const std::string& url) {
  const auto shown = without_credentials(url);
  const auto rest = shown.substr(shown.find(scheme_end) + scheme_end.size());
  if (rest.starts_with("[")) return as_file_name(rest.substr(1, rest.find(']') - 1));  // an IPv6 address
  const auto host = rest.substr(0, rest.find_first_of(":/"));
  if (host == unknown_host) return "stream";
  if (!host.empty()) return as_file_name(host);
  const auto stem = std::filesystem::path(rest).stem().string();
  return stem.empty() ? "stream" : as_file_name(stem);
}

std::string folder_name(const std::filesystem::path& folder) {
  const auto name = std::filesystem::absolute(folder / ".").lexically_normal().parent_path().filename().string();
  return name.empty() ? "root" : as_file_name(name);
}

HostAndPort parse_host_and_port(const std::string& text, int usual_port) {
  HostAndPort parsed{text, usual_port};
  const auto colon = text.ends_with(']') ? std::string::npos : text.rfind(':');
  if (colon != std::string::npos) {
    const auto port = text.substr(colon + 1);
    parsed.host.erase(colon);
    const auto end = port.data() + port.size();
    const auto number = std::from_chars(port.data(), end, parsed.port);
    if (number.ec != std::errc() || number.ptr != end || parsed.port < 1 || parsed.port > 65535)
      throw std::invalid_argument("'" + port + "' is not a valid port");
  }
  if (parsed.host.starts_with('[') && parsed.host.ends_with(']'))
    parsed.host = parsed.host.substr(1, parsed.host.size() - 2);
  if (parsed.host.empty() || std::ranges::any_of(parsed.host, [](unsigned char letter) { return letter <= ' '; }))
    throw std::invalid_argument("the host is missing or invalid");
  return parsed;
}

}  // namespace onepass::io
