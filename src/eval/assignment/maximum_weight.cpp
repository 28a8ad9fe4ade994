#include "eval/assignment/maximum_weight.hpp"

#include <algorithm>
#include <limits>
#include <queue>
#include <utility>
#include <vector>

namespace onepass::eval {
namespace {

constexpr std::int64_t infinity = std::numeric_limits<std::int64_t>::max() / 4;
constexpr int unmatched = -1;

/// Successive shortest augmenting paths (Dijkstra with prices) over the pairs, at cost -weight. Every row can also stay
/// unmatched at cost 0, as if it had a column of its own; an unmatched row is never matched again.
class Matching {
 public:
  Matching(int rows, int columns, std::span<const WeightedPair> pairs);

  void augment(int start);
  std::int64_t weight() const;

 private:
  struct Edge {
    int column;
    std::int64_t weight;
  };
  using Entry = std::pair<std::int64_t, int>;  ///< distance, column
  using Queue = std::priority_queue<Entry, std::vector<Entry>, std::greater<>>;

  void relax(int row, std::int64_t row_distance, Queue& queue);
  void turn_around(int start, int column);
  void update_prices(std::int64_t length);

  std::vector<std::vector<Edge>> edges_;
  std::vector<std::int64_t> row_price_, column_price_, distance_;
  std::vector<int> column_of_row_, row_of_column_, previous_row_;
  std::vector<std::pair<int, std::int64_t>> visited_rows_;  ///< rows with their distances
  std::vector<int> visited_columns_, touched_columns_;
  std::int64_t alone_length_ = 0;  ///< length of the shortest path that leaves a row unmatched: alone_row_
  int alone_row_ = unmatched;
};

Matching::Matching(int rows, int columns, std::span<const WeightedPair> pairs)
    : edges_(static_cast<std::size_t>(rows)),
      row_price_(static_cast<std::size_t>(rows), 0),
      column_price_(static_cast<std::size_t>(columns), 0),
      distance_(static_cast<std::size_t>(columns), infinity),
      column_of_row_(static_cast<std::size_t>(rows), unmatched),
      row_of_column_(static_cast<std::size_t>(columns), unmatched),
      previous_row_(static_cast<std::size_t>(columns), unmatched) {
  for (const auto& [row, column, weight] : pairs) {
    edges_[static_cast<std::size_t>(row)].push_back({column, weight});
    auto& price = row_price_[static_cast<std::size_t>(row)];
    price = std::min(price, -weight);  // so that no reduced cost is negative
  }
}

void Matching::relax(int row, std::int64_t row_distance, Queue& queue) {
  visited_rows_.emplace_back(row, row_distance);
  const auto price = row_price_[static_cast<std::size_t>(row)];
  if (row_distance - price < alone_length_) {
    alone_length_ = row_distance - price;
    alone_row_ = row;
  }
  for (const auto& [column, weight] : edges_[static_cast<std::size_t>(row)]) {
    const auto reached = row_distance - weight - price - column_price_[static_cast<std::size_t>(column)];
    auto& distance = distance_[static_cast<std::size_t>(column)];
    if (reached >= distance) continue;
    if (distance == infinity) touched_columns_.push_back(column);
    distance = reached;
    previous_row_[static_cast<std::size_t>(column)] = row;
    queue.emplace(reached, column);
  }
}

void Matching::augment(int start) {
  visited_rows_.clear();
  visited_columns_.clear();
  alone_length_ = infinity;
  Queue queue;
  relax(start, 0, queue);
  int free_column = unmatched;
  std::int64_t length = alone_length_;
  while (!queue.empty() && queue.top().first < alone_length_) {
    const auto [distance, column] = queue.top();
    queue.pop();
    if (distance > distance_[static_cast<std::size_t>(column)])
      continue;  // outdated: a shorter path has been found since
    visited_columns_.push_back(column);
    const int row = row_of_column_[static_cast<std::size_t>(column)];
    if (row == unmatched) {
      free_column = column;
      length = distance;
      break;
    }
    relax(row, distance, queue);
  }
  if (free_column == unmatched) length = alone_length_;
  update_prices(length);
  if (free_column != unmatched) {
    turn_around(start, free_column);
  } else {
    const int given_up = std::exchange(column_of_row_[static_cast<std::size_t>(alone_row_)], unmatched);
    if (alone_row_ != start) turn_around(start, given_up);
  }
  for (const int column : touched_columns_) distance_[static_cast<std::size_t>(column)] = infinity;
  touched_columns_.clear();
}

/// Augments along the path: every row on it is assigned to the next column on the path.
void Matching::turn_around(int start, int column) {
  int row = unmatched;
  do {
    row = previous_row_[static_cast<std::size_t>(column)];
    row_of_column_[static_cast<std::size_t>(column)] = row;
    std::swap(column_of_row_[static_cast<std::size_t>(row)], column);
  } while (row != start);
}

void Matching::update_prices(std::int64_t length) {
  for (const auto& [row, distance] : visited_rows_)
    row_price_[static_cast<std::size_t>(row)] += std::max<std::int64_t>(0, length - distance);
  for (const int column : visited_columns_)
    column_price_[static_cast<std::size_t>(column)] -=
        std::max<std::int64_t>(0, length - distance_[static_cast<std::size_t>(column)]);
}

std::int64_t Matching::weight() const {
  std::int64_t total = 0;
  for (std::size_t row = 0; row < edges_.size(); ++row) {
    for (const auto& edge : edges_[row]) {
      if (edge.column == column_of_row_[row]) total += edge.weight;
    }
  }
  return total;
}

}  // namespace

std::int64_t maximum_weight(int rows, int columns, std::span<const WeightedPair> pairs) {
  Matching matching(rows, columns, pairs);
  for (int row = 0; row < rows; ++row) matching.augment(row);
  return matching.weight();
}

}  // namespace onepass::eval
