// Appearance of one identity: a bounded set of diverse views, each the mean of similar embeddings.
#pragma once

#include <cstdint>
#include <vector>

#include "onepass/types.hpp"

namespace onepass::track {

/// One view of an identity.
struct Exemplar {
  Embedding mean;     ///< mean embedding, of unit norm
  double weight = 0;  ///< number of embeddings averaged
};

/// A bounded set of exemplars. Each new embedding becomes an exemplar; when there are too many, the two whose union
/// loses least are merged (Ward, 1963). Frequent views thus become means of many embeddings and rare views stay
/// separate, without a similarity threshold.
class Exemplars {
 public:
  Exemplars() = default;
  explicit Exemplars(std::vector<Exemplar> entries);

  /// Adds an embedding of unit norm, or an existing view, and keeps at most `capacity` exemplars.
  void add(Exemplar view, std::size_t capacity);

  /// Adds every view of another set.
  void add(const Exemplars& others, std::size_t capacity);

  /// Smallest (1 - cosine) / 2 to any exemplar; 1 if there is none.
  double distance(const Embedding& embedding) const;

  /// The weighted mean of all exemplars, of unit norm; there must be one.
  Embedding mean() const;

  bool empty() const { return entries_.empty(); }
  const std::vector<Exemplar>& entries() const { return entries_; }

 private:
  double loss(std::size_t a, std::size_t b) const;
  void merge_closest();

  std::vector<Exemplar> entries_;
  std::vector<double> losses_;  ///< loss of merging each pair: row a, column b < a
};

}  // namespace onepass::track
