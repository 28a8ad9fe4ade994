// Decides by host name and token whether a request may see the page.
#pragma once

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

}  // namespace onepass::sink
