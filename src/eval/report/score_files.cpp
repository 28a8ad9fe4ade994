#include "eval/report/score_files.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "eval/metrics/families.hpp"
#include "eval/report/score_table.hpp"

namespace onepass::eval {
namespace {

using Json = nlohmann::ordered_json;

bool wanted(const std::vector<std::string>& families, const std::string& family) {
  return std::find(families.begin(), families.end(), family) != families.end();
}

Json json_of(Scores scores, const std::vector<std::string>& families) {
  Json result;
  for (const auto& field : fields_of(scores)) {
    if (!wanted(families, field.family)) continue;
    auto& value = result[field.family][field.name];
    if (const auto* const* curve = std::get_if<AlphaCurve*>(&field.value)) {
      value = **curve;
    } else {
      value = *std::get<double*>(field.value);
    }
  }
  return result;
}

/// Quotes the text if necessary: names may contain commas or quotes.
std::string csv_text(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char letter : text) quoted += letter == '"' ? "\"\"" : std::string(1, letter);
  return quoted + "\"";
}

}  // namespace

std::string to_json(const Evaluation& evaluation, const std::vector<std::string>& families) {
  Json result = Json::object();
  for (const auto& tracker : evaluation.trackers) {
    auto& entry = result[tracker.name] = Json::object();
    for (const auto& line : lines_of(tracker)) {
      auto& place = tracker.classes.size() == 1 ? entry[line.sequence] : entry[line.sequence][line.class_name];
      place = json_of(*line.scores, families);
    }
  }
  return result.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_csv(const Evaluation& evaluation, const std::vector<std::string>& families) {
  std::string result = "tracker,class,sequence";
  Scores none;
  for (const auto& field : fields_of(none)) {
    if (wanted(families, field.family)) result += "," + field.name;
  }
  result += "\n";
  for (const auto& tracker : evaluation.trackers) {
    for (const auto& line : lines_of(tracker)) {
      result += csv_text(line.tracker) + "," + csv_text(line.class_name) + "," + csv_text(line.sequence);
      auto scores = *line.scores;
      for (const auto& field : fields_of(scores)) {
        if (wanted(families, field.family)) result += fmt::format(",{}", summary(field));
      }
      result += "\n";
    }
  }
  return result;
}

}  // namespace onepass::eval
