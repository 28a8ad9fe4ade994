#include "eval/report/score_table.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "eval/metrics/families.hpp"

namespace onepass::eval {
namespace {

struct TableColumn {
  const char* family;
  const char* name;
};

constexpr TableColumn printed_columns[]{
    {"HOTA", "HOTA"},    {"HOTA", "DetA"},     {"HOTA", "AssA"},    {"HOTA", "LocA"},    {"CLEAR", "MOTA"},
    {"CLEAR", "MOTP"},   {"Identity", "IDF1"}, {"Identity", "IDR"}, {"Identity", "IDP"}, {"CLEAR", "CLR_FP"},
    {"CLEAR", "CLR_FN"}, {"CLEAR", "IDSW"},    {"CLEAR", "Frag"},   {"CLEAR", "MT"},     {"CLEAR", "ML"},
    {"Count", "IDs"},    {"Count", "GT_IDs"},
};

std::vector<TableColumn> chosen_columns(const std::vector<std::string>& families) {
  std::vector<TableColumn> columns;
  for (const auto& column : printed_columns) {
    if (std::find(families.begin(), families.end(), column.family) != families.end()) columns.push_back(column);
  }
  return columns;
}

std::string cell(const ScoreField& field) {
  if (field.kind == FieldKind::count) return fmt::format("{:.0f}", summary(field));
  return fmt::format("{:.3f}", (field.kind == FieldKind::share ? 100 : 1) * summary(field));
}

ScoreTable::Row row_of(const std::string& name, Scores scores, const std::vector<TableColumn>& columns) {
  ScoreTable::Row row{name, {}};
  const auto fields = fields_of(scores);
  for (const auto& column : columns) {
    const auto field = std::find_if(fields.begin(), fields.end(), [&](const ScoreField& candidate) {
      return candidate.family == column.family && candidate.name == column.name;
    });
    row.cells.push_back(cell(*field));
  }
  return row;
}

ScoreTable empty_table(const std::string& title, const std::vector<TableColumn>& columns) {
  ScoreTable table{title, {}, {}};
  for (const auto& column : columns) table.head.emplace_back(column.name);
  return table;
}

}  // namespace

std::vector<ScoreLine> lines_of(const EvaluatedTracker& tracker) {
  std::vector<ScoreLine> lines;
  for (const auto& evaluated : tracker.classes) {
    for (const auto& sequence : evaluated.sequences)
      lines.push_back({tracker.name, evaluated.name, sequence.name, &sequence.scores});
    lines.push_back({tracker.name, evaluated.name, combined_name, &evaluated.combined});
  }
  if (tracker.class_average) lines.push_back({tracker.name, "cls_comb_cls_av", combined_name, &*tracker.class_average});
  if (tracker.all_boxes) lines.push_back({tracker.name, "cls_comb_det_av", combined_name, &*tracker.all_boxes});
  return lines;
}

std::vector<ScoreTable> score_tables(const Evaluation& evaluation, const std::vector<std::string>& families) {
  const auto columns = chosen_columns(families);
  std::vector<ScoreTable> tables;
  auto all = empty_table("all trackers", columns);
  for (const auto& tracker : evaluation.trackers) {
    std::string class_name;
    for (const auto& line : lines_of(tracker)) {
      if (line.class_name != class_name) tables.push_back(empty_table(tracker.name + ": " + line.class_name, columns));
      class_name = line.class_name;
      tables.back().rows.push_back(row_of(line.sequence, *line.scores, columns));
    }
    all.rows.push_back(
        row_of(tracker.name, tracker.all_boxes ? *tracker.all_boxes : tracker.classes.front().combined, columns));
  }
  if (all.rows.size() > 1) tables.push_back(std::move(all));
  return tables;
}

std::string to_text(const std::vector<ScoreTable>& tables) {
  std::size_t width = 0;
  for (const auto& table : tables) {
    width = std::max(width, table.title.size());
    for (const auto& row : table.rows) width = std::max(width, row.name.size());
  }
  std::string text;
  for (const auto& table : tables) {
    text += fmt::format("{}{:<{}}", text.empty() ? "" : "\n", table.title, width);
    for (const auto& name : table.head) text += fmt::format(" {:>8}", name);
    text += "\n";
    for (const auto& row : table.rows) {
      text += fmt::format("{:<{}}", row.name, width);
      for (const auto& value : row.cells) text += fmt::format(" {:>8}", value);
      text += "\n";
    }
  }
  return text;
}

}  // namespace onepass::eval
