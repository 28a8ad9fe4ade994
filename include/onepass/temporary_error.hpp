// Error that another attempt may not have.
#pragma once

#include <stdexcept>
#include <string>

namespace onepass {

/// The world failed, not the input: a source that cannot be reached, a full disk, outputs that another process writes.
/// The same call may succeed later or on another machine. Every other error will come again.
class TemporaryError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Returns whether a failed system call with this errno may succeed later: a full disk or quota, a fault of a device or
/// of the network.
bool is_temporary(int error_number);

/// Throws a TemporaryError if is_temporary(error_number), otherwise a std::runtime_error.
[[noreturn]] void throw_system_error(int error_number, const std::string& message);

}  // namespace onepass
