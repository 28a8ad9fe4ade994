// Converts identity events to JSON for files, brokers and the web page.
#pragma once

#include "onepass/identity_events.hpp"
#include "sink/text/json_values.hpp"

namespace onepass::sink {

/// Returns the object of to_json(IdentityEvent), without the best shot.
Json describe(const IdentityEvent& event);

}  // namespace onepass::sink
