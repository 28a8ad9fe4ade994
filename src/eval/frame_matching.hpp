// One-to-one matches among the overlapping boxes of one frame.
#pragma once

#include <span>
#include <vector>

#include "eval/linear_assignment.hpp"
#include "eval/overlaps.hpp"

namespace onepass::eval {

/// Chooses matches of the greatest total weight; keeps its memory from frame to frame.
class FrameMatcher {
 public:
  /// The candidates that are matches, in their order; valid until the next call.
  /// @param weights of the candidates, > 0.
  std::span<const Overlap> match(std::size_t rows, std::size_t columns, std::span<const Overlap> candidates,
                                 std::span<const double> weights);

 private:
  /// The candidates of one box.
  struct Choice {
    int count = 0;
    double best = 0;    ///< weight
    double second = 0;  ///< weight
    void add(double weight);
    bool clear() const;
  };
  bool match_without_conflict(std::size_t rows, std::size_t columns, std::span<const Overlap> candidates,
                              std::span<const double> weights);

  LinearAssignment assignment_;
  std::vector<double> costs_;
  std::vector<Choice> row_choices_, column_choices_;
  std::vector<Overlap> matches_;
};

}  // namespace onepass::eval
