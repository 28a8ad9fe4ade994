// Tests the parameters' descriptions at the limits that they state.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "onepass/tracker.hpp"
#include "support/scene.hpp"

namespace onepass::config {
namespace {

using test::detection;
using test::frame;
using test::ids_of;
using testing::ElementsAre;
using testing::IsEmpty;

using Detections = std::vector<Detection>;

/// Number of tracks that are output in each of the frames after a track of 20 detections is lost.
std::vector<std::size_t> coasting(const TrackerConfig& config, int frames) {
  Tracker tracker(config, 10);
  int index = 0;
  const auto next = [&] {
    auto result = frame(index);
    result.time = Timestamp(static_cast<double>(index++) / 10);
    return result;
  };
  for (int i = 0; i < 20; ++i) tracker.update(Detections{detection(500, 500)}, next());
  std::vector<std::size_t> output;
  for (int i = 0; i < frames; ++i) output.push_back(tracker.update({}, next()).size());
  return output;
}

TEST(Descriptions, CoastSOfZeroAloneDoesNotEndCoasting) {
  TrackerConfig config;
  config.coast_s = 0;
  EXPECT_THAT(coasting(config, 2), ElementsAre(1, 0)) << "coast_open_s is 0.1";
  config.coast_open_s = 0;
  EXPECT_THAT(coasting(config, 2), ElementsAre(0, 0));
}

TEST(Descriptions, ABoxOfExactlyMinAreaIsNotOutput) {
  TrackerConfig config;
  config.show_detected = true;
  config.min_area = 40 * 100;
  EXPECT_THAT(Tracker(config, 30).update(Detections{detection(100, 100, 40, 100)}, frame(0)), IsEmpty());
  EXPECT_THAT(ids_of(Tracker(config, 30).update(Detections{detection(100, 100, 41, 100)}, frame(0))), ElementsAre(1));
}

}  // namespace
}  // namespace onepass::config
