#include "sink/events/event_json.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "support/message_of.hpp"

namespace onepass::sink {
namespace {

using test::message_of;

TEST(EventJson, HasANullForAClassWithoutName) {
  IdentityEvent event;
  event.kind = IdentityEventKind::updated;
  event.id = 3;
  event.box = {1.005F, 2, 3, 4};
  event.score = 0.87654F;
  event.time = Timestamp(1.5);
  event.last_time = Timestamp(1.25);
  EXPECT_EQ(to_json(event),
            R"({"event":"update","source":"","id":3,"class":0,"class_name":null,"box":[1.0,2.0,3.0,4.0],)"
            R"("score":0.8765,"time":1.5,"first_time":0.0,"last_time":1.25,"duration":1.25})");
}

TEST(EventJson, HasTheBestShotOnlyWhenItIsNewOrTheIdentityEnds) {
  IdentityEvent event;
  event.kind = IdentityEventKind::updated;
  event.best_shot = cv::Mat::zeros(8, 8, CV_8UC3);
  EXPECT_FALSE(Json::parse(to_json(event)).contains("best_shot"));
  event.best_shot_is_new = true;
  EXPECT_TRUE(Json::parse(to_json(event)).contains("best_shot"));
  event.best_shot_is_new = false;
  event.kind = IdentityEventKind::ended;
  EXPECT_TRUE(Json::parse(to_json(event)).contains("best_shot"));
  EXPECT_FALSE(describe(event).contains("best_shot"));
}

TEST(EventJson, RefuseNumbersThatJsonCannotHold) {
  IdentityEvent event;
  event.source = "street";
  event.id = 3;
  event.score = std::nanf("");
  EXPECT_EQ(message_of([&] { to_json(event); }), "street: identity 3 has a value that is not finite");
}

}  // namespace
}  // namespace onepass::sink
