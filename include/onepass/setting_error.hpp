// Error that a named setting would resolve.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace onepass {

/// Bad input together with the setting that can resolve it, such as an existing output file and "overwrite". The
/// library calls settings by the names of its options and parameters ("overwrite", "embed.layers"); a program with
/// other names for them, such as command-line flags, builds its message from message() and setting().
class SettingError : public std::runtime_error {
 public:
  /// what() is "<message> (setting: <setting>)".
  SettingError(std::string setting, const std::string& message)
      : std::runtime_error(message + " (setting: " + setting + ")"), setting_(std::move(setting)), message_(message) {}

  const std::string& setting() const { return setting_; }
  const std::string& message() const { return message_; }

 private:
  std::string setting_;
  std::string message_;
};

}  // namespace onepass
