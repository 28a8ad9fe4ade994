#include "sink/web/doorman.hpp"

namespace onepass::sink {

void fail(httplib::Response& response, int status, const std::string& line) {
  response.status = status;
  response.set_content(line + "\n", "text/plain; charset=utf-8");
}

Role Doorman::role_of(const httplib::Request& request) const {
  const auto given = request.get_header_value("Authorization");
  if (!editor_token_.empty() && is_authorized(given, editor_token_)) return Role::editor;
  return token_.empty() || is_authorized(given, token_) ? Role::viewer : Role::nobody;
}

/// Through a proxy, the guesses of one would lock out everybody.
bool Doorman::is_locked_out(const httplib::Request& request) const {
  return !may_be_proxy(request.remote_addr) && guesses_.is_locked_out(request.remote_addr, Clock::now());
}

/// Answers if the client has tried too many tokens, and counts a wrong one.
bool Doorman::turns_away(const httplib::Request& request, httplib::Response& response) {
  if (is_locked_out(request)) {
    response.set_header("Retry-After", std::to_string(GuessLimit::period.count()));
    fail(response, 429, "too many wrong tokens; try again in a minute");
    return true;
  }
  const auto given = request.get_header_value("Authorization");
  const bool known = role_of(request) == Role::editor || is_authorized(given, token_);
  if (!given.empty() && !known && !(token_ + editor_token_).empty())
    guesses_.count_wrong(request.remote_addr, Clock::now());
  return false;
}

bool Doorman::admits(const httplib::Request& request, httplib::Response& response) {
  if (is_from_other_site(request.get_header_value("Sec-Fetch-Site"), request.get_header_value("Sec-Fetch-Mode"))) {
    fail(response, 403, "pages of other sites may not use this one");
    return false;
  }
  if (turns_away(request, response)) return false;
  const auto role = role_of(request);
  if (role == Role::nobody) {
    response.set_header("WWW-Authenticate", "Basic realm=\"onepass: any name, the token as password\"");
    fail(response, 401, "a token is required: send it as a bearer token, or as the password of basic authentication");
    return false;
  }
  if (token_.empty() && role != Role::editor && !is_known_host(request.get_header_value("Host"), address_)) {
    fail(response, 403, "unknown host name; use the IP address, or serve with a token");
    return false;
  }
  return true;
}

bool Doorman::is_foreign_change(const httplib::Request& request) const {
  return !may_change_from(request.get_header_value("Sec-Fetch-Site"), request.get_header_value("Origin"),
                          request.get_header_value("Host"));
}

bool Doorman::admits_change(const httplib::Request& request, httplib::Response& response) {
  if (is_foreign_change(request)) {
    fail(response, 403, "pages of other sites may not change anything");
  } else if (turns_away(request, response)) {
    return false;
  } else if (role_of(request) != Role::editor) {
    fail(response, 403, "changes need the token of an editor");  // after a 401, browsers forget the viewer's token
  } else if (request.get_header_value("Content-Type") != "application/json") {
    fail(response, 415, "send JSON, with Content-Type: application/json");
  } else {
    return true;
  }
  return false;
}

bool Doorman::would_admit_change(const httplib::Request& request) const {
  return !is_locked_out(request) && !is_foreign_change(request) && role_of(request) == Role::editor &&
         request.get_header_value("Content-Type") == "application/json";
}

}  // namespace onepass::sink
