// Exchanges lines of text with a Python script that is part of this program.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "io/python/interpreter.hpp"

namespace onepass::io {

/// A running script: what is said to it comes from its standard input, what it prints is heard. Ctrl-C does not reach
/// it; its standard input ends when this object is destroyed, and then it is killed if it does not end within a second.
class PythonConversation {
 public:
  /// @param script the text of the script, at most 128 KiB
  /// @throws std::runtime_error if the interpreter cannot be started.
  PythonConversation(const std::string& script, const std::vector<std::string>& arguments);
  ~PythonConversation();
  PythonConversation(const PythonConversation&) = delete;
  PythonConversation& operator=(const PythonConversation&) = delete;

  /// Sends a line. Does nothing if the script has ended; hear() reports that.
  void say(const std::string& line);

  /// Waits for the next line of the script, and returns it without its line feed.
  /// @throws std::runtime_error with the last line of the script's standard error if it has ended, and if it prints
  ///         nothing for so long, or a line of more than 64 MiB.
  std::string hear(std::chrono::milliseconds longest = std::chrono::minutes(10));

 private:
  std::string name_;
  MemoryFile err_;
  int socket_ = -1;
  pid_t process_ = 0;
  std::string heard_;
};

}  // namespace onepass::io
