#include "onepass/zones.hpp"

#include <cmath>
#include <functional>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_of.hpp"

namespace onepass {
namespace {

using test::message_of;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr double rate = 10;  // frames per second
constexpr double end_after_s = 3;

Frame frame_at(int index) {
  Frame frame;
  frame.index = index;
  frame.time = Timestamp(index / rate);
  frame.size = {1000, 500};
  return frame;
}

/// A person of 100 pixels whose feet are at (x, y).
Track standing(std::int64_t id, double x, double y, int class_id = 0) {
  Track track;
  track.id = id;
  track.box = {static_cast<float>(x - 20), static_cast<float>(y - 100), 40, 100};
  track.class_id = class_id;
  track.score = 0.9F;
  return track;
}

Zone line(std::vector<cv::Point2d> points) {
  Zone zone;
  zone.name = "door";
  zone.points = std::move(points);
  zone.in_pixels = true;
  return zone;
}

/// A line across the picture at x = 500 from top to bottom: its right side is the left half of the picture.
Zone upright() { return line({{500, 0}, {500, 500}}); }

Zone polygon(std::vector<cv::Point2d> points, double alone_s = 0) {
  auto zone = line(std::move(points));
  zone.name = "room";
  zone.shape = ZoneShape::polygon;
  zone.alone_s = alone_s;
  return zone;
}

Zone room(double alone_s = 0) { return polygon({{200, 100}, {600, 100}, {600, 400}, {200, 400}}, alone_s); }

/// Position of the feet in a frame; nullopt: not seen.
using Walk = std::function<std::optional<cv::Point2d>(int frame)>;

/// Events of one walker with id 1, as "kind[ direction]@frame".
std::vector<std::string> told(ZoneCounter& counter, int frames, const Walk& walk) {
  std::vector<std::string> result;
  const auto tell = [&](const std::vector<ZoneEvent>& events, int frame) {
    for (const auto& event : events)
      result.push_back(std::string(to_string(event.kind)) + (event.direction.empty() ? "" : " " + event.direction) +
                       "@" + std::to_string(frame));
  };
  for (int i = 0; i < frames; ++i) {
    const auto feet = walk(i);
    std::vector<Track> tracks;
    if (feet) tracks.push_back(standing(1, feet->x, feet->y));
    tell(counter.update(frame_at(i), tracks), i);
  }
  tell(counter.finish(), frames);
  return result;
}

std::vector<std::string> told(const Zone& zone, int frames, const Walk& walk) {
  ZoneCounter counter({zone}, {"person", "car"}, end_after_s);
  return told(counter, frames, walk);
}

TEST(Line, IsCrossedOnceClearOfItsBand) {
  // 10 pixels per frame; the band is a tenth of 100 pixels: 490 is in it, 480 and 470 are not.
  EXPECT_THAT(told(upright(), 20, [](int i) { return cv::Point2d(600 - 10 * i, 300); }), ElementsAre("cross in@13"));
  EXPECT_THAT(told(upright(), 20, [](int i) { return cv::Point2d(400 + 10 * i, 300); }), ElementsAre("cross out@13"));
}

TEST(Line, IsNotCrossedPastItsEnds) {
  const auto walk = [](int i) { return cv::Point2d(600 - 10 * i, 300); };
  EXPECT_THAT(told(line({{500, 0}, {500, 280}}), 20, walk), ElementsAre());
  EXPECT_THAT(told(line({{500, 0}, {500, 320}}), 20, walk), ElementsAre("cross in@13"));
}

TEST(Line, JitterOnItDoesNotCount) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    std::mt19937 random(seed);
    std::normal_distribution<double> jitter(0, 3);
    // Walks to the line, stands on it for 200 frames, and leaves: to the other side, or back.
    const bool returns = seed % 2 == 0;
    const auto walk = [&](int i) {
      const double x = i < 10 ? 600 - 10 * i : i < 210 ? 500 : returns ? 500 + 10 * (i - 210) : 500 - 10 * (i - 210);
      return cv::Point2d(x + jitter(random), 300 + jitter(random));
    };
    EXPECT_EQ(told(upright(), 230, walk).size(), returns ? 0U : 1U) << seed;
  }
}

TEST(Line, CountsACrossingMadeWhileUnseen) {
  ZoneCounter counter({upright()}, {}, end_after_s);
  const auto walk = [](int i) -> std::optional<cv::Point2d> {
    if (i > 5 && i < 20) return std::nullopt;
    return cv::Point2d(600 - 10 * i, 300);
  };
  std::vector<ZoneEvent> events;
  for (int i = 0; i < 25; ++i) {
    std::vector<Track> tracks;
    if (const auto feet = walk(i)) tracks.push_back(standing(1, feet->x, feet->y));
    for (auto& event : counter.update(frame_at(i), tracks)) events.push_back(event);
  }
  ASSERT_EQ(events.size(), 1U);
  EXPECT_FALSE(events[0].seen);
  EXPECT_DOUBLE_EQ(events[0].time.count(), 2.0);
}

TEST(Line, APredictedBoxDoesNotCross) {
  ZoneCounter counter({upright()}, {}, end_after_s);
  for (int i = 0; i < 30; ++i) {
    auto track = standing(1, 600 - 10 * i, 300);
    if (i > 5) track.origin = BoxOrigin::predicted;
    EXPECT_TRUE(counter.update(frame_at(i), std::vector{track}).empty());
  }
  EXPECT_TRUE(counter.finish().empty());
}

TEST(Line, IsDecidedByTheLastPositionOfAnIdentityThatEndsInItsBand) {
  const auto vanishes_at = [](double x) {
    return [x](int i) -> std::optional<cv::Point2d> {
      if (603 - 10 * i < x) return std::nullopt;
      return cv::Point2d(603 - 10 * i, 300);
    };
  };
  EXPECT_THAT(told(upright(), 60, vanishes_at(500)), ElementsAre());
  // Last seen in frame 11; more than three seconds later it has ended.
  EXPECT_THAT(told(upright(), 60, vanishes_at(490)), ElementsAre("cross in@42"));
}

TEST(Line, CountsPassagesAndIdentitiesByDirection) {
  ZoneCounter counter({upright()}, {}, end_after_s);
  // Back and forth between 400 and 600: three times in, twice out.
  const auto walk = [](int i) { return cv::Point2d(500 + 100 * std::cos(i * M_PI / 20), 300); };
  EXPECT_EQ(told(counter, 100, walk).size(), 5U);
  const auto& counts = counter.counts().front();
  EXPECT_THAT(counts.passages, ElementsAre(3, 2));
  EXPECT_THAT(counts.identities, ElementsAre(1, 1));
}

TEST(Line, AnIdentityThatComesBackAfterItsEndBeginsAnewButCountsOnce) {
  ZoneCounter counter({upright()}, {}, end_after_s);
  const auto walk = [](int i) -> std::optional<cv::Point2d> {  // crosses in, is away for 5 s, crosses in again
    if (i >= 20 && i < 70) return std::nullopt;
    return cv::Point2d(600 - 10 * (i % 70), 300);
  };
  EXPECT_EQ(told(counter, 90, walk).size(), 2U);  // none on the way back, which nobody saw
  EXPECT_THAT(counter.counts().front().passages, ElementsAre(2, 0));
  EXPECT_THAT(counter.counts().front().identities, ElementsAre(1, 0));
}

TEST(Line, CountsItsClassesOnly) {
  auto zone = upright();
  zone.classes = {"car"};
  ZoneCounter counter({zone}, {"person", "car"}, end_after_s);
  for (int i = 0; i < 20; ++i)
    counter.update(frame_at(i), std::vector{standing(1, 600 - 10 * i, 300, 0), standing(2, 600 - 10 * i, 200, 1)});
  EXPECT_THAT(counter.counts().front().identities, ElementsAre(1, 0));
  zone.classes = {"carr"};
  zone.place = "zones.yaml:4";
  EXPECT_EQ(message_of([&] {
              ZoneCounter({zone}, {"person", "car"}, 1);
            }),
            "zones.yaml:4: zone 'door': unknown class 'carr' (did you mean 'car'?)");
  EXPECT_THAT(message_of([&] { ZoneCounter({zone}, {}, 1); }), HasSubstr("give the number of 'carr'"));
}

/// Crossings of a line through the whole picture, counted by the sides of the positions alone.
TEST(Line, ManyRandomWalkersAreCountedExactly) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> speed(4, 15);
  std::uniform_real_distribution<double> share(0, 1);
  std::normal_distribution<double> jitter(0, 1.5);
  ZoneCounter counter({upright()}, {}, end_after_s);
  struct Walker {
    double x, y, dx;
    int from, hidden_from, hidden_to;
  };
  std::vector<Walker> walkers;
  for (int i = 0; i < 2000; ++i) {
    const bool leftward = share(random) < 0.5;
    const double pace = speed(random);
    const int from = static_cast<int>(share(random) * 5000);
    const int hidden = from + static_cast<int>(share(random) * 960 / pace);
    walkers.push_back({leftward ? 980.0 : 20.0, 120 + 370 * share(random), leftward ? -pace : pace, from, hidden,
                       hidden + static_cast<int>(share(random) * 25)});
  }
  std::array<std::int64_t, 2> truth{};
  for (const auto& walker : walkers) ++truth[walker.dx < 0 ? 0 : 1];
  for (int i = 0; i < 5300; ++i) {
    std::vector<Track> tracks;
    for (std::size_t w = 0; w < walkers.size(); ++w) {
      const auto& walker = walkers[w];
      const double x = walker.x + walker.dx * (i - walker.from);
      if (i < walker.from || x < 20 || x > 980 || (i >= walker.hidden_from && i < walker.hidden_to)) continue;
      tracks.push_back(standing(static_cast<std::int64_t>(w) + 1, x + jitter(random), walker.y + jitter(random)));
    }
    counter.update(frame_at(i), tracks);
  }
  counter.finish();
  // A walker that is hidden until its end is missing from the truth of what can be seen: it left while hidden.
  const auto& counts = counter.counts().front();
  std::array<std::int64_t, 2> visible{};
  for (const auto& walker : walkers) {
    const int last = walker.from + static_cast<int>(960 / std::abs(walker.dx));
    const bool seen_after =
        walker.hidden_to <= last || std::abs(walker.dx) * (walker.hidden_from - 1 - walker.from) > 480;
    const bool seen_before =
        walker.hidden_from > walker.from || std::abs(walker.dx) * (walker.hidden_to - walker.from) < 480;
    if (seen_after && seen_before) ++visible[walker.dx < 0 ? 0 : 1];
  }
  EXPECT_EQ(counts.passages, visible);
  EXPECT_EQ(counts.identities, visible);
  EXPECT_GT(visible[0] + visible[1], 1900);
}

TEST(Polygon, CountsEntriesExitsAndTheTimeInside) {
  ZoneCounter counter({room()}, {"person"}, end_after_s);
  std::vector<ZoneEvent> events;
  for (int i = 0; i < 70; ++i) {  // inside from x = 210 in frame 11 to x = 600 in frame 50
    for (auto& event : counter.update(frame_at(i), std::vector{standing(1, 100 + 10 * i, 300)}))
      events.push_back(event);
    EXPECT_EQ(counter.counts().front().occupancy, i >= 13 && i < 53 ? 1 : 0) << i;
  }
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].kind, ZoneEventKind::entered);
  EXPECT_EQ(events[0].class_name, "person");
  EXPECT_TRUE(events[0].seen);
  EXPECT_EQ(events[1].kind, ZoneEventKind::left);
  EXPECT_NEAR(events[1].duration_s, 3.9, 0.11);  // 390 to 400 pixels at 100 per second
  EXPECT_TRUE(events[1].seen);
}

TEST(Polygon, AppearingAndVanishingInsideCountAndAreMarked) {
  ZoneCounter counter({room()}, {}, end_after_s);
  std::vector<ZoneEvent> events;
  for (int i = 0; i < 80; ++i) {
    std::vector<Track> tracks;
    if (i >= 5 && i <= 25) tracks.push_back(standing(1, 400, 300));
    for (auto& event : counter.update(frame_at(i), tracks)) events.push_back(event);
  }
  ASSERT_EQ(events.size(), 2U);
  EXPECT_FALSE(events[0].seen);
  EXPECT_DOUBLE_EQ(events[0].time.count(), 0.5);
  EXPECT_FALSE(events[1].seen);
  EXPECT_NEAR(events[1].time.count(), 5.6, 1e-9);  // more than three seconds after frame 25
  EXPECT_NEAR(events[1].duration_s, 2.0, 1e-9);    // until it was last seen
  EXPECT_EQ(counter.counts().front().exits, 1);
}

TEST(Polygon, AFlickeringIdentityIsOneVisit) {
  const auto walk = [](int i) -> std::optional<cv::Point2d> {
    if (i % 3 == 1) return std::nullopt;
    return cv::Point2d(400 + i % 2, 300);
  };
  EXPECT_THAT(told(room(), 100, walk), ElementsAre("enter@0", "leave@100"));
}

TEST(Polygon, JitterOnItsBorderIsOneVisitAtMost) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    std::mt19937 random(seed);
    std::normal_distribution<double> jitter(0, 3);
    const auto walk = [&](int i) {
      const double x = i < 10 ? 100 + 10 * i : i < 210 ? 200 : 200 - 10 * (i - 210);
      return cv::Point2d(x + jitter(random), 300 + jitter(random));
    };
    EXPECT_LE(told(room(), 230, walk).size(), 2U) << seed;
  }
}

TEST(Polygon, ANarrowOneCanBeEntered) {  // narrower than the bands of its borders
  const auto strip = polygon({{495, 0}, {507, 0}, {507, 500}, {495, 500}});
  EXPECT_THAT(told(strip, 200, [](int i) { return cv::Point2d(450 + 0.5 * i, 300); }),
              ElementsAre("enter@97", "leave@121"));
}

TEST(Polygon, ReportsOneThatIsAloneOnce) {
  ZoneCounter counter({room(2)}, {}, end_after_s);
  std::vector<ZoneEvent> events;
  for (int i = 0; i < 100; ++i) {
    std::vector<Track> tracks = {standing(1, 400, 300)};
    if (i >= 10 && i < 30) tracks.push_back(standing(2, 300, 300));
    if (i >= 30 && i < 35) tracks.push_back(standing(2, 900, 300));
    for (auto& event : counter.update(frame_at(i), tracks)) {
      if (event.kind == ZoneEventKind::alone) events.push_back(event);
    }
    EXPECT_EQ(counter.counts().front().alone, i >= 50) << i;
  }
  ASSERT_EQ(events.size(), 1U);  // alone for 1 s at first, then from frame 30 on
  EXPECT_DOUBLE_EQ(events[0].time.count(), 5.0);
  EXPECT_EQ(events[0].id, 1);
  EXPECT_DOUBLE_EQ(events[0].duration_s, 2.0);
}

TEST(Polygon, AloneGoesOnUnderAnotherId) {
  ZoneCounter counter({room(3)}, {}, end_after_s);
  std::vector<ZoneEvent> events;
  for (int i = 0; i < 50; ++i) {  // the tracker changes the id after 2 s
    for (auto& event : counter.update(frame_at(i), std::vector{standing(i < 20 ? 1 : 2, 400, 300)})) {
      if (event.kind == ZoneEventKind::alone) events.push_back(event);
    }
  }
  ASSERT_EQ(events.size(), 1U);
  EXPECT_DOUBLE_EQ(events[0].time.count(), 3.0);
  EXPECT_EQ(events[0].id, 2);
}

TEST(Polygon, NobodyIsAloneAfterTheEnd) {
  ZoneCounter counter({room(1)}, {}, end_after_s);
  for (int i = 0; i < 20; ++i) counter.update(frame_at(i), std::vector{standing(1, 400, 300)});
  EXPECT_TRUE(counter.counts().front().alone);
  counter.finish();
  EXPECT_FALSE(counter.counts().front().alone);
  EXPECT_EQ(counter.counts().front().occupancy, 0);
}

TEST(Polygon, AnEntryMadeWhileUnseenIsMarkedWhenItIsDecidedLater) {
  const auto entered = [](int hidden_from, int hidden_to) {
    ZoneCounter counter({room()}, {}, end_after_s);
    std::vector<ZoneEvent> events;
    for (int i = 0; i < 20; ++i) {  // 10 pixels per frame; the border is passed in frame 6 and clear in frame 8
      std::vector<Track> tracks;
      if (i < hidden_from || i >= hidden_to) tracks.push_back(standing(1, 145 + 10 * i, 300));
      for (auto& event : counter.update(frame_at(i), tracks)) events.push_back(event);
    }
    return events;
  };
  const auto hidden = entered(3, 6);
  ASSERT_EQ(hidden.size(), 1U);
  EXPECT_DOUBLE_EQ(hidden[0].time.count(), 0.8);  // two frames after its return within the band
  EXPECT_FALSE(hidden[0].seen);
  const auto visible = entered(0, 0);
  ASSERT_EQ(visible.size(), 1U);
  EXPECT_DOUBLE_EQ(visible[0].time.count(), 0.8);
  EXPECT_TRUE(visible[0].seen);
}

TEST(Zones, ClassNumbersAreChecked) {
  auto zone = upright();
  const auto refused = [&](const std::string& name, const std::vector<std::string>& names) {
    zone.classes = {name};
    return message_of([&] { ZoneCounter({zone}, names, 1); });
  };
  EXPECT_EQ(refused("2", {"person", "car"}), "zone 'door': unknown class '2'");
  EXPECT_EQ(refused("1", {"person", "car"}), "");
  EXPECT_EQ(refused("800", {}), "");
  EXPECT_THAT(refused("1234567890", {}), HasSubstr("'1234567890'"));
}

/// A camera must not end the others, whatever picture it sends.
TEST(Zones, OfALiveStreamCountNothingWhileTheyLieOutside) {
  auto share = line({{0.5, 0}, {0.5, 1}});
  share.name = "share";
  share.in_pixels = false;
  ZoneCounter counter({upright(), share}, {}, end_after_s);
  const auto live = [](int i, cv::Size size) {
    auto frame = frame_at(i);
    frame.size = size;
    frame.captured += std::chrono::hours(1);
    return frame;
  };
  for (int i = 0; i < 20; ++i) counter.update(live(i, {500, 250}), std::vector{standing(1, 400 - 20 * i, 200)});
  EXPECT_THAT(counter.counts()[0].passages, ElementsAre(0, 0));
  EXPECT_THAT(counter.counts()[1].passages, ElementsAre(1, 0));
  for (int i = 100; i < 120; ++i)
    counter.update(live(i, {1000, 500}), std::vector{standing(2, 600 - 10 * (i - 100), 300)});
  EXPECT_THAT(counter.counts()[0].passages, ElementsAre(1, 0));
  EXPECT_THAT(counter.counts()[1].passages, ElementsAre(2, 0));
}

TEST(Zones, ScaleWithThePicture) {
  auto zone = upright();
  ZoneCounter counter({zone}, {}, end_after_s);
  const auto small = [](int i) {
    auto frame = frame_at(i);
    frame.size = {500, 250};
    return frame;
  };
  counter.update(frame_at(0), {});
  for (int i = 1; i < 30; ++i) counter.update(small(i), std::vector{standing(1, 400 - 10 * i, 200)});
  EXPECT_THAT(counter.counts().front().passages, ElementsAre(1, 0));
  ZoneCounter refuses({zone}, {}, end_after_s);
  EXPECT_EQ(message_of([&] { refuses.update(small(0), {}); }),
            "zone 'door': lies outside the picture: 500, 500 in 500x250");
}

TEST(Zones, ACopyCountsOnItsOwn) {
  ZoneCounter counter({upright()}, {}, end_after_s);
  for (int i = 0; i < 10; ++i) counter.update(frame_at(i), std::vector{standing(1, 600 - 10 * i, 300)});
  auto copy = counter;
  for (int i = 10; i < 20; ++i) counter.update(frame_at(i), std::vector{standing(1, 600 - 10 * i, 300)});
  EXPECT_EQ(counter.counts().front().passages[0], 1);
  EXPECT_EQ(copy.counts().front().passages[0], 0);
}

TEST(ChangedZones, GoOnCountingUnderTheirNameOrAtTheirPlace) {
  ZoneCounter counter({upright(), room()}, {}, end_after_s);
  const auto walk = [](int i) { return std::vector{standing(1, 700 - 10 * i, 300)}; };
  for (int i = 0; i < 30; ++i) counter.update(frame_at(i), walk(i));
  EXPECT_THAT(counter.counts()[0].passages, ElementsAre(1, 0));
  EXPECT_EQ(counter.counts()[1].occupancy, 1);
  auto gate = upright();
  gate.name = "gate";  // the former "door"
  auto other = line({{300, 0}, {300, 500}});
  other.name = "new";
  counter.change_zones({other, room(), gate});
  EXPECT_THAT(counter.counts()[0].passages, ElementsAre(0, 0));
  EXPECT_EQ(counter.counts()[1].occupancy, 1);
  EXPECT_THAT(counter.counts()[2].passages, ElementsAre(1, 0));
  for (int i = 30; i < 60; ++i) counter.update(frame_at(i), walk(i));  // on to 110, out of the room at 200
  EXPECT_THAT(counter.counts()[0].passages, ElementsAre(1, 0));
  EXPECT_EQ(counter.counts()[1].entries, 1);
  EXPECT_EQ(counter.counts()[1].exits, 1);
  EXPECT_EQ(counter.counts()[1].occupancy, 0);
  EXPECT_THAT(counter.counts()[2].passages, ElementsAre(1, 0));
}

TEST(ChangedZones, ALineThatIsMovedCrossesNobody) {
  ZoneCounter counter({upright()}, {}, end_after_s);
  const std::vector standing_still = {standing(1, 400, 300)};
  int frame = 0;
  for (; frame < 5; ++frame) counter.update(frame_at(frame), standing_still);
  counter.change_zones({line({{300, 0}, {300, 500}})});  // now its person is on the other side
  for (; frame < 10; ++frame) EXPECT_TRUE(counter.update(frame_at(frame), standing_still).empty());
  EXPECT_THAT(counter.counts().front().passages, ElementsAre(0, 0));
}

TEST(ChangedZones, APolygonThatIsMovedLeavesWhoStoodInIt) {
  ZoneCounter counter({room()}, {}, end_after_s);
  const std::vector standing_still = {standing(1, 400, 300)};
  int frame = 0;
  for (; frame < 5; ++frame) counter.update(frame_at(frame), standing_still);
  EXPECT_EQ(counter.counts().front().occupancy, 1);
  counter.change_zones({polygon({{700, 100}, {900, 100}, {900, 400}, {700, 400}})});
  for (; frame < 10; ++frame) counter.update(frame_at(frame), standing_still);
  EXPECT_EQ(counter.counts().front().occupancy, 0);
  EXPECT_EQ(counter.counts().front().exits, 1);
}

TEST(ChangedZones, WithUnknownClassesAreRefused) {
  ZoneCounter counter({upright()}, {"person"}, end_after_s);
  auto zone = upright();
  zone.classes = {"persn"};
  EXPECT_EQ(message_of([&] { counter.change_zones({zone}); }),
            "zone 'door': unknown class 'persn' (did you mean 'person'?)");
  EXPECT_TRUE(counter.zones().front().classes.empty());
}

}  // namespace
}  // namespace onepass
