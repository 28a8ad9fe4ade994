// Finds an interpreter with Optuna, which tools/setup.sh installs into build/optuna.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace onepass::test {

/// The interpreter that the environment variable ONEPASS_OPTUNA_PYTHON names, or that of build/optuna, or Debian's; ""
/// if it has no Optuna.
inline std::string python_with_optuna() {
  const char* given = std::getenv("ONEPASS_OPTUNA_PYTHON");
  std::string python = given ? given : ONEPASS_SOURCE_DIR "/build/optuna/bin/python3";
  if (!std::filesystem::exists(python)) python = "/usr/bin/python3";
  return std::system(("'" + python + "' -I -c 'import optuna' 2>/dev/null").c_str()) == 0 ? python : "";
}

}  // namespace onepass::test
