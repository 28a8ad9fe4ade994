// Finds the real data for tests, and skips tests if it is missing.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>

#include <gtest/gtest.h>

namespace onepass::test {

/// The folder of real models, videos and sequences: $ONEPASS_DATA, or shared/data beside the source tree.
inline std::optional<std::filesystem::path> real_data() {
  namespace fs = std::filesystem;
  if (const char* given = std::getenv("ONEPASS_DATA"))
    return fs::is_directory(given) ? std::optional(given) : std::nullopt;
  const auto beside = fs::path(ONEPASS_SOURCE_DIR) / "../shared/data";
  return fs::is_directory(beside) ? std::optional(beside) : std::nullopt;
}

}  // namespace onepass::test

/// Skips the current test if the real data is missing; otherwise `name` is its folder.
#define ONEPASS_REAL_DATA(name)                                                                            \
  const auto name##_found = onepass::test::real_data();                                                    \
  if (!name##_found) GTEST_SKIP() << "no real data: set ONEPASS_DATA to the folder with models/ and mot/"; \
  const std::filesystem::path name = *name##_found
