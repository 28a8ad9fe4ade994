#include "lab/retrieval.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "embed/area_under_curve.hpp"

namespace onepass::lab {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

double share(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : undefined;
}

/// Highest similarities of one query: to candidates of its own identity and to all others.
struct Nearest {
  float same = -2;  // below any cosine
  float other = -2;

  void add(float similarity, bool is_same) {
    float& best = is_same ? same : other;
    best = std::max(best, similarity);
  }
  bool has_same() const { return same > -2; }
  bool is_right() const { return same > other; }
};

}  // namespace

bool is_query_frame(std::int64_t index, std::int64_t every) { return (index + 1) % every == 0; }

float cosine(const Embedding& a, const Embedding& b) { return a.size() == b.size() && a.size() > 0 ? a.dot(b) : 0; }

double average_precision(std::vector<RankedItem>& items) {
  std::ranges::sort(items, [](const RankedItem& a, const RankedItem& b) {
    return a.similarity != b.similarity ? a.similarity > b.similarity : a.relevant < b.relevant;
  });
  double sum = 0;
  std::int64_t found = 0;
  for (std::size_t rank = 0; rank < items.size(); ++rank) {
    if (!items[rank].relevant) continue;
    ++found;
    sum += static_cast<double>(found) / static_cast<double>(rank + 1);
  }
  return found > 0 ? sum / static_cast<double>(found) : undefined;
}

GapScore score_gap(const LabeledFrames& frames, std::int64_t gap, std::int64_t every) {
  GapScore score;
  std::int64_t right = 0;
  std::vector<float> same;
  std::vector<float> different;
  for (const auto& [index, queries] : frames) {
    const auto later = frames.find(index + gap);
    if (!is_query_frame(index, every) || later == frames.end()) continue;
    for (const auto& query : queries) {
      Nearest nearest;
      for (const auto& candidate : later->second) {
        const float similarity = cosine(query.embedding, candidate.embedding);
        const bool is_same = candidate.identity == query.identity;
        nearest.add(similarity, is_same);
        (is_same ? same : different).push_back(similarity);
      }
      if (!nearest.has_same()) continue;
      ++score.queries;
      if (nearest.is_right()) ++right;
    }
  }
  score.rank1 = share(right, score.queries);
  score.auc = embed::area_under_curve(different, same);
  return score;
}

RetrievalScore score_retrieval(const LabeledFrames& frames, std::int64_t min_gap) {
  RetrievalScore score;
  std::int64_t right = 0;
  double precision_sum = 0;
  std::vector<float> same;
  std::vector<float> different;
  std::vector<RankedItem> items;
  for (const auto& [index, queries] : frames) {
    for (const auto& query : queries) {
      items.clear();
      Nearest nearest;
      for (const auto& [other_index, candidates] : frames) {
        if (std::abs(other_index - index) < min_gap || other_index == index) continue;
        for (const auto& candidate : candidates) {
          const float similarity = cosine(query.embedding, candidate.embedding);
          const bool is_same = candidate.identity == query.identity;
          nearest.add(similarity, is_same);
          items.push_back({similarity, is_same});
          if (other_index > index) (is_same ? same : different).push_back(similarity);  // counts every pair once
        }
      }
      if (!nearest.has_same()) continue;
      ++score.queries;
      if (nearest.is_right()) ++right;
      precision_sum += average_precision(items);
    }
  }
  score.rank1 = share(right, score.queries);
  score.mean_average_precision = score.queries > 0 ? precision_sum / static_cast<double>(score.queries) : undefined;
  score.auc = embed::area_under_curve(different, same);
  return score;
}

}  // namespace onepass::lab
