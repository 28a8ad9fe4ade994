#include "tune/trial_log.hpp"

#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "onepass/setting_error.hpp"

namespace onepass::tune {
namespace {

using Json = nlohmann::ordered_json;

std::string to_line(std::size_t study, const Trial& trial) {
  return Json{
      {"study", study}, {"values", trial.values}, {"objective", trial.objective}, {"sequences", trial.sequences}}
      .dump();
}

/// The complete lines of a file; none if it does not exist.
std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line) && !file.eof();) lines.push_back(line);
  return lines;
}

}  // namespace

TrialLog::TrialLog(std::filesystem::path path, const std::string& fingerprint, Overwrite overwrite)
    : path_(std::move(path)) {
  const auto head = Json{{"trials_of", fingerprint}}.dump();
  const auto lines = overwrite == Overwrite::refuse ? lines_of(path_) : std::vector<std::string>();
  if (!lines.empty() && lines.front() != head)
    throw SettingError("overwrite",
                       path_.string() +
                           ": holds trials on other data, with another configuration or of another version; "
                           "choose another folder, or overwrite them");
  for (std::size_t i = 1; i < lines.size(); ++i) {
    try {
      const auto json = Json::parse(lines[i]);
      Trial trial{json.at("values"), json.at("objective"), json.at("sequences")};
      auto values = trial.values;
      trials_[json.at("study").get<std::size_t>()].emplace(std::move(values), std::move(trial));
    } catch (const Json::exception&) {
      throw std::runtime_error(fmt::format("{}:{}: is not a trial", path_.string(), i + 1));
    }
  }
  count_ = lines.empty() ? 0 : lines.size() - 1;
  std::uintmax_t complete = 0;
  for (const auto& line : lines) complete += line.size() + 1;
  if (!lines.empty()) std::filesystem::resize_file(path_, complete);  // without an incomplete last line
  file_.open(path_, lines.empty() ? std::ios::trunc : std::ios::app);
  if (lines.empty()) write(head);
}

const Trial* TrialLog::find(std::size_t study, const Values& values) const {
  const auto trials = trials_.find(study);
  if (trials == trials_.end()) return nullptr;
  const auto found = trials->second.find(values);
  return found == trials->second.end() ? nullptr : &found->second;
}

void TrialLog::add(std::size_t study, const Trial& trial) {
  if (!trials_[study].emplace(trial.values, trial).second) return;
  ++count_;
  write(to_line(study, trial));
}

void TrialLog::write(const std::string& line) {
  file_ << line << '\n' << std::flush;
  if (!file_) throw std::runtime_error(path_.string() + ": cannot be written");
}

}  // namespace onepass::tune
