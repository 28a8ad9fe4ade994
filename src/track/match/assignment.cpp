#include "track/match/assignment.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace onepass::track {

std::span<const Pair> AssignmentSolver::solve(int rows, int columns, std::span<const CandidatePair> candidates,
                                              double limit) {
  pairs_.clear();
  find_components(rows, columns, candidates, limit);
  local_rows_.assign(rows, -1);
  local_columns_.assign(columns, -1);
  for (std::size_t start = 0; start < sorted_.size();) {
    const int root = root_of(sorted_[start].row);
    std::size_t end = start + 1;
    while (end < sorted_.size() && root_of(sorted_[end].row) == root) ++end;
    solve_component({sorted_.data() + start, end - start}, limit);
    start = end;
  }
  std::ranges::sort(pairs_, {}, &Pair::row);
  return pairs_;
}

std::span<const Pair> AssignmentSolver::solve_mutually(int rows, int columns, std::span<const CandidatePair> candidates,
                                                       double limit, double step) {
  pairs_.clear();
  sorted_.assign(candidates.begin(), candidates.end());
  for (std::size_t before = 0;; before = pairs_.size(), limit -= step) {
    std::erase_if(sorted_, [limit](const CandidatePair& pair) { return !(pair.cost < limit); });
    cheapest_of_row_.assign(rows, -1);
    cheapest_of_column_.assign(columns, -1);
    const auto keep_cheaper = [this](int& kept, int number) {
      if (kept < 0 || sorted_[number].cost < sorted_[kept].cost) kept = number;
    };
    for (std::size_t i = 0; i < sorted_.size(); ++i) {
      keep_cheaper(cheapest_of_row_[sorted_[i].row], static_cast<int>(i));
      keep_cheaper(cheapest_of_column_[sorted_[i].column], static_cast<int>(i));
    }
    constexpr int taken = -2;
    for (auto& number : cheapest_of_row_) {
      if (number < 0 || cheapest_of_column_[sorted_[number].column] != number) continue;
      const auto& pair = sorted_[number];
      pairs_.push_back({pair.row, pair.column, pair.cost});
      cheapest_of_column_[pair.column] = number = taken;
    }
    if (pairs_.size() == before) break;
    std::erase_if(sorted_, [this](const CandidatePair& pair) {
      return cheapest_of_row_[pair.row] == taken || cheapest_of_column_[pair.column] == taken;
    });
  }
  std::ranges::sort(pairs_, {}, &Pair::row);
  return pairs_;
}

int AssignmentSolver::root_of(int node) {
  while (parents_[node] != node) node = parents_[node] = parents_[parents_[node]];
  return node;
}

/// Stores the candidates below the limit in sorted_, grouped by component; within a component their order is kept.
void AssignmentSolver::find_components(int rows, int columns, std::span<const CandidatePair> candidates, double limit) {
  parents_.resize(rows + columns);
  std::iota(parents_.begin(), parents_.end(), 0);
  component_starts_.assign(rows + columns + 1, 0);
  for (const auto& candidate : candidates) {
    if (!(candidate.cost < limit)) continue;
    const int a = root_of(candidate.row);
    const int b = root_of(rows + candidate.column);
    parents_[std::max(a, b)] = std::min(a, b);
  }
  std::size_t count = 0;
  for (const auto& candidate : candidates) {
    if (!(candidate.cost < limit)) continue;
    ++component_starts_[root_of(candidate.row) + 1];
    ++count;
  }
  std::partial_sum(component_starts_.begin(), component_starts_.end(), component_starts_.begin());
  sorted_.resize(count);
  for (const auto& candidate : candidates) {
    if (candidate.cost < limit) sorted_[component_starts_[root_of(candidate.row)]++] = candidate;
  }
}

void AssignmentSolver::solve_component(std::span<const CandidatePair> component, double limit) {
  global_rows_.clear();
  global_columns_.clear();
  const auto number = [](int global, std::vector<int>& locals, std::vector<int>& globals) {
    if (locals[global] >= 0) return;
    locals[global] = static_cast<int>(globals.size());
    globals.push_back(global);
  };
  for (const auto& candidate : component) {
    number(candidate.row, local_rows_, global_rows_);
    number(candidate.column, local_columns_, global_columns_);
  }
  if (global_rows_.size() == 1 || global_columns_.size() == 1) {
    solve_star(component);
  } else if (global_rows_.size() * global_columns_.size() <= largest_dense) {
    solve_dense(component, limit);
  } else {
    solve_greedily(component);
  }
}

/// Assigns a component with a single row or column to its cheapest candidate.
void AssignmentSolver::solve_star(std::span<const CandidatePair> component) {
  const auto& best = *std::ranges::min_element(component, {}, &CandidatePair::cost);
  pairs_.push_back({best.row, best.column, best.cost});
}

void AssignmentSolver::solve_dense(std::span<const CandidatePair> component, double limit) {
  const bool transposed = global_rows_.size() > global_columns_.size();  // the algorithm needs rows <= columns
  const int rows = static_cast<int>(std::min(global_rows_.size(), global_columns_.size()));
  const int columns = static_cast<int>(std::max(global_rows_.size(), global_columns_.size()));
  costs_.assign(static_cast<std::size_t>(rows) * columns, 0);  // 0: unassigned
  for (const auto& candidate : component) {
    const int row = transposed ? local_columns_[candidate.column] : local_rows_[candidate.row];
    const int column = transposed ? local_rows_[candidate.row] : local_columns_[candidate.column];
    auto& cell = costs_[static_cast<std::size_t>(row) * columns + column];
    if (cell == 0) cell = candidate.cost - limit;
  }
  row_potentials_.assign(rows, 0);
  column_potentials_.assign(columns, 0);
  column_of_row_.assign(rows, -1);
  row_of_column_.assign(columns, -1);
  for (int row = 0; row < rows; ++row) augment(row, columns);
  for (int row = 0; row < rows; ++row) {
    const int column = column_of_row_[row];
    const double gain = costs_[static_cast<std::size_t>(row) * columns + column];
    if (gain >= 0) continue;
    pairs_.push_back(transposed ? Pair{global_rows_[column], global_columns_[row], gain + limit}
                                : Pair{global_rows_[row], global_columns_[column], gain + limit});
  }
}

/// Assigns a column to `row` along the shortest augmenting path (Dijkstra over reduced costs), reassigning earlier
/// rows.
void AssignmentSolver::augment(int row, int columns) {
  distances_.assign(columns, std::numeric_limits<double>::infinity());
  predecessors_.assign(columns, -1);
  open_columns_.resize(columns);
  std::iota(open_columns_.begin(), open_columns_.end(), 0);
  double shortest = 0;
  int current = row;
  int sink = -1;
  int open = columns;
  while (sink < 0) {
    const double* row_costs = &costs_[static_cast<std::size_t>(current) * columns];
    const double offset = shortest - row_potentials_[current];
    double next_shortest = std::numeric_limits<double>::infinity();
    int next = -1;
    for (int k = 0; k < open; ++k) {
      const int column = open_columns_[k];
      const double through_current = offset + row_costs[column] - column_potentials_[column];
      if (through_current < distances_[column]) {
        distances_[column] = through_current;
        predecessors_[column] = current;
      }
      // Prefer a free column among equally near ones: it ends the search.
      const bool nearer = distances_[column] < next_shortest;
      if (nearer || (distances_[column] == next_shortest && row_of_column_[column] < 0 &&
                     row_of_column_[open_columns_[next]] >= 0)) {
        next_shortest = distances_[column];
        next = k;
      }
    }
    shortest = next_shortest;
    const int column = open_columns_[next];
    std::swap(open_columns_[next], open_columns_[--open]);
    if (row_of_column_[column] < 0) {
      sink = column;
    } else {
      current = row_of_column_[column];
    }
  }
  row_potentials_[row] += shortest;
  for (int k = open; k < columns; ++k) {  // the reached columns, including the sink
    const int column = open_columns_[k];
    const double slack = shortest - distances_[column];
    if (row_of_column_[column] >= 0) row_potentials_[row_of_column_[column]] += slack;
    column_potentials_[column] -= slack;
  }
  for (int column = sink; column >= 0;) {
    const int owner = predecessors_[column];
    row_of_column_[column] = owner;
    std::swap(column_of_row_[owner], column);
    if (owner == row) break;
  }
}

void AssignmentSolver::solve_greedily(std::span<const CandidatePair> component) {
  std::vector<CandidatePair> by_cost(component.begin(), component.end());
  std::ranges::stable_sort(by_cost, {}, &CandidatePair::cost);
  std::vector<bool> row_used(global_rows_.size());
  std::vector<bool> column_used(global_columns_.size());
  for (const auto& candidate : by_cost) {
    const int row = local_rows_[candidate.row];
    const int column = local_columns_[candidate.column];
    if (row_used[row] || column_used[column]) continue;
    row_used[row] = column_used[column] = true;
    pairs_.push_back({candidate.row, candidate.column, candidate.cost});
  }
}

}  // namespace onepass::track
