// People in generated scenes, seen by geometry alone, and a simulated detector of them.
//
// A person is a box from the projection of its feet to that of its head. Nothing is rendered.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <numbers>
#include <span>
#include <utility>
#include <vector>

#include "onepass/types.hpp"
#include "scene/random.hpp"
#include "scene/scene.hpp"

namespace onepass::bench {

struct SeenPerson {
  int identity = 0;
  cv::Point2f feet;  ///< true place, also if hidden
  Box box;
  float depth = 0;
  float right_m = 0;      ///< of the middle of the picture, on the ground
  double visibility = 1;  ///< share of the box that nobody nearer covers
};

/// Width and height of a person as the camera sees it, in meters: raised arms reach out and up, bent knees lower the
/// head, and a bicycle is as wide as it is seen from the side.
inline cv::Size2f silhouette(const scene::Actor& actor, const scene::Pose& pose) {
  const float height = actor.walker.height_m;
  const float size = height / 1.75F;  // lengths of limbs are those of tools/scene/walker.cpp
  const float angle = 0.85F * std::numbers::pi_v<float> * pose.arms;
  const float lowered = 0.87F * size * (1 - std::cos(1.1F * pose.crouch));
  const float hands = (1.41F - 0.56F * std::cos(angle)) * size;
  const float side = actor.kind == scene::ActorKind::cyclist ? 1.7F * std::abs(std::cos(pose.heading)) : 0;
  const float arms = pose.arms > 0 ? 2 * (0.19F + 0.56F * std::sin(angle)) * size : 0;
  return {std::max({0.4F * height, arms, side}), std::max(height, hands) - lowered};
}

/// The people whose feet are in the picture, nearest first.
inline std::vector<SeenPerson> people_at(const scene::Scene& scene, int frame) {
  const auto camera = scene::camera_at(scene, scene.time_of(frame));
  std::vector<SeenPerson> people;
  for (const auto& actor : scene.actors) {
    const auto pose = actor.pose_at(scene.time_of(frame));
    if (!pose.present) continue;
    const scene::Point3 ground(pose.position.x, pose.position.y, 0);
    if (camera.depth_of(ground) < 1) continue;
    const auto feet = camera.project(ground);
    const auto seen = silhouette(actor, pose);
    const auto head = camera.project(ground + scene::Point3(0, 0, seen.height));
    const float height = feet.y - head.y;
    const float width = height * seen.width / seen.height;
    const auto& size = scene.settings.size;
    if (feet.x < 0 || feet.y < 0 || feet.x > static_cast<float>(size.width) || feet.y > static_cast<float>(size.height))
      continue;
    people.push_back({actor.identity,
                      feet,
                      {feet.x - width / 2, head.y, width, height},
                      camera.depth_of(ground),
                      pose.position.x,
                      1});
  }
  std::ranges::sort(people, {}, &SeenPerson::depth);
  for (std::size_t i = 0; i < people.size(); ++i) {
    constexpr int columns = 6;
    constexpr int rows = 12;
    int covered = 0;
    for (int cell = 0; cell < columns * rows; ++cell) {
      const auto& box = people[i].box;
      const float x = box.left + box.width * (static_cast<float>(cell % columns) + 0.5F) / columns;
      const float y = box.top + box.height * (static_cast<float>(cell / columns) + 0.5F) / rows;
      covered += std::any_of(people.begin(), people.begin() + static_cast<std::ptrdiff_t>(i), [&](const auto& other) {
        return x > other.box.left && x < other.box.right() && y > other.box.top && y < other.box.bottom();
      });
    }
    people[i].visibility = 1 - covered / static_cast<double>(columns * rows);
  }
  return people;
}

/// A detector that misses the hidden (and some others), jitters, and sometimes cuts the legs off the half hidden.
class SimulatedDetector {
 public:
  explicit SimulatedDetector(std::uint64_t seed) : random_(seed, 99), looks_(seed, 98) {}

  std::vector<Detection> detect(std::span<const SeenPerson> people, std::vector<int>* identities) {
    std::vector<Detection> detections;
    for (const auto& person : people) {
      const double luck = random_.uniform();
      const double cut = random_.uniform();
      Detection detection;
      detection.box = jittered(person.box);
      if (person.visibility < 0.7 && cut < 0.1) detection.box.height *= 0.75F;
      detection.score = static_cast<float>(0.35 + 0.6 * person.visibility);
      detection.embedding = look_of(person.identity, person.visibility);
      if (person.visibility < 0.5 || luck < 0.03) continue;
      detections.push_back(std::move(detection));
      identities->push_back(person.identity);
    }
    return detections;
  }

 private:
  Box jittered(const Box& box) {
    const auto jitter = [&](float size) { return static_cast<float>(0.015 * random_.normal()) * size; };
    return {box.left + jitter(box.width), box.top + jitter(box.height), box.width * (1 + jitter(1)),
            box.height * (1 + jitter(1))};
  }

  /// A noisy view of a random direction per identity: two views of one person differ by about .2, of two by 1.
  Embedding look_of(int identity, double visibility) {
    constexpr int length = 32;
    const auto any = [&](scene::Random& random, double spread) {
      Embedding vector(length);
      for (auto& value : vector) value = static_cast<float>(spread * random.normal());
      return vector;
    };
    auto [entry, is_new] = bases_.try_emplace(identity);
    if (is_new) entry->second = any(looks_, 1);
    return (entry->second + any(random_, 0.4 + 0.6 * (1 - visibility))).normalized();
  }

  scene::Random random_;
  scene::Random looks_;
  std::map<int, Embedding> bases_;
};

}  // namespace onepass::bench
