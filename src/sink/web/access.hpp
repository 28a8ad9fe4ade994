// Who may see the page: by address, by name and by token.
#pragma once

#include <string>

#include "onepass/web_server.hpp"

namespace onepass {

/// Whether the authorisation of a request, "Bearer <token>" or "Basic <base64 of user:token>" with any user, is right.
/// Takes as long for a wrong token as for the right one.
bool is_authorised(const std::string& authorisation, const std::string& token);

/// Whether a request for this host (the Host header, with or without port) may be answered without a token. A page of
/// another site whose name was made to point at this machine must not read this one: only addresses, "localhost" and
/// the name that is served are known.
bool is_known_host(const std::string& host, const WebAddress& address);

}  // namespace onepass
