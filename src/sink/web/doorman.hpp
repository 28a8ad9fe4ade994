// Decides who may see the page and who may change something.
#pragma once

#include <chrono>
#include <string>

#include "onepass/web_server.hpp"
#include "sink/web/http/access.hpp"
#include "sink/web/http/httplib.hpp"

namespace onepass::sink {

/// What a client may do, by its token.
enum class Role { nobody, viewer, editor };

/// Answers with one line of text.
void fail(httplib::Response& response, int status, const std::string& line);

/// Thread-safe.
class Doorman {
 public:
  explicit Doorman(const WebOptions& options)
      : address_(options.address), token_(options.token), editor_token_(options.editor_token) {}

  Role role_of(const httplib::Request& request) const;

  /// Returns whether the request may be answered; otherwise it has an answer now. Counts wrong tokens.
  bool admits(const httplib::Request& request, httplib::Response& response);

  /// The same for a request that changes something, which needs the token of an editor and must not come from a page of
  /// another site.
  bool admits_change(const httplib::Request& request, httplib::Response& response);

  /// Returns whether admits_change() would; counts nothing.
  bool would_admit_change(const httplib::Request& request) const;

 private:
  using Clock = std::chrono::steady_clock;

  bool is_locked_out(const httplib::Request& request) const;
  bool turns_away(const httplib::Request& request, httplib::Response& response);
  bool is_foreign_change(const httplib::Request& request) const;

  WebAddress address_;
  std::string token_;
  std::string editor_token_;
  mutable GuessLimit guesses_;
};

}  // namespace onepass::sink
