// Decides by host name and token whether a request may see the page.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>

#include "onepass/web_server.hpp"

namespace onepass::sink {

/// Returns whether the Authorization header of a request contains the token: "Bearer <token>", or
/// "Basic <base64 of user:token>" with any user. The comparison takes equally long for wrong and correct tokens.
bool is_authorized(const std::string& authorization, const std::string& token);

/// Returns whether a request for this host (the Host header, with or without port) may be answered without a token.
/// Only IP addresses, "localhost" and the host name being served are known. This prevents DNS rebinding: a foreign site
/// whose name is made to resolve to this machine must not read the page.
bool is_known_host(const std::string& host, const WebAddress& address);

/// Returns whether another site's page makes a browser send this request, such as for a picture in it. Following a link
/// from there to our page is allowed. Browsers say so in the headers Sec-Fetch-Site and Sec-Fetch-Mode.
bool is_from_other_site(const std::string& fetch_site, const std::string& fetch_mode);

/// Returns whether a request that changes something may come from a page of this site, or from no page at all. Browsers
/// name the page in the headers Sec-Fetch-Site or, where the connection is not encrypted, Origin only.
/// @param origin such as "https://door.local:8080"; empty if there is none
/// @param host the Host header
bool may_change_from(const std::string& fetch_site, const std::string& origin, const std::string& host);

/// Returns whether the client may be a reverse proxy on this machine, which stands for many clients.
bool may_be_proxy(const std::string& client);

/// Limits how many tokens a client can try: after some wrong ones within a minute, it is locked out until that minute
/// is over, even with the right token. Thread-safe.
class GuessLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;

  static constexpr int most_guesses = 10;
  static constexpr std::chrono::seconds period{60};

  bool is_locked_out(const std::string& client, Time now);
  void count_wrong(const std::string& client, Time now);

 private:
  struct Guesses {
    Time first;
    int count = 0;
  };
  static constexpr std::size_t most_clients = 1000;

  std::mutex mutex_;
  std::map<std::string, Guesses> clients_;  ///< with wrong tokens in the last minute
};

}  // namespace onepass::sink
