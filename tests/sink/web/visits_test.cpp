#include "sink/web/visits.hpp"

#include <gtest/gtest.h>
#include <opencv2/core.hpp>

namespace onepass::sink {
namespace {

const cv::Size picture(200, 100);

IdentityEvent event_of(std::int64_t id, IdentityEventKind kind, double time_s, float left = 90) {
  IdentityEvent event;
  event.kind = kind;
  event.id = id;
  event.time = event.last_time = Timestamp(time_s);
  event.box = {left, 20, 20, 60};
  event.best_shot = cv::Mat(60, 20, CV_8UC3, cv::Scalar::all(time_s));
  event.best_shot_is_new = true;
  return event;
}

TEST(VisitLog, AVisitLastsFromTheStartToTheEnd) {
  VisitLog log;
  log.add(event_of(1, IdentityEventKind::started, 0), picture);
  log.add(event_of(2, IdentityEventKind::started, 1), picture);
  log.add(event_of(1, IdentityEventKind::ended, 2), picture);
  log.add(event_of(1, IdentityEventKind::started, 50), picture);
  const auto visits = log.visits_of(1);
  ASSERT_EQ(visits.size(), 2U);
  EXPECT_EQ(visits[0].number, 3);
  EXPECT_FALSE(visits[0].ended);
  EXPECT_EQ(visits[1].number, 1);
  EXPECT_TRUE(visits[1].ended);
  EXPECT_TRUE(visits[1].last.best_shot.empty());
  EXPECT_TRUE(log.visits_of(3).empty());
}

TEST(VisitLog, KeepsViewsOfDifferentMoments) {
  VisitLog log;
  log.add(event_of(1, IdentityEventKind::started, 0), picture);
  log.add(event_of(1, IdentityEventKind::updated, 1), picture);  // a better picture of the same moment
  for (int i = 1; i < 20; ++i) log.add(event_of(1, IdentityEventKind::updated, 5 * i), picture);
  const auto views = log.visits_of(1).front().views;
  ASSERT_EQ(views.size(), VisitLog::most_views);
  EXPECT_EQ(views.front().time.count(), 0);  // the first one stays, then the latest
  EXPECT_EQ(views[1].time.count(), 75);
  EXPECT_EQ(views.back().time.count(), 95);
  EXPECT_EQ(log.view(1, 5), views[5].jpeg);
  EXPECT_EQ(log.view(1, 6), nullptr);
  EXPECT_EQ(log.view(2, 0), nullptr);
}

TEST(VisitLog, ThePathIsBoundedAndKeepsItsEnds) {
  VisitLog log;
  constexpr int places = 500;
  for (int i = 0; i < places; ++i) {
    const auto kind = i == 0 ? IdentityEventKind::started : IdentityEventKind::updated;
    log.add(event_of(1, kind, i, static_cast<float>(i) * 180 / places), picture);
  }
  const auto path = log.visits_of(1).front().path;
  EXPECT_LE(path.size(), VisitLog::most_places);
  EXPECT_GT(path.size(), VisitLog::most_places / 2);
  EXPECT_FLOAT_EQ(path.front().x, 0.05F);
  EXPECT_FLOAT_EQ(path.front().y, 0.8F);
  EXPECT_NEAR(path.back().x, 0.95, 0.01);
}

TEST(VisitLog, TheOldestVisitsLoseTheirPicturesFirst) {
  VisitLog log;
  cv::Mat noise(192, 192, CV_8UC3);
  cv::randu(noise, 0, 255);
  std::size_t bytes = 0;
  std::int64_t id = 0;
  while (bytes < 2 * VisitLog::most_picture_bytes) {
    auto event = event_of(++id, IdentityEventKind::started, 0);
    event.best_shot = noise;
    log.add(event, picture);
    bytes += log.view(id, 0)->size();
  }
  std::size_t kept = 0;
  for (std::int64_t visit = 1; visit <= id; ++visit) {
    const auto view = log.view(visit, 0);
    EXPECT_TRUE(view || kept == 0) << "a newer one was lost";
    kept += view ? view->size() : 0;
  }
  EXPECT_LE(kept, VisitLog::most_picture_bytes);
  EXPECT_GT(kept, VisitLog::most_picture_bytes * 9 / 10);
  EXPECT_EQ(log.view(1, 0), nullptr);
  EXPECT_EQ(log.visits_of(1).size(), 1U) << "the visit itself stays";
}

TEST(VisitLog, ForgetsTheOldestVisits) {
  VisitLog log;
  for (std::size_t id = 1; id <= VisitLog::most_visits + 10; ++id) {
    log.add(event_of(static_cast<std::int64_t>(id), IdentityEventKind::started, 0), picture);
    if (id > 1) log.add(event_of(static_cast<std::int64_t>(id), IdentityEventKind::ended, 1), picture);
  }
  EXPECT_TRUE(log.visits_of(10).empty());
  EXPECT_EQ(log.visits_of(11).size(), 1U);
  log.add(event_of(1, IdentityEventKind::updated, 99), picture);  // lasts longer than the log remembers
  EXPECT_EQ(log.visits_of(1).size(), 1U);
}

}  // namespace
}  // namespace onepass::sink
