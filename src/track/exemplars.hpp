// What one identity looks like: a few diverse views, each the average of similar embeddings.
#pragma once

#include <cstdint>
#include <vector>

#include "onepass/types.hpp"

namespace onepass {

/// One view of an identity.
struct Exemplar {
  Embedding mean;     ///< of unit norm
  double weight = 0;  ///< embeddings averaged in it
};

/// A bounded set of exemplars. Every embedding that comes in starts one of its own; when there are too many, the two
/// whose union loses least become one (Ward 1963). So frequent views are averages of many embeddings, rare ones stay
/// apart, and no threshold says what is similar.
class Exemplars {
 public:
  Exemplars() = default;
  explicit Exemplars(std::vector<Exemplar> entries);

  /// Takes in an embedding of unit norm (or a view made elsewhere) and keeps at most `capacity` exemplars.
  void add(Exemplar view, std::size_t capacity);

  /// Takes in every view of another set.
  void add(const Exemplars& others, std::size_t capacity);

  /// Least (1 - cosine) / 2 to any exemplar; 1 where there is none.
  double distance(const Embedding& embedding) const;

  bool empty() const { return entries_.empty(); }
  const std::vector<Exemplar>& entries() const { return entries_; }

 private:
  double loss(std::size_t a, std::size_t b) const;
  void merge_closest();

  std::vector<Exemplar> entries_;
  std::vector<double> losses_;  ///< of every pair's union: row a, column b < a
};

}  // namespace onepass
