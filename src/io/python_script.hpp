// Runs Python scripts that are part of this program.
#pragma once

#include <string>
#include <vector>

namespace onepass::io {

/// Runs a script, without a shell, with /usr/bin/python3 or the interpreter named by the environment variable
/// ONEPASS_PYTHON; waits for its end.
/// @param script the text of the script, at most 128 KiB.
/// @param arguments become sys.argv[1:].
/// @param input becomes the script's standard input.
/// @return the script's standard output.
/// @throws std::runtime_error if the interpreter cannot be started, or if the script fails; the message then contains
///         the last line of the script's standard error.
std::string run_python(const std::string& script, const std::vector<std::string>& arguments, const std::string& input);

}  // namespace onepass::io
