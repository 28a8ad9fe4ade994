// Finds one-to-one matches among the overlapping boxes of one frame.
#pragma once

#include <span>
#include <vector>

#include "eval/assignment/linear_assignment.hpp"
#include "eval/metrics/overlaps.hpp"

namespace onepass::eval {

/// Chooses the matching with the maximum total weight. Buffers are reused from frame to frame.
class FrameMatcher {
 public:
  /// Returns the matched candidates, in the order of `candidates`; valid until the next call.
  /// @param weights weight of every candidate, > 0.
  std::span<const Overlap> match(std::size_t rows, std::size_t columns, std::span<const Overlap> candidates,
                                 std::span<const double> weights);

 private:
  /// Summary of the candidates of one box.
  struct Choice {
    int count = 0;
    double best = 0;    ///< largest weight
    double second = 0;  ///< second largest weight
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
