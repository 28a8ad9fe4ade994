#include "sink/web/report/reports.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace onepass::sink {
namespace {

using nlohmann::json;

StreamReport stream_in(StreamState state, const std::string& reason = "") {
  StreamReport stream;
  stream.health.name = "street";
  stream.health.state = state;
  stream.health.reason = reason;
  return stream;
}

std::string status_of(std::vector<StreamReport> streams, bool connected = true) {
  Report report;
  report.streams = std::move(streams);
  report.deliveries.emplace_back().connected = connected;
  return json::parse(health_json(report))["status"];
}

TEST(Reports, StatusIsOkWhileStreamsDeliverOrHavePlayedToTheirEnd) {
  const auto streaming = stream_in(StreamState::streaming);
  EXPECT_EQ(status_of({}), "ok");
  EXPECT_EQ(status_of({streaming}), "ok");
  EXPECT_EQ(status_of({streaming, stream_in(StreamState::ended)}), "ok");
  EXPECT_EQ(status_of({streaming, stream_in(StreamState::ended, "given up")}), "degraded");
  EXPECT_EQ(status_of({streaming}, /*connected=*/false), "degraded");
  for (const auto state : {StreamState::connecting, StreamState::stalled, StreamState::reconnecting})
    EXPECT_EQ(status_of({streaming, stream_in(state)}), "degraded");
  EXPECT_EQ(status_of({stream_in(StreamState::ended), stream_in(StreamState::ended, "given up")}), "ended");
}

TEST(Reports, TheHealthHasTheFieldsThatItsDescriptionNames) {
  std::vector<std::string> names;
  const auto health = json::parse(health_json({}));
  for (const auto& [name, value] : health.items()) names.push_back(name);
  EXPECT_THAT(names, testing::UnorderedElementsAre("status", "version", "uptime_s", "history_s", "viewers", "readers",
                                                   "streams", "deliveries"));
}

TEST(Reports, IdentitiesAreEventsWithCameraColorAndShot) {
  const auto page = std::make_shared<CameraPage>(StreamInfo{}, ViewLimits{});
  IdentityEvent event;
  event.source = "street";
  event.id = 3;
  page->record(event);
  event.id = 4;
  event.best_shot = cv::Mat::zeros(4, 4, CV_8UC3);
  event.best_shot_number = 2;
  page->record(event);
  const auto current = json::parse(identities_json({page}))["current"];
  ASSERT_EQ(current.size(), 2U);
  EXPECT_FALSE(current[0].contains("shot"));
  EXPECT_FALSE(current[0].contains("event"));
  EXPECT_FALSE(current[1].contains("best_shot"));
  EXPECT_EQ(current[1]["source"], "street");
  EXPECT_EQ(current[1]["camera"], 0);
  EXPECT_EQ(current[1]["shot"], "shot.jpg?camera=0&id=4&shot=2");
  EXPECT_THAT(current[1]["color"].get<std::string>(), testing::MatchesRegex("#[0-9a-f]{6}"));
}

}  // namespace
}  // namespace onepass::sink
