#include "track/record/appearance.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "track/record/embedding_distance.hpp"

namespace onepass::track {
namespace {

constexpr double confident_score = 0.6;    // least score of detections that update the mean
constexpr float mean_rate = 0.02F;         // rate of the running mean, per frame
constexpr std::size_t most_lessons = 128;  // most matches learned from per frame; finding their rivals is quadratic

/// True if the embedding can be compared: not empty, finite and not zero.
bool usable(const Embedding& embedding) {
  const float norm = embedding.squaredNorm();
  return embedding.size() > 0 && std::isfinite(norm) && norm > 0;
}

}  // namespace

Appearance::Appearance(const TrackerConfig& config)
    : momentum_(config.embedding_momentum),
      least_score_(config.embedding_min_score),
      gallery_size_(config.gallery),
      centered_(config.center_embeddings) {}

void Appearance::expect(const EmbeddingDistances& distances) {
  if (distances.samples > 0) separation_ = expected_separation(distances);
}

void Appearance::begin_frame(std::span<const Detection> detections, std::span<const Observation> observations,
                             std::vector<TrackRecord>& tracks) {
  if (embeddings_.size() < observations.size()) embeddings_.resize(observations.size());
  Eigen::Index length = 0;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    const auto& given = detections[observations[i].source].embedding;
    const bool first = length == 0 && usable(given);
    if (first) length = given.size();
    if (first && length != length_) start_afresh(length, tracks);
    if (length > 0 && given.size() == length && usable(given)) {
      embeddings_[i] = given / given.norm();
    } else {
      embeddings_[i].resize(0);
    }
  }
  if (length > 0 && centered_) center(observations);
}

void Appearance::start_afresh(Eigen::Index length, std::vector<TrackRecord>& tracks) {
  const bool were_others = length_ > 0;
  length_ = length;
  mean_.resize(0);
  if (were_others) separation_ = {};
  for (auto& track : tracks) {
    track.embedding.resize(0);
    track.gallery.clear();
    track.gallery_next = 0;
  }
}

/// Subtracts the running mean of all objects, so that the cosine between unrelated objects is about 0.
void Appearance::center(std::span<const Observation> observations) {
  frame_mean_.setZero(length_);
  int count = 0;
  const auto add_all = [&](double least_score) {
    for (std::size_t i = 0; i < observations.size(); ++i) {
      if (embeddings_[i].size() == 0 || observations[i].score < least_score) continue;
      frame_mean_ += embeddings_[i];
      ++count;
    }
  };
  add_all(confident_score);
  if (mean_.size() == 0 && count == 0) add_all(0);
  if (count > 0) {
    frame_mean_ /= static_cast<float>(count);
    if (mean_.size() == 0) {
      mean_ = frame_mean_;
    } else {
      mean_ += mean_rate * (frame_mean_ - mean_);
    }
  }
  for (std::size_t i = 0; i < observations.size(); ++i) {
    if (embeddings_[i].size() == 0) continue;
    embeddings_[i] -= mean_;
    embeddings_[i] /= std::max(embeddings_[i].norm(), 1e-9F);
  }
}

std::optional<double> Appearance::distance(const TrackRecord& track, int observation) const {
  if (!has(observation) || track.embedding.size() == 0) return std::nullopt;
  if (track.gallery.empty()) return appearance_distance(track.embedding, embeddings_[observation]);
  double nearest = 1;
  for (const auto& embedding : track.gallery) {
    nearest = std::min(nearest, appearance_distance(embedding, embeddings_[observation]));
  }
  return nearest;
}

void Appearance::learn(std::span<const TrackRecord> tracks, std::span<const Match> matches) {
  std::size_t lessons = 0;
  std::array<Match, most_lessons> secure;
  for (const auto& match : matches) {
    const auto& record = tracks[match.track];
    const bool counts = record.hits > 3 && record.frames_since_update == 1 && has(match.observation) &&
                        record.embedding.size() > 0 && lessons < most_lessons;
    if (counts) secure[lessons++] = match;
  }
  if (lessons < 2) return;  // there is no rival
  for (std::size_t i = 0; i < lessons; ++i) {
    const auto& embedding = tracks[secure[i].track].embedding;
    double rival = 1;
    for (std::size_t j = 0; j < lessons; ++j) {
      if (j != i) rival = std::min(rival, appearance_distance(embedding, embeddings_[secure[j].observation]));
    }
    separation_.learn(appearance_distance(embedding, embeddings_[secure[i].observation]), rival, stream_rule);
  }
}

void Appearance::remember(TrackRecord& track, int observation, double score) const {
  if (!has(observation)) return;
  const auto& seen = embeddings_[observation];
  if (gallery_size_ > 0) {
    if (track.gallery.size() < gallery_size_) {
      track.gallery.push_back(seen);
    } else {
      track.gallery[track.gallery_next] = seen;
      track.gallery_next = (track.gallery_next + 1) % gallery_size_;
    }
  }
  if (track.embedding.size() == 0) {
    track.embedding = seen;
    return;
  }
  const bool all_alike = least_score_ >= 1;
  const double confidence = all_alike ? 1 : std::clamp((score - least_score_) / (1 - least_score_), 0.0, 1.0);
  const auto kept = static_cast<float>(momentum_ + (1 - momentum_) * (1 - confidence));
  track.embedding = kept * track.embedding + (1 - kept) * seen;
  track.embedding /= std::max(track.embedding.norm(), 1e-9F);
}

}  // namespace onepass::track
