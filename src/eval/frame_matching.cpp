#include "eval/frame_matching.hpp"

#include <utility>

namespace onepass::eval {

void FrameMatcher::Choice::add(double weight) {
  ++count;
  if (weight > best) std::swap(weight, best);
  if (weight > second) second = weight;
}

/// Whether the best candidate wins by more than rounding.
bool FrameMatcher::Choice::clear() const {
  constexpr double margin = 1e-9;
  return best - second > margin;
}

/// Where every conflict is between boxes that want the same one, and want no other, each box takes its best candidate.
/// False, with nothing matched, where it is not so simple or a tie has to be broken.
bool FrameMatcher::match_without_conflict(std::size_t rows, std::size_t columns, std::span<const Overlap> candidates,
                                          std::span<const double> weights) {
  row_choices_.assign(rows, {});
  column_choices_.assign(columns, {});
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    row_choices_[static_cast<std::size_t>(candidates[i].row)].add(weights[i]);
    column_choices_[static_cast<std::size_t>(candidates[i].column)].add(weights[i]);
  }
  matches_.clear();
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const auto& row = row_choices_[static_cast<std::size_t>(candidates[i].row)];
    const auto& column = column_choices_[static_cast<std::size_t>(candidates[i].column)];
    if ((row.count > 1 && column.count > 1) || !row.clear() || !column.clear()) {
      matches_.clear();
      return false;
    }
    if (weights[i] == row.best && weights[i] == column.best) matches_.push_back(candidates[i]);
  }
  return true;
}

std::span<const Overlap> FrameMatcher::match(std::size_t rows, std::size_t columns, std::span<const Overlap> candidates,
                                             std::span<const double> weights) {
  if (match_without_conflict(rows, columns, candidates, weights)) return matches_;
  // The whole frame is one problem, although it falls into parts: ties are then broken as in the published evaluation.
  costs_.assign(rows * columns, 0);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    costs_[static_cast<std::size_t>(candidates[i].row) * columns + static_cast<std::size_t>(candidates[i].column)] =
        -weights[i];
  }
  const auto column_of_row = assignment_.solve(costs_, static_cast<int>(rows), static_cast<int>(columns));
  for (const auto& candidate : candidates) {
    if (column_of_row[static_cast<std::size_t>(candidate.row)] == candidate.column) matches_.push_back(candidate);
  }
  return matches_;
}

}  // namespace onepass::eval
