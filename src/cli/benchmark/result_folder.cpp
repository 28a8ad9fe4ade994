#include "cli/benchmark/result_folder.hpp"

#include <stdexcept>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/benchmark/build_info.hpp"
#include "io/output_file.hpp"

namespace onepass::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* config_name = "config.yaml";
constexpr const char* record_name = "run.json";
constexpr const char* scores_name = "scores.json";

/// Returns the argument, quoted for a POSIX shell if necessary.
std::string quoted(const std::string& argument) {
  constexpr auto plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+@%";
  if (!argument.empty() && argument.find_first_not_of(plain) == std::string::npos) return argument;
  std::string result = "'";
  for (const char letter : argument) result += letter == '\'' ? "'\\''" : std::string(1, letter);
  return result + "'";
}

}  // namespace

/// Returns the existing files of a run.
std::vector<fs::path> ResultFolder::files() const {
  std::vector<fs::path> found;
  for (const auto* const name : {config_name, record_name, scores_name}) {
    if (fs::exists(path_ / name)) found.push_back(path_ / name);
  }
  if (!fs::is_directory(data())) return found;
  for (const auto& entry : fs::directory_iterator(data())) {
    if (entry.is_regular_file() && entry.path().extension() == ".txt") found.push_back(entry.path());
  }
  return found;
}

bool ResultFolder::in_use() const { return !files().empty(); }

void ResultFolder::prepare() const {
  for (const auto& file : files()) fs::remove(file);
  std::error_code error;
  fs::create_directories(data(), error);
  if (error)
    throw std::runtime_error(fmt::format("{}: cannot create this folder: {}", data().string(), error.message()));
}

void ResultFolder::write_record(const RunRecord& record) const {
  const auto build = build_info();
  const nlohmann::ordered_json run{{"onepass", build.version},
                                   {"git_revision", build.git_revision},
                                   {"compiler", build.compiler},
                                   {"opencv", build.opencv},
                                   {"libtorch", build.libtorch},
                                   {"openvino", build.openvino},
                                   {"command", shell_command(record.command_line)},
                                   {"sequences", record.sequences}};
  write(config_name, dump_yaml(record.config));
  // File names are arbitrary bytes, but JSON text must be UTF-8: invalid sequences are replaced.
  write(record_name, run.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

void ResultFolder::write_scores(const std::string& json) const { write(scores_name, json); }

void ResultFolder::write(const std::string& name, const std::string& text) const {
  io::OutputFile file(path_ / name, Overwrite::replace);
  file.write(text);
  file.close();
}

std::string shell_command(const std::vector<std::string>& arguments) {
  std::string result;
  for (const auto& argument : arguments) result += (result.empty() ? "" : " ") + quoted(argument);
  return result;
}

}  // namespace onepass::cli
