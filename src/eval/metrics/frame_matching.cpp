#include "eval/metrics/frame_matching.hpp"

#include <utility>

namespace onepass::eval {

void FrameMatcher::Choice::add(double weight) {
  ++count;
  if (weight > best) std::swap(weight, best);
  if (weight > second) second = weight;
}

/// Whether the best candidate wins by more than rounding errors.
bool FrameMatcher::Choice::clear() const {
  constexpr double margin = 1e-9;
  return best - second > margin;
}

/// Fast path: if in every candidate pair at least one box has no other candidate, and no tie has to be broken, pairs
/// that are the best of both their boxes are matched. Otherwise returns false, with nothing matched.
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
  // The whole frame is solved as one problem, even if it could be split, to break ties as the published evaluation
  // does.
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
