// Runs Python scripts that are part of this program.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace onepass::io {

/// A script that exceeds one of these is killed.
struct PythonLimits {
  std::chrono::milliseconds time = std::chrono::minutes(10);
  std::size_t output = 256U << 20;  ///< bytes of standard output, and of standard error
};

/// Runs a script, without a shell, with /usr/bin/python3 or the interpreter named by the environment variable
/// ONEPASS_PYTHON; waits for its end. The interpreter is isolated (-I): it imports nothing from the working directory,
/// PYTHONPATH or the user's own packages.
/// @param script the text of the script, at most 128 KiB
/// @param arguments become sys.argv[1:]
/// @param input becomes the script's standard input
/// @return the script's standard output
/// @throws std::runtime_error if the interpreter cannot be started, if the script fails, with the last line of its
///         standard error (at most 1000 bytes), or if it exceeds a limit
std::string run_python(const std::string& script, const std::vector<std::string>& arguments, const std::string& input,
                       const PythonLimits& limits = {});

}  // namespace onepass::io
