#include "track/memory/gallery.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

// Thread and address sanitizers do not support the resolvers of target_clones.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define ONEPASS_CLONES __attribute__((target_clones("arch=haswell", "default")))
#else
#define ONEPASS_CLONES
#endif

namespace onepass::track {
namespace {

constexpr Eigen::Index sketch_length = 64;

ONEPASS_CLONES float dot_bytes(const std::int8_t* values, const float* other, std::size_t count) {
  constexpr std::size_t lanes = 32;  // independent sums, so that the compiler can vectorize
  std::array<float, lanes> sums{};
  const std::size_t whole = count / lanes * lanes;
  for (std::size_t i = 0; i < whole; i += lanes) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      sums[lane] += static_cast<float>(values[i + lane]) * other[i + lane];
    }
  }
  float sum = 0;
  for (const float part : sums) sum += part;
  for (std::size_t i = whole; i < count; ++i) sum += static_cast<float>(values[i]) * other[i];
  return sum;
}

constexpr double recent_s = 60;  // an absence of this length halves the usefulness

/// The part of the usefulness that does not change with time.
double familiarity(const RememberedIdentity& identity) {
  return std::log2(1 + static_cast<double>(identity.hits)) * static_cast<double>(1 + identity.returns);
}

/// The weighted mean of the views, of unit norm.
Embedding center_of(const RememberedIdentity& identity) {
  Embedding sum = Embedding::Zero(static_cast<Eigen::Index>(identity.views.front().mean.values.size()));
  for (const auto& view : identity.views) sum += static_cast<float>(view.weight) * view.mean.expanded();
  return sum / std::max(sum.norm(), 1e-9F);
}

}  // namespace

CompactEmbedding::CompactEmbedding(const Embedding& embedding) : values(static_cast<std::size_t>(embedding.size())) {
  constexpr float steps = 127;
  const float largest = embedding.size() > 0 ? embedding.cwiseAbs().maxCoeff() : 0;
  scale = largest / steps;
  const float inverse = largest > 0 ? steps / largest : 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<std::int8_t>(std::lround(embedding[static_cast<Eigen::Index>(i)] * inverse));
  }
}

double CompactEmbedding::dot(const Embedding& other) const {
  return static_cast<double>(dot_bytes(values.data(), other.data(), values.size())) * scale;
}

Embedding CompactEmbedding::expanded() const {
  Embedding result(static_cast<Eigen::Index>(values.size()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    result[static_cast<Eigen::Index>(i)] = scale * static_cast<float>(values[i]);
  }
  return result;
}

double distance_to(const RememberedIdentity& identity, const Embedding& embedding) {
  double nearest = 1;
  for (const auto& view : identity.views) {
    nearest = std::min(nearest, std::clamp((1 - view.mean.dot(embedding)) / 2, 0.0, 1.0));
  }
  return nearest;
}

double usefulness(const RememberedIdentity& identity, double now_s) {
  return familiarity(identity) / (1 + std::max(0.0, now_s - identity.last_seen_s) / recent_s);
}

/// A random projection (Johnson and Lindenstrauss, 1984; with random signs: Achlioptas, 2003). Inner products of
/// sketches equal those of the embeddings up to noise of about 1 / sqrt(sketch_length).
Gallery::Sketch Gallery::sketch_of(const Embedding& embedding) const { return projection_ * embedding; }

void Gallery::prepare_sketches(Eigen::Index length) {
  if (projection_.cols() == length) return;
  std::mt19937 random(1);  // fixed seed: the results of a search must be reproducible
  projection_.resize(sketch_length, length);
  const float entry = 1 / std::sqrt(static_cast<float>(sketch_length));
  for (auto& value : projection_.reshaped()) value = (random() & 1U) != 0 ? entry : -entry;
}

void Gallery::put(RememberedIdentity identity, double now_s) {
  const auto capacity = static_cast<std::size_t>(config_.capacity);
  if (identity.views.empty() || capacity == 0) return;
  expire(now_s);
  if (identities_.size() >= capacity) {
    const auto least = least_useful(now_s);
    if (usefulness(identity, now_s) < usefulness(identities_[least], now_s)) return;
    forget(least);
  }
  const auto center = center_of(identity);
  prepare_sketches(center.size());
  const auto place = static_cast<Eigen::Index>(identities_.size());
  if (sketches_.cols() <= place) sketches_.conservativeResize(sketch_length, std::max<Eigen::Index>(64, 2 * place));
  sketches_.col(place) = sketch_of(center);
  places_[identity.id] = identities_.size();
  familiarity_.push_back(familiarity(identity));
  last_seen_s_.push_back(identity.last_seen_s);
  oldest_s_ = std::min(oldest_s_, identity.last_seen_s);
  identities_.push_back(std::move(identity));
}

/// The place of the identity with the least usefulness(); of equal ones, the one with the largest id.
std::size_t Gallery::least_useful(double now_s) const {
  const auto size = static_cast<Eigen::Index>(identities_.size());
  const Eigen::Map<const Eigen::ArrayXd> familiarity(familiarity_.data(), size), last_seen_s(last_seen_s_.data(), size);
  const Eigen::ArrayXd usefulness = familiarity / (1 + (now_s - last_seen_s).max(0.0) / recent_s);
  const double least = usefulness.minCoeff();
  std::optional<std::size_t> found;
  for (std::size_t place = 0; place < identities_.size(); ++place) {
    if (usefulness[static_cast<Eigen::Index>(place)] != least) continue;
    if (!found || identities_[place].id > identities_[*found].id) found = place;
  }
  return *found;
}

std::optional<RememberedIdentity> Gallery::take(std::int64_t id) {
  const auto found = places_.find(id);
  if (found == places_.end()) return std::nullopt;
  const auto place = found->second;
  std::optional<RememberedIdentity> taken(std::move(identities_[place]));
  forget(place);
  return taken;
}

const RememberedIdentity* Gallery::find(std::int64_t id) const {
  const auto found = places_.find(id);
  return found == places_.end() ? nullptr : &identities_[found->second];
}

void Gallery::end_sights(const std::set<std::int64_t>& present) {
  for (auto& identity : identities_) {
    if (!present.contains(identity.member)) identity.elsewhere_until_s = -std::numeric_limits<double>::infinity();
  }
}

/// Fills the freed place with the last identity.
void Gallery::forget(std::size_t place) {
  const auto last = identities_.size() - 1;
  places_.erase(identities_[place].id);
  if (place != last) {
    identities_[place] = std::move(identities_[last]);
    places_[identities_[place].id] = place;
    familiarity_[place] = familiarity_[last];
    last_seen_s_[place] = last_seen_s_[last];
    sketches_.col(static_cast<Eigen::Index>(place)) = sketches_.col(static_cast<Eigen::Index>(last));
  }
  identities_.pop_back();
  familiarity_.pop_back();
  last_seen_s_.pop_back();
}

void Gallery::expire(double now_s) {
  if (config_.lifetime_s <= 0 || now_s - oldest_s_ <= config_.lifetime_s) return;
  for (std::size_t place = identities_.size(); place-- > 0;) {
    if (now_s - identities_[place].last_seen_s > config_.lifetime_s) forget(place);
  }
  oldest_s_ = std::numeric_limits<double>::infinity();
  for (const double seen_s : last_seen_s_) oldest_s_ = std::min(oldest_s_, seen_s);
}

Gallery::Sketch Gallery::sketch(const Embedding& embedding) {
  prepare_sketches(embedding.size());
  return sketch_of(embedding);
}

std::vector<std::size_t> most_alike(std::span<const float> likeness, std::size_t count) {
  using Entry = std::pair<float, std::size_t>;
  std::vector<Entry> best;  // a heap with the least alike on top
  const auto more_alike = [](const Entry& a, const Entry& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  };
  for (std::size_t place = 0; place < likeness.size(); ++place) {
    const Entry entry(likeness[place], place);
    if (best.size() == count) {
      if (!more_alike(entry, best.front())) continue;
      std::ranges::pop_heap(best, more_alike);
      best.pop_back();
    }
    best.push_back(entry);
    std::ranges::push_heap(best, more_alike);
  }
  std::vector<std::size_t> places;
  for (const auto& [value, place] : best) places.push_back(place);
  return places;
}

std::vector<Likeness> Gallery::search(const Embedding& embedding, std::size_t count) const {
  if (identities_.empty() || embedding.size() != projection_.cols()) return {};
  const auto size = static_cast<Eigen::Index>(identities_.size());
  const Eigen::VectorXf likeness = sketches_.leftCols(size).transpose() * sketch_of(embedding);
  const auto places = most_alike(std::span(likeness.data(), identities_.size()), compared);
  std::vector<Likeness> result;
  for (const auto place : places) {
    const auto& identity = identities_[place];
    result.push_back({identity.id, distance_to(identity, embedding), identity.last_seen_s, identity.class_id,
                      identity.stream, identity.elsewhere_until_s});
  }
  std::ranges::sort(result, {}, [](const Likeness& entry) { return std::pair(entry.distance, entry.id); });
  result.resize(std::min(result.size(), count));
  return result;
}

}  // namespace onepass::track
