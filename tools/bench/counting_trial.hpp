// Counts people in generated scenes whose truth is known, through a simulated detector and the tracker.
//
// Nothing of the scenes is rendered, so thousands of crossings take seconds.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "bench/simulated_people.hpp"
#include "onepass/tracker.hpp"
#include "onepass/zones.hpp"
#include "scene/scene.hpp"

namespace onepass::bench {

/// given: the true identities, missing where they are hidden. boxes, embeddings, memory: the tracker's.
enum class Identities { given, boxes, embeddings, memory };

/// Crossings of the middle of the picture: to the left (direction 0) and to the right (1).
struct Crossings {
  std::array<std::int64_t, 2> passages{};
  std::array<std::int64_t, 2> identities{};

  void operator+=(const Crossings& other) {
    for (std::size_t i = 0; i < 2; ++i) {
      passages[i] += other.passages[i];
      identities[i] += other.identities[i];
    }
  }
};

/// Counts them by the places on the ground in meters: from one side, at least a small step away, to the other.
class TrueCrossings {
 public:
  /// @param longest_gap frames; a person that is missing for longer begins anew
  explicit TrueCrossings(int longest_gap) : longest_gap_(longest_gap) {}

  void add(std::span<const SeenPerson> people, int frame) {
    constexpr float step_m = 0.17F;  // a tenth of a height, as the counter's band
    for (const auto& person : people) {
      auto& place = places_[person.identity];
      auto& [last_frame, side, right_m] = place;
      if (frame - last_frame > longest_gap_) end(person.identity, place);
      last_frame = frame;
      right_m = person.right_m;
      if (std::abs(person.right_m) < step_m) continue;
      const int now = person.right_m < 0 ? -1 : 1;
      if (side == -now) note(person.identity, now < 0 ? 0 : 1);
      side = now;
    }
  }

  /// The result at the end of the scene.
  const Crossings& finish() {
    for (auto& [identity, place] : places_) end(identity, place);
    return result_;
  }

 private:
  struct Place {
    int last_frame = 0;
    int side = 0;  ///< -1: left, 1: right, 0: not known
    float right_m = 0;
  };

  void note(int identity, std::size_t direction) {
    ++result_.passages[direction];
    if (crossed_[direction].insert(identity).second) ++result_.identities[direction];
  }

  /// Somebody who vanishes on the line stays on the side of the last place.
  void end(int identity, Place& place) {
    if (place.side != 0 && (place.right_m > 0) != (place.side > 0)) note(identity, place.right_m < 0 ? 0 : 1);
    place.side = 0;
  }

  int longest_gap_;
  std::map<int, Place> places_;
  std::array<std::set<int>, 2> crossed_;
  Crossings result_;
};

inline scene::SceneSettings busy_square(std::uint64_t seed) {
  scene::SceneSettings settings;
  settings.seed = seed;
  settings.size = {1280, 720};
  settings.frames = 1500;
  settings.objects = 30;
  settings.vehicle_share = 0;
  settings.returning_share = 0.4;
  settings.absence_s = 4;
  settings.resident_share = 0.4;
  settings.clutter = 0;
  return settings;
}

struct TrialResult {
  Crossings all;    ///< also of people who are hidden by others all the way
  Crossings truth;  ///< people detected on both sides, with no more than three seconds between
  Crossings counted;
  std::int64_t hidden_passages = 0;  ///< counted passages that were made while unseen
};

/// Counts one scene.
inline TrialResult count_scene(std::uint64_t seed, Identities identities) {
  const auto scene = scene::make_scene(busy_square(seed));
  const auto& settings = scene.settings;
  Zone line;
  line.name = "middle";
  line.points = {{0.5, 0}, {0.5, 1}};
  ZoneCounter counter({line}, {}, 3);
  TrackerConfig config;
  config.memory.enabled = identities == Identities::memory;
  Tracker tracker(config, settings.frame_rate);
  SimulatedDetector detector(seed);
  constexpr double end_after_s = 3;
  TrueCrossings all(1);
  TrueCrossings truth(static_cast<int>(end_after_s * settings.frame_rate));
  TrialResult result;
  const auto note = [&](const std::vector<ZoneEvent>& events) {
    for (const auto& event : events) result.hidden_passages += event.seen ? 0 : 1;
  };
  for (int i = 0; i < settings.frames; ++i) {
    const auto people = people_at(scene, i);
    all.add(people, i);
    Frame frame;
    frame.index = i;
    frame.time = Timestamp(scene.time_of(i));
    frame.size = settings.size;
    std::vector<int> owners;
    auto detections = detector.detect(people, &owners);
    auto detected = people;
    std::erase_if(detected, [&](const auto& person) { return std::ranges::count(owners, person.identity) == 0; });
    truth.add(detected, i);
    std::vector<Track> tracks;
    if (identities == Identities::given) {
      for (std::size_t d = 0; d < detections.size(); ++d) {
        Track track;
        track.id = owners[d];
        track.box = detections[d].box;
        tracks.push_back(track);
      }
      std::ranges::sort(tracks, {}, &Track::id);
    } else {
      if (identities == Identities::boxes) {
        for (auto& detection : detections) detection.embedding = {};
      }
      tracks = tracker.update(detections, frame);
    }
    note(counter.update(frame, tracks));
  }
  note(counter.finish());
  result.all = all.finish();
  result.truth = truth.finish();
  result.counted = {counter.counts().front().passages, counter.counts().front().identities};
  return result;
}

}  // namespace onepass::bench
