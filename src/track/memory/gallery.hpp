// Bounded gallery of the identities that are not being tracked, searched in well under a millisecond.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

#include "onepass/config.hpp"
#include "track/memory/exemplars.hpp"

namespace onepass::track {

/// An embedding quantized to one byte per value. For unit vectors of some hundred values the cosine is accurate to
/// about 0.001.
struct CompactEmbedding {
  std::vector<std::int8_t> values;
  float scale = 0;  ///< value of one quantization step

  CompactEmbedding() = default;
  explicit CompactEmbedding(const Embedding& embedding);
  double dot(const Embedding& other) const;
  Embedding expanded() const;
};

struct CompactView {
  CompactEmbedding mean;
  double weight = 0;
};

/// The stored data of one identity.
struct RememberedIdentity {
  std::int64_t id = 0;
  int class_id = 0;
  std::int64_t hits = 0;     ///< number of detections so far
  std::int64_t returns = 0;  ///< how often it came back from memory
  std::int64_t stream = 0;   ///< number of the tracker that tracked it last; see Memory::State::streams
  double last_seen_s = 0;    ///< time of the last detection on the memory's clock
  /// Until this time on the memory's clock it counts as in sight of another process. Not written to files.
  double elsewhere_until_s = -std::numeric_limits<double>::infinity();
  std::int64_t member = 0;  ///< that process
  std::vector<CompactView> views;
};

/// Result of comparing an identity with an embedding.
struct Likeness {
  std::int64_t id = 0;
  double distance = 1;  ///< (1 - cosine) / 2 to the identity's nearest view
  double last_seen_s = 0;
  int class_id = 0;
  std::int64_t stream = 0;                                              ///< as in RememberedIdentity
  double elsewhere_until_s = -std::numeric_limits<double>::infinity();  ///< as in RememberedIdentity
};

class Gallery {
 public:
  /// Number of identities compared view by view: those whose sketches are most similar to that of the embedding.
  /// Smaller galleries are searched exactly.
  static constexpr std::size_t compared = 48;

  explicit Gallery(const MemoryConfig& config) : config_(config) {}

  /// Adds an identity. If the gallery is full, the least useful identity is dropped, which may be the new one. An
  /// identity without views is not kept.
  void put(RememberedIdentity identity, double now_s);

  /// Removes an identity and returns it; nullopt if the id is unknown.
  std::optional<RememberedIdentity> take(std::int64_t id);

  /// The identity of this id, until the gallery changes; nullptr if there is none.
  const RememberedIdentity* find(std::int64_t id) const;

  /// Ends the sights of other processes that are not present.
  void end_sights(const std::set<std::int64_t>& present);

  /// Drops the identities unseen for longer than config.lifetime_s.
  void expire(double now_s);

  /// The identities nearest to an embedding of unit norm, nearest first, at most `count` (<= compared).
  std::vector<Likeness> search(const Embedding& embedding, std::size_t count) const;

  const std::vector<RememberedIdentity>& identities() const { return identities_; }
  bool empty() const { return identities_.empty(); }

  /// A random projection of an embedding; see sketch_of().
  using Sketch = Eigen::VectorXf;
  Sketch sketch(const Embedding& embedding);

 private:
  Sketch sketch_of(const Embedding& embedding) const;
  void prepare_sketches(Eigen::Index length);
  std::size_t least_useful(double now_s) const;
  void forget(std::size_t place);

  MemoryConfig config_;
  std::vector<RememberedIdentity> identities_;
  std::unordered_map<std::int64_t, std::size_t> places_;  ///< indices of the identities, by id
  // What usefulness() depends on, side by side: a full gallery looks for the least useful identity with every new one.
  std::vector<double> familiarity_;
  std::vector<double> last_seen_s_;
  double oldest_s_ = std::numeric_limits<double>::infinity();  ///< no identity was last seen earlier
  Eigen::MatrixXf projection_;                                 ///< scaled random signs; see sketch_of
  Eigen::MatrixXf sketches_;                                   ///< one column per identity, and spare columns
};

/// Indices of the `count` (> 0) largest values, in no order; of equal ones those that come first.
std::vector<std::size_t> most_alike(std::span<const float> likeness, std::size_t count);

/// Priority for keeping an identity: high for identities detected often, that came back before, or that were seen
/// recently.
double usefulness(const RememberedIdentity& identity, double now_s);

/// (1 - cosine) / 2 to the nearest view; 1 if there is none.
double distance_to(const RememberedIdentity& identity, const Embedding& embedding);

}  // namespace onepass::track
