// Solves the linear assignment problem: the minimum-cost assignment of the rows of a dense matrix to its columns.
#pragma once

#include <span>
#include <vector>

namespace onepass::eval {

/// Solves dense assignment problems exactly by shortest augmenting paths (Crouse, "On implementing 2D rectangular
/// assignment algorithms", 2016). Buffers are reused from one problem to the next.
///
/// Among several assignments with the minimum cost, it returns the same one as scipy.optimize.linear_sum_assignment:
/// columns are scanned from last to first, and among columns at equal distance a free one is preferred. The scores of
/// frames with identical boxes depend on this choice.
class LinearAssignment {
 public:
  /// Returns the column assigned to every row, -1 for rows left over if there are more rows than columns; valid until
  /// the next call.
  /// @param costs rows × columns, row-major; finite.
  std::span<const int> solve(std::span<const double> costs, int rows, int columns);

 private:
  void solve_wide(const double* costs, int rows, int columns);
  bool take_nearest_column(const double* costs, int columns, int start);
  int find_free_column(const double* costs, int columns, int start);

  std::vector<double> transposed_;
  std::vector<double> row_price_, column_price_, distance_;
  std::vector<int> column_of_row_, row_of_column_, previous_row_, remaining_, visited_rows_, visited_columns_;
  std::vector<int> swapped_;
  double path_cost_ = 0;
};

}  // namespace onepass::eval
