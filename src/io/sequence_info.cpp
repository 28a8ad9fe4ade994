#include "io/sequence_info.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <functional>
#include <map>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "io/line_reader.hpp"
#include "io/location.hpp"

namespace onepass::io {
namespace {

struct Entry {
  std::string value;
  std::int64_t line = 0;
};
using Section = std::map<std::string, Entry, std::less<>>;

[[noreturn]] void fail(const std::filesystem::path& file, std::int64_t line, const std::string& what) {
  throw std::runtime_error(fmt::format("{}:{}: {}", file.string(), line, what));
}

std::string lowercase(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char letter) { return std::tolower(letter); });
  return result;
}

/// Returns the entries of [Sequence] by key in lower case.
Section read_section(const std::filesystem::path& file) {
  LineReader lines(file);
  Section section;
  std::string current;
  for (std::string_view raw; lines.next(raw);) {
    const auto line = lines.line_number();
    const auto text = trimmed(raw);
    if (text.empty() || text.front() == ';' || text.front() == '#') continue;
    if (text.front() == '[') {
      if (text.back() != ']') fail(file, line, fmt::format("'{}' is not a section such as [Sequence]", text));
      current = lowercase(trimmed(text.substr(1, text.size() - 2)));
      continue;
    }
    const auto mark = text.find_first_of("=:");
    if (mark == std::string_view::npos) fail(file, line, fmt::format("'{}' is not of the form key=value", text));
    if (current.empty()) fail(file, line, "a key before the first section; expected [Sequence]");
    if (current != "sequence") continue;
    const std::string key(trimmed(text.substr(0, mark)));
    const Entry given{std::string(trimmed(text.substr(mark + 1))), line};
    const auto [entry, added] = section.try_emplace(lowercase(key), given);
    if (!added) fail(file, line, fmt::format("{} is given a second time (first in line {})", key, entry->second.line));
  }
  return section;
}

/// Sets `target` to the number of an entry, which must be within [least, most]; does nothing if there is no such entry.
template <typename Number>
void read_number(const std::filesystem::path& file, const Section& section, std::string_view key, Number least,
                 Number most, Number& target) {
  const auto entry = section.find(lowercase(key));
  if (entry == section.end()) return;
  const auto& [value, line] = entry->second;
  Number number{};
  const char* const end = value.data() + value.size();
  const auto parsed = std::from_chars(value.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end || !(number >= least && number <= most))
    fail(file, line, fmt::format("{}: '{}' is not a number from {} to {}", key, value, least, most));
  target = number;
}

void read_text(const std::filesystem::path& file, const Section& section, std::string_view key, std::string& target) {
  const auto entry = section.find(lowercase(key));
  if (entry == section.end()) return;
  if (entry->second.value.empty()) fail(file, entry->second.line, fmt::format("{} has no value", key));
  target = entry->second.value;
}

/// Refuses a folder outside the sequence: the file may come from anybody.
void require_inside(const std::filesystem::path& file, const Section& section, const std::string& folder) {
  const auto normal = std::filesystem::path(folder).lexically_normal();
  if (normal.is_relative() && *normal.begin() != "..") return;
  fail(file, section.at("imdir").line, fmt::format("imDir: '{}' is outside the sequence's folder", folder));
}

}  // namespace

SequenceInfo read_sequence_info(const std::filesystem::path& file) {
  const auto section = read_section(file);
  if (section.empty()) throw std::runtime_error(file.string() + ": no [Sequence] section, or it is empty");
  if (!section.contains("seqlength")) throw std::runtime_error(file.string() + ": no seqLength in [Sequence]");
  SequenceInfo info;
  info.name = folder_name(file.parent_path());
  read_text(file, section, "imDir", info.image_folder);
  require_inside(file, section, info.image_folder);
  read_text(file, section, "imExt", info.image_extension);
  if (!info.image_extension.starts_with('.')) info.image_extension.insert(0, ".");
  read_number(file, section, "frameRate", 0.01, 1000.0, info.frame_rate);
  read_number<std::int64_t>(file, section, "seqLength", 1, 1'000'000'000, info.length);
  read_number(file, section, "imWidth", 1, 100'000, info.size.width);
  read_number(file, section, "imHeight", 1, 100'000, info.size.height);
  return info;
}

}  // namespace onepass::io
