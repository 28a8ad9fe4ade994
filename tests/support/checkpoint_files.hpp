// Checkpoint files made or altered for a test.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace onepass::test {

/// The records of a torch.save file by name, such as "data.pkl" and "data/0".
using Records = std::map<std::string, std::string>;

Records read_records(const std::filesystem::path& path);
void write_records(const std::filesystem::path& path, const Records& records);

/// `text` with every occurrence of `from` replaced.
std::string replaced(std::string text, const std::string& from, const std::string& to);

}  // namespace onepass::test
