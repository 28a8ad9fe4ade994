#include "track/memory/exemplars.hpp"

#include <algorithm>
#include <limits>

#include "track/record/embedding_distance.hpp"

namespace onepass::track {
namespace {

/// Index of a pair's loss, for b < a.
std::size_t place(std::size_t a, std::size_t b) { return a * (a - 1) / 2 + b; }

}  // namespace

Exemplars::Exemplars(std::vector<Exemplar> entries) {
  for (auto& entry : entries) {
    const auto capacity = entries_.size() + 1;
    add(std::move(entry), capacity);
  }
}

void Exemplars::add(Exemplar view, std::size_t capacity) {
  entries_.push_back(std::move(view));
  const auto newest = entries_.size() - 1;
  for (std::size_t other = 0; other < newest; ++other) losses_.push_back(loss(newest, other));
  while (entries_.size() > std::max<std::size_t>(capacity, 1)) merge_closest();
}

void Exemplars::add(const Exemplars& others, std::size_t capacity) {
  for (const auto& view : others.entries_) add(view, capacity);
}

double Exemplars::distance(const Embedding& embedding) const {
  double nearest = 1;
  for (const auto& entry : entries_) nearest = std::min(nearest, appearance_distance(entry.mean, embedding));
  return nearest;
}

Embedding Exemplars::mean() const {
  Embedding sum = Embedding::Zero(entries_.front().mean.size());
  for (const auto& entry : entries_) sum += static_cast<float>(entry.weight) * entry.mean;
  return sum / std::max(sum.norm(), 1e-9F);
}

/// Increase of the squared distances to the mean if the two are merged.
double Exemplars::loss(std::size_t a, std::size_t b) const {
  const auto& first = entries_[a];
  const auto& second = entries_[b];
  return first.weight * second.weight / (first.weight + second.weight) * appearance_distance(first.mean, second.mean);
}

void Exemplars::merge_closest() {
  std::size_t kept = 0;
  std::size_t gone = 1;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t a = 1; a < entries_.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      if (losses_[place(a, b)] >= least) continue;
      least = losses_[place(a, b)];
      kept = b;
      gone = a;
    }
  }
  auto& union_of_both = entries_[kept];
  union_of_both.mean = static_cast<float>(union_of_both.weight) * union_of_both.mean +
                       static_cast<float>(entries_[gone].weight) * entries_[gone].mean;
  union_of_both.mean /= std::max(union_of_both.mean.norm(), 1e-9F);
  union_of_both.weight += entries_[gone].weight;
  entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(gone));
  // Remove the row and column of the merged exemplar.
  std::vector<double> losses;
  losses.reserve(place(entries_.size(), 0));
  const auto before = [gone](std::size_t number) { return number < gone ? number : number + 1; };
  for (std::size_t a = 1; a < entries_.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      const bool changed = a == kept || b == kept;
      losses.push_back(changed ? loss(a, b) : losses_[place(before(a), before(b))]);
    }
  }
  losses_ = std::move(losses);
}

}  // namespace onepass::track
