// Runs the package trackeval as an oracle, if it is installed.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace onepass::test {

/// A Python interpreter that has trackeval: $ONEPASS_TRACKEVAL_PYTHON, or that of build/oracles, which tools/setup.sh
/// makes, or the python3 on the PATH if it has it.
std::optional<std::string> trackeval_python();

enum class Preprocessing { official, none };

/// Results of trackeval: {"seconds", "scores"} or {"error"}. `results` holds TRACKER/SEQ.txt.
nlohmann::json run_trackeval(const std::string& python, const std::filesystem::path& truth,
                             const std::filesystem::path& results, const std::string& benchmark,
                             Preprocessing preprocessing);

/// Every value of `expected` that `actual` lacks or that differs by more than 1e-9 of its size, one per line.
std::string differences(const nlohmann::json& expected, const nlohmann::json& actual, const std::string& where = "");

}  // namespace onepass::test

/// Skips the current test if there is no trackeval; otherwise `python` is the interpreter that has it.
#define REQUIRE_TRACKEVAL(python)                                                  \
  const auto python##_found = onepass::test::trackeval_python();                   \
  if (!python##_found) GTEST_SKIP() << "no trackeval: tools/setup.sh installs it"; \
  const std::string python = *python##_found
