// Returns the message of an exception.
#pragma once

#include <exception>
#include <string>

namespace onepass::test {

/// The message of the exception that `action` throws, or "" if it throws none.
template <typename Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

}  // namespace onepass::test
