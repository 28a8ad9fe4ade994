#include "eval/assignment/linear_assignment.hpp"

#include <limits>
#include <utility>

namespace onepass::eval {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::size_t at(int index) { return static_cast<std::size_t>(index); }

}  // namespace

std::span<const int> LinearAssignment::solve(std::span<const double> costs, int rows, int columns) {
  if (rows <= columns) {
    solve_wide(costs.data(), rows, columns);
    return column_of_row_;
  }
  transposed_.resize(costs.size());
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column)
      transposed_[at(column) * at(rows) + at(row)] = costs[at(row) * at(columns) + at(column)];
  }
  solve_wide(transposed_.data(), columns, rows);
  swapped_ = row_of_column_;
  return swapped_;
}

void LinearAssignment::solve_wide(const double* costs, int rows, int columns) {
  row_price_.assign(at(rows), 0);
  column_price_.assign(at(columns), 0);
  column_of_row_.assign(at(rows), -1);
  row_of_column_.assign(at(columns), -1);
  previous_row_.resize(at(columns));
  for (int start = 0; start < rows; ++start) {
    if (take_nearest_column(costs, columns, start)) continue;
    int column = find_free_column(costs, columns, start);
    row_price_[at(start)] += path_cost_;
    for (const int row : visited_rows_) {
      if (row != start) row_price_[at(row)] += path_cost_ - distance_[at(column_of_row_[at(row)])];
    }
    for (const int visited : visited_columns_) column_price_[at(visited)] -= path_cost_ - distance_[at(visited)];
    int row = -1;
    do {  // augment along the path: every row on it is assigned to the next column on the path
      row = previous_row_[at(column)];
      row_of_column_[at(column)] = row;
      std::swap(column_of_row_[at(row)], column);
    } while (row != start);
  }
}

/// Performs only the first step of find_free_column. If the nearest column is free, as it is for most rows, the path
/// ends there and only the row's price changes; otherwise returns false.
bool LinearAssignment::take_nearest_column(const double* costs, int columns, int start) {
  const double* row_costs = costs + at(start) * at(columns);
  double least = infinity;
  int nearest = -1;
  for (int column = columns - 1; column >= 0; --column) {
    const double reduced = row_costs[column] - column_price_[at(column)];
    const bool free = row_of_column_[at(column)] == -1;
    const bool nearer =
        (reduced < least) | ((reduced == least) & free);  // branchless: ties are frequent and unpredictable
    least = nearer ? reduced : least;
    nearest = nearer ? column : nearest;
  }
  if (row_of_column_[at(nearest)] != -1) return false;
  row_price_[at(start)] = least;
  row_of_column_[at(nearest)] = start;
  column_of_row_[at(start)] = nearest;
  return true;
}

int LinearAssignment::find_free_column(const double* costs, int columns, int start) {
  distance_.assign(at(columns), infinity);
  remaining_.resize(at(columns));
  for (int i = 0; i < columns; ++i) remaining_[at(i)] = columns - 1 - i;
  visited_rows_.clear();
  visited_columns_.clear();
  path_cost_ = 0;
  int row = start;
  while (true) {
    visited_rows_.push_back(row);
    const double* row_costs = costs + at(row) * at(columns);
    double least = infinity;
    std::size_t nearest = 0;
    for (std::size_t i = 0; i < remaining_.size(); ++i) {
      const int column = remaining_[i];
      const double reduced = path_cost_ + row_costs[column] - row_price_[at(row)] - column_price_[at(column)];
      double& distance = distance_[at(column)];
      if (reduced < distance) {
        distance = reduced;
        previous_row_[at(column)] = row;
      }
      if (distance < least || (distance == least && row_of_column_[at(column)] == -1)) {
        least = distance;
        nearest = i;
      }
    }
    path_cost_ = least;
    const int column = remaining_[nearest];
    remaining_[nearest] = remaining_.back();
    remaining_.pop_back();
    visited_columns_.push_back(column);
    row = row_of_column_[at(column)];
    if (row == -1) return column;
  }
}

}  // namespace onepass::eval
