// Chooses the exit code of the program.
#pragma once

#include <exception>

namespace onepass::cli {

constexpr int exit_temporary = 75;  ///< EX_TEMPFAIL of sysexits.h: the same command may succeed later

/// Returns 2 for a UsageError, 130 for Interrupted, 75 for a TemporaryError or if memory ran out, otherwise 1.
int exit_code_of(const std::exception& error);

}  // namespace onepass::cli
