// The words of an error.
#pragma once

#include <stdexcept>
#include <string>

namespace onepass::test {

/// The message of the std::runtime_error that `action` throws, or "" if it throws none; others pass through.
template <typename Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

}  // namespace onepass::test
