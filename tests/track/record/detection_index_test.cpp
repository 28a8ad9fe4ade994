#include "track/record/detection_index.hpp"

#include <gtest/gtest.h>

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

TEST(DetectionIndex, FindsWhatOverlaps) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> place(0, 300), side(1, 60);
  const auto any_box = [&] {
    const double left = place(random), top = place(random);
    return Rectangle{left, top, left + side(random), top + side(random)};
  };
  std::vector<Observation> observations(100);
  for (auto& observation : observations) observation.box = any_box();
  DetectionIndex index;
  index.build(observations);
  for (int round = 0; round < 50; ++round) {
    const auto box = any_box();
    std::vector<int> found, expected;
    index.for_each_overlapping(box, [&](int number) { found.push_back(number); });
    for (int i = 0; i < 100; ++i) {
      if (intersection_area(observations[static_cast<std::size_t>(i)].box, box) > 0) expected.push_back(i);
    }
    std::ranges::sort(found);
    EXPECT_EQ(found, expected) << round;
  }
}

}  // namespace
}  // namespace onepass::track
