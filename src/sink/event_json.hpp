// An identity event as JSON, for files, brokers and the page.
#pragma once

#include "onepass/identity_events.hpp"
#include "sink/json_values.hpp"

namespace onepass {

/// As to_json(IdentityEvent), without the best shot.
Json describe(const IdentityEvent& event);

}  // namespace onepass
