// Which row goes with which column at the least total cost, where some pairs are not worth making.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace onepass {

/// A pair that may be made, and what it costs.
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

/// Solves sparse assignment problems exactly; keeps its memory from one problem to the next.
///
/// The candidates below the limit form a graph; each of its connected components is a problem of its own, solved by
/// shortest augmenting paths over a dense matrix (Jonker and Volgenant, 1987; Crouse, 2016). Every row and column may
/// stay alone at the cost of the limit, so the sum of (cost - limit) over the pairs made is the least possible.
///
/// A component of more than `largest_dense` cells (thousands of boxes piled onto one another) is paired greedily in
/// order of cost instead: no real scene has one, and it must not exhaust memory or time.
class AssignmentSolver {
 public:
  static constexpr std::size_t largest_dense = 4'000'000;

  /// The pairs, in order of row. Candidates at or above the limit are left out; of equal ones the first counts.
  std::span<const Pair> solve(int rows, int columns, std::span<const CandidatePair> candidates, double limit);

 private:
  int root_of(int node);
  void find_components(int rows, int columns, std::span<const CandidatePair> candidates, double limit);
  void solve_component(std::span<const CandidatePair> component, double limit);
  void solve_star(std::span<const CandidatePair> component);
  void solve_dense(std::span<const CandidatePair> component, double limit);
  void solve_greedily(std::span<const CandidatePair> component);
  void augment(int row, int columns);

  std::vector<int> parents_;                       ///< union-find over rows, then columns
  std::vector<int> component_starts_;              ///< by root: where its candidates start
  std::vector<CandidatePair> sorted_;              ///< candidates, component by component
  std::vector<int> local_rows_, local_columns_;    ///< global to local numbers, -1 outside the component
  std::vector<int> global_rows_, global_columns_;  ///< and back
  std::vector<double> costs_;                      ///< dense matrix of one component, row by row
  std::vector<double> row_potentials_, column_potentials_, distances_;
  std::vector<int> column_of_row_, row_of_column_, predecessors_, open_columns_;
  std::vector<Pair> pairs_;
};

}  // namespace onepass
