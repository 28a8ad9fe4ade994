// A scene with known identities: people who leave for longer than a track's max age, and return.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <random>
#include <set>
#include <vector>

#include "onepass/tracker.hpp"
#include "support/scene.hpp"

namespace onepass::test {

struct VisitOptions {
  int people = 12;
  int lanes = 5;             ///< people visible at the same time
  int rounds = 8;            ///< in each round, other people walk along the lanes
  double twins = 0;          ///< cosine between the embeddings of people 2k and 2k + 1
  double noise = 0.7;        ///< noise of a detection's embedding, relative to the person's embedding
  double view_change = 0.5;  ///< change of a person's embedding from visit to visit
  int length = 128;          ///< length of the embeddings
  int stagger = 7;           ///< delay of each lane after the previous one, in frames; 0: all start at once
  unsigned seed = 1;
};

struct Visit {
  int person = 0;
  int lane = 0;
  int first_frame = 0;
  int last_frame = 0;
};

struct Visits {
  std::vector<std::vector<Detection>> frames;
  std::vector<Visit> visits;  ///< in order of their first frame
};

constexpr int visit_frames = 60;
constexpr int round_frames = 100;  ///< a lane is empty for 40 of them, which is more than a second
constexpr float lane_height = 200;

class VisitScene {
 public:
  explicit VisitScene(const VisitOptions& options) : options_(options), random_(options.seed) {
    for (int person = 0; person < options.people; ++person) {
      const bool is_twin = options.twins > 0 && person % 2 == 1;
      const double own = options.twins > 0 ? std::sqrt(1 / options.twins - 1) : 0;
      if (!is_twin) base_ = any();
      looks_.push_back(options.twins > 0 ? mixed(base_, own) : base_);
    }
  }

  Visits make() {
    Visits result;
    result.frames.resize(static_cast<std::size_t>(options_.rounds * round_frames + 10 * options_.lanes));
    std::vector<int> people(static_cast<std::size_t>(options_.people));
    std::iota(people.begin(), people.end(), 0);
    for (int round = 0; round < options_.rounds; ++round) {
      for (std::size_t i = people.size() - 1; i > 0; --i) std::swap(people[i], people[random_() % (i + 1)]);
      for (int lane = 0; lane < options_.lanes; ++lane) {
        const int start = round * round_frames + options_.stagger * lane;
        result.visits.push_back({people[static_cast<std::size_t>(lane)], lane, start, start + visit_frames - 1});
        walk(result.visits.back(), result.frames);
      }
    }
    return result;
  }

 private:
  Embedding any() {
    Embedding result(options_.length);
    for (auto& value : result) value = normal_(random_);
    return result.normalized();
  }

  Embedding mixed(const Embedding& look, double share) {
    return (look + static_cast<float>(share) * any()).normalized();
  }

  void walk(const Visit& visit, std::vector<std::vector<Detection>>& frames) {
    const auto view = mixed(looks_[static_cast<std::size_t>(visit.person)], options_.view_change);
    for (int step = 0; step < visit_frames; ++step) {
      auto seen = detection(10 + 8.0F * static_cast<float>(step), 20 + lane_height * static_cast<float>(visit.lane));
      seen.embedding = mixed(view, options_.noise);
      frames[static_cast<std::size_t>(visit.first_frame + step)].push_back(std::move(seen));
    }
  }

  VisitOptions options_;
  std::mt19937 random_;
  std::normal_distribution<float> normal_{0, 1};
  Embedding base_;
  std::vector<Embedding> looks_;
};

/// Counts of kept and wrong identities.
struct VisitScore {
  int returns = 0;  ///< visits of people who have visited before
  int kept = 0;     ///< returns with the id of the first visit
  int merged = 0;   ///< visits under the id of another person
  int visits = 0;
  int changed = 0;  ///< visits with more than one id
};

inline VisitScore score_visits(const Visits& scene, const std::vector<std::vector<Track>>& tracks) {
  VisitScore score;
  std::map<int, std::int64_t> id_of;
  std::map<std::int64_t, int> owner_of;
  for (const auto& visit : scene.visits) {
    std::map<std::int64_t, int> ids;
    for (int frame = visit.first_frame; frame <= visit.last_frame; ++frame) {
      for (const auto& track : tracks[static_cast<std::size_t>(frame)]) {
        if (static_cast<int>(track.box.center_y() / lane_height) == visit.lane) ++ids[track.id];
      }
    }
    if (ids.empty()) continue;
    ++score.visits;
    score.changed += ids.size() > 1 ? 1 : 0;
    const auto id = std::ranges::max_element(ids, {}, [](const auto& entry) { return entry.second; })->first;
    const bool was_here = id_of.contains(visit.person);
    score.returns += was_here ? 1 : 0;
    score.kept += was_here && id_of[visit.person] == id ? 1 : 0;
    if (!was_here) id_of[visit.person] = id;
    const auto owner = owner_of.emplace(id, visit.person).first->second;
    score.merged += owner != visit.person ? 1 : 0;
  }
  return score;
}

/// The tracker's results for the frames [first, last).
inline std::vector<std::vector<Track>> track_frames(Tracker& tracker, const Visits& scene, std::size_t first,
                                                    std::size_t last) {
  std::vector<std::vector<Track>> result;
  for (std::size_t i = first; i < last; ++i) {
    auto image = frame(static_cast<std::int64_t>(i));
    image.size = {};  // unknown: no lane is outside
    result.push_back(tracker.update(scene.frames[i], image));
  }
  return result;
}

}  // namespace onepass::test
