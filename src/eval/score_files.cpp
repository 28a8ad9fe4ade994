#include "eval/score_files.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "eval/score_fields.hpp"

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

/// One row of output: a tracker's scores on a sequence, for a class.
struct Line {
  std::string tracker;
  std::string class_name;
  std::string sequence;
  const Scores* scores = nullptr;
};

constexpr const char* combined_name = "COMBINED";

std::vector<Line> lines_of(const EvaluatedTracker& tracker) {
  std::vector<Line> lines;
  for (const auto& evaluated : tracker.classes) {
    for (const auto& sequence : evaluated.sequences)
      lines.push_back({tracker.name, evaluated.name, sequence.name, &sequence.scores});
    lines.push_back({tracker.name, evaluated.name, combined_name, &evaluated.combined});
  }
  if (tracker.class_average) lines.push_back({tracker.name, "cls_comb_cls_av", combined_name, &*tracker.class_average});
  if (tracker.all_boxes) lines.push_back({tracker.name, "cls_comb_det_av", combined_name, &*tracker.all_boxes});
  return lines;
}

/// Names may hold commas or quotes.
std::string csv_text(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char letter : text) quoted += letter == '"' ? "\"\"" : std::string(1, letter);
  return quoted + "\"";
}

struct TableColumn {
  std::string family;
  std::string name;
  enum class Format { percent, number } format;
};

std::vector<TableColumn> table_columns(const std::vector<std::string>& families) {
  using enum TableColumn::Format;
  std::vector<TableColumn> columns{
      {"HOTA", "HOTA", percent},     {"HOTA", "DetA", percent},    {"HOTA", "AssA", percent},
      {"HOTA", "LocA", percent},     {"CLEAR", "MOTA", percent},   {"CLEAR", "MOTP", percent},
      {"Identity", "IDF1", percent}, {"Identity", "IDR", percent}, {"Identity", "IDP", percent},
      {"CLEAR", "CLR_FP", number},   {"CLEAR", "CLR_FN", number},  {"CLEAR", "IDSW", number},
      {"CLEAR", "Frag", number},     {"CLEAR", "MT", number},      {"CLEAR", "ML", number},
      {"Count", "IDs", number},      {"Count", "GT_IDs", number},
  };
  std::erase_if(columns, [&](const TableColumn& column) { return !wanted(families, column.family); });
  return columns;
}

std::string table_row(const std::string& name, std::size_t name_width, Scores scores,
                      const std::vector<TableColumn>& columns) {
  auto row = fmt::format("{:<{}}", name, name_width);
  const auto fields = fields_of(scores);
  for (const auto& column : columns) {
    const auto field = std::find_if(fields.begin(), fields.end(), [&](const ScoreField& candidate) {
      return candidate.family == column.family && candidate.name == column.name;
    });
    const double value = summary(*field);
    row += column.format == TableColumn::Format::percent ? fmt::format("{:>8.3f}", 100 * value)
                                                         : fmt::format("{:>8.0f}", value);
  }
  return row + "\n";
}

std::string table_head(const std::string& title, std::size_t name_width, const std::vector<TableColumn>& columns) {
  auto head = fmt::format("{:<{}}", title, name_width);
  for (const auto& column : columns) head += fmt::format("{:>8}", column.name);
  return head + "\n";
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
  return result.dump(1) + "\n";
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

std::string to_table(const Evaluation& evaluation, const std::vector<std::string>& families) {
  const auto columns = table_columns(families);
  std::size_t width = 16;
  for (const auto& tracker : evaluation.trackers) {
    for (const auto& line : lines_of(tracker))
      width = std::max({width, line.sequence.size() + 1, line.tracker.size() + line.class_name.size() + 3});
  }
  std::string table;
  for (const auto& tracker : evaluation.trackers) {
    std::string class_name;
    for (const auto& line : lines_of(tracker)) {
      if (line.class_name != class_name) {
        if (!table.empty()) table += "\n";
        table += table_head(line.tracker + ": " + line.class_name, width, columns);
      }
      class_name = line.class_name;
      table += table_row(line.sequence, width, *line.scores, columns);
    }
  }
  if (evaluation.trackers.size() < 2) return table;
  table += "\n" + table_head(combined_name, width, columns);
  for (const auto& tracker : evaluation.trackers) {
    const auto& scores = tracker.all_boxes ? *tracker.all_boxes : tracker.classes.front().combined;
    table += table_row(tracker.name, width, scores, columns);
  }
  return table;
}

}  // namespace onepass::eval
