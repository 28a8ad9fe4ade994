// The scores that papers print, as a table to read.
#pragma once

#include <string>
#include <vector>

#include "eval/evaluation.hpp"

namespace onepass::eval {

/// A tracker's scores on a sequence, for a class.
struct ScoreLine {
  std::string tracker;
  std::string class_name;
  std::string sequence;  ///< or COMBINED
  const Scores* scores = nullptr;
};

inline constexpr const char* combined_name = "COMBINED";

/// Every class with its sequences and their combination; then, where there are several classes, what combines these:
/// cls_comb_cls_av (the mean of the classes) and cls_comb_det_av (all boxes alike). They refer to `tracker`.
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

/// One table per tracker and class, and one of all trackers where there are several. Ratios are in percent.
std::vector<ScoreTable> score_tables(const Evaluation& evaluation, const std::vector<std::string>& families);

std::string to_text(const std::vector<ScoreTable>& tables);

}  // namespace onepass::eval
