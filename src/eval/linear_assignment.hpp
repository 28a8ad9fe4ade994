// The least-cost assignment of the rows of a dense matrix to its columns.
#pragma once

#include <span>
#include <vector>

namespace onepass::eval {

/// Solves dense assignment problems exactly by shortest augmenting paths (Crouse, "On implementing 2D rectangular
/// assignment algorithms", 2016); keeps its memory from one problem to the next.
///
/// Where several assignments cost the same, the one returned is that of scipy.optimize.linear_sum_assignment: columns
/// are scanned from the last to the first, and of equally near columns a free one is preferred. Scores of frames with
/// identical boxes depend on it.
class LinearAssignment {
 public:
  /// The column of every row, -1 where there are fewer columns than rows; valid until the next call.
  /// @param costs row after row; finite.
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
