// Defines how the library reports problems that do not end the run.
#pragma once

#include <functional>
#include <string>

namespace onepass {

/// Receives a one-line warning about a problem that does not end the run.
using WarningHandler = std::function<void(const std::string& line)>;

}  // namespace onepass
