// Formats the scores that papers usually report as text tables.
#pragma once

#include <string>
#include <vector>

#include "eval/benchmark/evaluation.hpp"

namespace onepass::eval {

/// A tracker's scores on one sequence for one class.
struct ScoreLine {
  std::string tracker;
  std::string class_name;
  std::string sequence;  ///< name of the sequence, or COMBINED
  const Scores* scores = nullptr;
};

inline constexpr const char* combined_name = "COMBINED";

/// Returns the sequences of every class followed by their combination and, if there are several classes, two lines that
/// combine the classes: cls_comb_cls_av (their mean) and cls_comb_det_av (all boxes count the same). The lines point
/// into `tracker`, which must outlive them.
std::vector<ScoreLine> lines_of(const EvaluatedTracker& tracker);

struct ScoreTable {
  struct Row {
    std::string name;
    std::vector<std::string> cells;
  };
  std::string title;
  std::vector<std::string> head;
  std::vector<Row> rows;
};

/// Returns one table per tracker and class, and one of all trackers if there are several. Ratios are in percent.
std::vector<ScoreTable> score_tables(const Evaluation& evaluation, const std::vector<std::string>& families);

std::string to_text(const std::vector<ScoreTable>& tables);

}  // namespace onepass::eval
