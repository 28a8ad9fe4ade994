#include "sink/web/history.hpp"

#include <gtest/gtest.h>

namespace onepass::sink {
namespace {

TEST(History, KeepsTheLastTenMinutesOfEachStream) {
  History history;
  StreamHealth street;
  street.name = "street";
  street.latency = {80, 120, 400};
  street.frames_dropped = 3;
  StreamHealth door;
  door.name = "door";
  for (int second = 0; second < 700; ++second) history.add(street, second % 5, 1000 * second);
  history.add(door, 1, 5);
  const auto samples = history.samples();
  ASSERT_EQ(samples.size(), 2U);
  const auto& kept = samples.at("street");
  ASSERT_EQ(kept.size(), 600U);
  EXPECT_EQ(kept.front().time_ms, 100'000);
  EXPECT_EQ(kept.back().time_ms, 699'000);
  EXPECT_EQ(kept.back().objects, 4);
  EXPECT_EQ(kept.back().median_ms, 80);
  EXPECT_EQ(kept.back().p95_ms, 120);
  EXPECT_EQ(kept.back().dropped, 3);
  EXPECT_EQ(samples.at("door").size(), 1U);
}

TEST(History, KeepsTheOccupancyOfZonesThatExist) {
  History history;
  StreamHealth street;
  street.name = "street";
  for (int second = 0; second < 700; ++second) history.add(street, 1, 1000 * second, {{"queue", second}, {"hall", 2}});
  const auto zones = history.occupancy().at("street");
  ASSERT_EQ(zones.size(), 2U);
  ASSERT_EQ(zones.at("queue").size(), 600U);
  EXPECT_EQ(zones.at("queue").front().objects, 100);
  EXPECT_EQ(zones.at("queue").back().objects, 699);
  EXPECT_EQ(zones.at("queue").back().time_ms, 699'000);
  history.add(street, 1, 700'000, {{"hall", 3}});
  EXPECT_FALSE(history.occupancy().at("street").contains("queue"));
  history.add(street, 1, 701'000);
  EXPECT_TRUE(history.occupancy().empty());
}

}  // namespace
}  // namespace onepass::sink
