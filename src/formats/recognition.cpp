#include "formats/recognition.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "core/printable.hpp"

namespace onepass::formats {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t head_size = 1 << 16;  // bytes of a file that are looked at

std::string_view without_blanks(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const auto first = text.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string json_format(std::string_view text) {
  const auto line = text.substr(0, text.find('\n'));
  if (line.starts_with('{') && has(line, "\"index\"") && has(line, "\"tracks\"")) return "jsonl";
  if (has(text, "\"videoName\"") || has(text, "\"frameIndex\"") || has(text, "\"box2d\"")) return "scalabel";
  if (has(text, "\"videorectangle\"") || has(text, "\"predictions\"") || has(text, "\"from_name\""))
    return "label-studio";
  if (has(text, "\"image_id\"") || has(text, "\"images\"") || has(text, "\"categories\"")) return "coco";
  return "";
}

std::vector<std::string_view> split(std::string_view line, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = line.find_first_of(separators);
    if (end != 0 || separators.size() == 1) parts.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return parts;
    line.remove_prefix(end + 1);
  }
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789+-.eE") == std::string_view::npos &&
         text.find_first_of("0123456789") != std::string_view::npos;
}

/// Whether the columns from the eighth are a class, a truncation and an occlusion of VisDrone.
bool is_visdrone_row(const std::vector<std::string_view>& row) {
  constexpr std::string_view classes[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"};
  constexpr std::string_view levels[] = {"-1", "0", "1", "2"};
  return row.size() >= 10 && std::ranges::find(classes, row[7]) != std::end(classes) &&
         std::ranges::find(levels, row[8]) != std::end(levels) && std::ranges::find(levels, row[9]) != std::end(levels);
}

bool is_uavdt_name(const fs::path& name) {
  const auto stem = name.stem().string();
  return stem.ends_with("_gt_whole") || stem.ends_with("_gt_ignore") ||
         (stem.starts_with("M") && stem.ends_with("_gt"));
}

std::string comma_format(std::string_view text, const fs::path& name) {
  bool visdrone = true;
  bool has_levels = false;  // files of MOTChallenge have -1 in the last columns
  std::size_t rows = 0;
  constexpr std::size_t most_rows = 1000;
  while (!text.empty() && rows < most_rows) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos && rows > 0) break;  // perhaps cut off
    auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (line.empty()) continue;
    const auto row = split(line, has(line, ",") ? "," : ";");
    if (rows == 0 && row.size() >= 6 && std::ranges::find(row, "class_name") != row.end()) return "csv";
    if (row.size() < 6 || !is_number(row[0]) || !is_number(row[2])) return "";
    visdrone = visdrone && is_visdrone_row(row);
    has_levels = has_levels || (visdrone && (row[8] != "-1" || row[9] != "-1"));
    ++rows;
  }
  if (rows == 0) return "";
  if (is_uavdt_name(name)) return "uavdt";
  return visdrone && has_levels ? "visdrone" : "mot";
}

std::string space_format(std::string_view text) {
  const auto row = split(text.substr(0, text.find_first_of("\r\n")), " \t");
  if (row.size() >= 17 && is_number(row[0]) && !is_number(row[2])) return "kitti";
  const bool numbers_first = row.size() == 6 && std::all_of(row.begin(), row.begin() + 5, is_number);
  if (numbers_first && row[5].find_first_not_of("0123456789+-.eE") != std::string_view::npos) return "mots";
  const bool numbers = std::ranges::all_of(row, is_number);
  return numbers && row.size() >= 6 ? "mot" : "";
}

std::string format_of_folder(const fs::path& folder) {
  if (fs::is_regular_file(folder / "gt" / "gt.txt") || fs::is_regular_file(folder / "det" / "det.txt")) return "mot";
  const auto labels = fs::is_directory(folder / "labels") ? folder / "labels" : folder;
  for (const auto& entry : fs::directory_iterator(labels)) {
    if (entry.is_regular_file() && entry.path().extension() == ".txt") return "yolo";
  }
  return "";
}

bool is_parquet(const fs::path& path) { return path.extension() == ".parquet"; }

std::string head_of(const fs::path& path) {
  const auto refuse_parquet = [&] { throw std::runtime_error(fmt::format("{}: {}", path.string(), way_to_parquet)); };
  if (is_parquet(path)) refuse_parquet();
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(fmt::format("{}: cannot open: {}", path.string(), std::strerror(errno)));
  std::string head(head_size, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
  if (head.starts_with("PAR1")) refuse_parquet();
  return head;
}

/// Whether a line begins like one of MOTChallenge text, with commas or blanks.
bool is_row(std::string_view line) {
  const auto row = split(line, has(line, ",") ? "," : has(line, ";") ? ";" : " \t");
  return row.size() >= 6 && is_number(row[0]) && is_number(row[2]);
}

/// Returns why a file that begins like this has no format.
std::string why_unrecognized(const std::string& head) {
  const auto text = without_blanks(head);
  if (text.empty()) return "it is empty";
  if (text.front() == '<') return "it is XML, but has no <annotations> as CVAT does";
  if (text.front() == '{' || text.front() == '[') return "it is JSON of another format";
  std::istringstream lines(head);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (without_blanks(line).empty() || is_row(line)) continue;
    constexpr std::size_t most_shown = 60;
    return fmt::format("line {} is no row of numbers: '{}'", number, printable(line.substr(0, most_shown)));
  }
  return "its rows are those of no format";
}

}  // namespace

std::string format_of_text(std::string_view text, const fs::path& name) {
  text = without_blanks(text);
  if (text.empty()) return name.extension() == ".txt" ? "mot" : name.extension() == ".jsonl" ? "jsonl" : "";
  if (text.front() == '<') return has(text, "<annotations") ? "cvat" : "";
  if (text.front() == '{' || text.front() == '[') return json_format(text);
  const auto line = text.substr(0, text.find('\n'));
  return has(line, ",") || has(line, ";") ? comma_format(text, name) : space_format(text);
}

std::string format_of(const fs::path& path) {
  return fs::is_directory(path) ? format_of_folder(path) : format_of_text(head_of(path), path);
}

std::string unrecognized_file(const fs::path& folder) {
  constexpr std::array extensions{".txt", ".json", ".jsonl", ".xml", ".csv", ".parquet"};
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const bool could_be = std::ranges::find(extensions, entry.path().extension().string()) != extensions.end();
    if (entry.is_regular_file() && could_be) files.push_back(entry.path());
  }
  if (files.empty()) return "";
  std::ranges::sort(files);
  const auto& file = *std::ranges::max_element(files, {}, [](const auto& path) { return fs::file_size(path); });
  const auto name = file.filename().string();
  if (is_parquet(file)) return fmt::format("; {}: {}", name, way_to_parquet);
  return fmt::format("; {} is not recognized: {}", name, why_unrecognized(head_of(file)));
}

}  // namespace onepass::formats
