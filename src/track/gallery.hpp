// Identities that no tracker follows at the moment: bounded in number and size, and searched in well under a
// millisecond.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "onepass/config.hpp"
#include "track/exemplars.hpp"

namespace onepass {

/// An embedding in a byte per value: for unit vectors of some hundred values the cosine is right to about 0.001.
struct CompactEmbedding {
  std::vector<std::int8_t> values;
  float scale = 0;  ///< of a step

  CompactEmbedding() = default;
  explicit CompactEmbedding(const Embedding& embedding);
  double dot(const Embedding& other) const;
  Embedding expanded() const;
};

struct CompactView {
  CompactEmbedding mean;
  double weight = 0;
};

/// What is remembered of one identity.
struct RememberedIdentity {
  std::int64_t id = 0;
  int class_id = 0;
  std::int64_t hits = 0;     ///< detections so far
  std::int64_t returns = 0;  ///< times it came back from memory
  std::int64_t stream = 0;   ///< that knew it last; see Memory
  double last_seen_s = 0;    ///< on the memory's clock
  std::vector<CompactView> views;
};

/// An identity held against an embedding.
struct Likeness {
  std::int64_t id = 0;
  double distance = 1;  ///< (1 - cosine) / 2 to its nearest view
  double last_seen_s = 0;
  int class_id = 0;
};

class Gallery {
 public:
  /// Identities compared view by view: those whose sketch is most like the embedding's. Smaller galleries are
  /// searched exactly.
  static constexpr std::size_t compared = 48;

  explicit Gallery(const MemoryConfig& config) : config_(config) {}

  /// Takes an identity in; where there is no room, the least useful one is forgotten, which may be this one.
  /// An identity without views is of no use and is not kept.
  void put(RememberedIdentity identity, double now_s);

  /// Hands an identity out; nothing if there is none with this id.
  std::optional<RememberedIdentity> take(std::int64_t id);

  /// Forgets those unseen for longer than they are kept.
  void expire(double now_s);

  /// The identities most like an embedding of unit norm, the most alike first, at most `count` (<= compared).
  std::vector<Likeness> search(const Embedding& embedding, std::size_t count) const;

  const std::vector<RememberedIdentity>& identities() const { return identities_; }
  bool empty() const { return identities_.empty(); }

 private:
  using Sketch = Eigen::VectorXf;

  Sketch sketch_of(const Embedding& embedding) const;
  void prepare_sketches(Eigen::Index length);
  void forget(std::size_t place);

  MemoryConfig config_;
  std::vector<RememberedIdentity> identities_;
  Eigen::MatrixXf projection_;  ///< random signs; see sketch_of
  Eigen::MatrixXf sketches_;    ///< a column for each identity, and some to spare
};

/// What a remembered identity is worth keeping for: those seen often, those that came back before, and lately.
double usefulness(const RememberedIdentity& identity, double now_s);

/// Distance to the nearest view; 1 where there is none.
double distance_to(const RememberedIdentity& identity, const Embedding& embedding);

}  // namespace onepass
