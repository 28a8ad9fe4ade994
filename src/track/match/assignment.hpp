// Minimum-cost assignment of rows to columns from sparse candidate pairs below a max cost.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace onepass::track {

/// A possible pair and its cost.
struct CandidatePair {
  int row = 0;
  int column = 0;
  double cost = 0;
};

struct Pair {
  int row = 0;
  int column = 0;
  double cost = 0;
};

/// Solves sparse assignment problems exactly. Buffers are reused between calls.
///
/// The candidates below the limit (max cost) form a graph. Each of its connected components is solved separately with
/// shortest augmenting paths over a dense matrix (Jonker and Volgenant, 1987; Crouse, 2016). Rows and columns may stay
/// unassigned at the cost of the limit, so the solution minimizes the sum of (cost - limit) over its pairs.
///
/// A component of more than `largest_dense` cells (thousands of overlapping boxes) is assigned greedily in order of
/// cost, to bound memory and time. Real scenes have no such components.
class AssignmentSolver {
 public:
  static constexpr std::size_t largest_dense = 4'000'000;

  /// Returns the pairs, sorted by row. Candidates at or above the limit are ignored; of several candidates with the
  /// same row and column, the first one counts.
  std::span<const Pair> solve(int rows, int columns, std::span<const CandidatePair> candidates, double limit);

  /// Assigns in rounds instead (TrackTrack's iterative assignment): the pairs in which each is the other's cheapest are
  /// taken, then the limit falls by `step`, until a round finds none. Returns the pairs, sorted by row.
  std::span<const Pair> solve_mutually(int rows, int columns, std::span<const CandidatePair> candidates, double limit,
                                       double step);

 private:
  int root_of(int node);
  void find_components(int rows, int columns, std::span<const CandidatePair> candidates, double limit);
  void solve_component(std::span<const CandidatePair> component, double limit);
  void solve_star(std::span<const CandidatePair> component);
  void solve_dense(std::span<const CandidatePair> component, double limit);
  void solve_greedily(std::span<const CandidatePair> component);
  void augment(int row, int columns);

  std::vector<int> parents_;           ///< union-find over rows, then columns
  std::vector<int> component_starts_;  ///< by root: index of the component's first candidate
  std::vector<CandidatePair> sorted_;  ///< candidates, grouped by component; in rounds: still possible
  std::vector<int> cheapest_of_row_, cheapest_of_column_;  ///< in rounds: index into sorted_, or -1
  std::vector<int> local_rows_, local_columns_;            ///< global to local indices; -1 outside the component
  std::vector<int> global_rows_, global_columns_;          ///< local to global indices
  std::vector<double> costs_;                              ///< dense matrix of one component, row-major
  std::vector<double> row_potentials_, column_potentials_, distances_;
  std::vector<int> column_of_row_, row_of_column_, predecessors_, open_columns_;
  std::vector<Pair> pairs_;
};

}  // namespace onepass::track
