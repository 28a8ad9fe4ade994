// Errors of the program, and its wording of errors of the library.
#pragma once

#include <exception>
#include <span>
#include <stdexcept>
#include <string>

namespace onepass::cli {

/// The command line is invalid, or must not be executed as given; nothing was done. Exit code 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The user stopped the run; the outputs written so far are complete. Exit code 130.
struct Interrupted : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What went wrong has been printed already; the program only ends with this exit code.
struct AlreadyReported : std::runtime_error {
  explicit AlreadyReported(int code) : runtime_error("reported already"), exit_code(code) {}

  int exit_code;
};

/// Returns the message for the user. That of a SettingError names the flag of the setting: "; see --embed.layers" for
/// "embed.layers", "; see --allow-missing" for "allow_missing".
std::string message_of(const std::exception& error);

/// Returns the message with the short flags that were typed in place of their full names: "--conf: …" for
/// "--detector.conf: …" if `words` contain --conf or --conf=VALUE, and not the full name.
/// @param words the command line
std::string with_typed_flags(std::string message, std::span<const std::string> words);

}  // namespace onepass::cli
