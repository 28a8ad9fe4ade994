// Where the small files of tests/data lie.
#pragma once

#include <filesystem>
#include <string>

namespace onepass::test {

inline std::filesystem::path data(const std::string& name) { return std::filesystem::path(ONEPASS_TEST_DATA) / name; }

}  // namespace onepass::test
