#include "track/record/detection_index.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace onepass::track {
namespace {

TEST(DetectionIndex, ObservationsAreTheUsableDetections) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<Detection> detections = {{{1, 2, 3, 4}, 1.5F, 7, {}},
                                             {{1, 2, 0, 4}, 0.9F, 0, {}},
                                             {{nan, 2, 3, 4}, 0.9F, 0, {}},
                                             {{2e7F, 2, 3, 4}, 0.9F, 0, {}},
                                             {{-5, -6, 3, 4}, -0.5F, 1, {}}};
  std::vector<Observation> observations(3);
  observe(detections, observations);
  ASSERT_EQ(observations.size(), 2U);
  EXPECT_EQ(observations[0].source, 0);
  EXPECT_EQ(observations[0].box.right, 4);
  EXPECT_EQ(observations[0].box.bottom, 6);
  EXPECT_EQ(observations[0].score, 1);
  EXPECT_EQ(observations[0].class_id, 7);
  EXPECT_EQ(observations[1].source, 4);
  EXPECT_EQ(observations[1].score, 0);
}

/// The overlapping observations from left to right, by comparison with each.
std::vector<int> overlapping(const std::vector<Observation>& observations, const Rectangle& box) {
  std::vector<int> numbers;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    if (intersection_area(observations[i].box, box) > 0) numbers.push_back(static_cast<int>(i));
  }
  std::ranges::stable_sort(numbers, {}, [&](int number) { return observations[number].box.left; });
  return numbers;
}

TEST(DetectionIndex, FindsWhatOverlapsFromLeftToRight) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> side(1, 60);
  const auto any_box = [&](double width, double height, double growth) {
    std::uniform_real_distribution<double> right(-100, width), down(-100, height);
    const double left = std::round(right(random)), top = down(random);  // many have equal left edges
    return Rectangle{left, top, left + growth * side(random), top + growth * side(random)};
  };
  const std::pair<double, double> fields[] = {{300, 300}, {300, 5000}, {5000, 1}, {40, 2e6}};
  for (const auto& [width, height] : fields) {
    std::vector<Observation> observations(200);
    for (auto& observation : observations) observation.box = any_box(width, height, 1);
    DetectionIndex index;
    index.build(observations);
    int hits = 0;
    for (int round = 0; round < 200; ++round) {
      const auto box = any_box(width, height, round % 4 == 0 ? 40 : 1);
      std::vector<int> found;
      index.for_each_overlapping(box, [&](int number) { found.push_back(number); });
      EXPECT_EQ(found, overlapping(observations, box)) << round << " of " << height;
      hits += static_cast<int>(found.size());
    }
    EXPECT_GT(hits, 0);
  }
}

TEST(DetectionIndex, WithoutObservationsOrWithAnImpossibleBoxFindsNothing) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  DetectionIndex index;
  const auto count = [&](const Rectangle& box) {
    int found = 0;
    index.for_each_overlapping(box, [&](int) { ++found; });
    return found;
  };
  EXPECT_EQ(count({0, 0, 10, 10}), 0) << "never built";
  index.build({});
  EXPECT_EQ(count({0, 0, 10, 10}), 0);
  index.build(std::vector<Observation>{{{0, 0, 9, 9}}, {{5, 80, 9, 99}}});
  EXPECT_EQ(count({0, 0, 10, 1e300}), 2);
  EXPECT_EQ(count({nan, nan, nan, nan}), 0);
  EXPECT_EQ(count({0, 90, 10, nan}), 0);
}

}  // namespace
}  // namespace onepass::track
