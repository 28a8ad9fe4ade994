#include "sink/outbox.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onepass::sink {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class OutboxTest : public testing::Test {
 protected:
  std::vector<std::string> warnings_;
  Outbox outbox_{"broker", MessageQueue(3, 1000), [this](const std::string& line) { warnings_.push_back(line); }};
};

TEST_F(OutboxTest, CountsWhatBecomesOfMessages) {
  for (const char* text : {"1", "2", "3", "4"}) outbox_.push({"topic", text});
  EXPECT_EQ(outbox_.health().lost, 1) << "the oldest";
  EXPECT_EQ(outbox_.take()->payload, "2");
  EXPECT_EQ(outbox_.take()->payload, "3");
  EXPECT_EQ(outbox_.health().waiting, 3) << "two are under way";
  outbox_.count_delivered(1);
  outbox_.count_refused(1, "too large");
  const auto health = outbox_.health();
  EXPECT_EQ(std::tie(health.delivered, health.waiting, health.lost), std::tuple(1, 1, 2));
  EXPECT_FALSE(outbox_.is_empty());
  EXPECT_EQ(outbox_.take()->payload, "4");
  EXPECT_FALSE(outbox_.take());
  EXPECT_FALSE(outbox_.is_empty());
  outbox_.count_refused(1, "too large");
  EXPECT_TRUE(outbox_.is_empty());
  EXPECT_THAT(warnings_, ElementsAre("broker: too large; this message is lost, and the others go on"));
}

TEST_F(OutboxTest, TellsEveryReasonOnceUntilTheNextConnection) {
  EXPECT_EQ(outbox_.health().reason, "not connected yet");
  outbox_.set_connected();
  EXPECT_THAT(warnings_, IsEmpty());
  for (const char* why : {"cut", "refused", "cut", "refused"}) outbox_.set_away(why);
  EXPECT_FALSE(outbox_.health().connected);
  EXPECT_EQ(outbox_.health().reason, "refused");
  outbox_.set_connected();
  EXPECT_TRUE(outbox_.health().connected);
  EXPECT_EQ(outbox_.health().reason, "");
  outbox_.set_connected();
  outbox_.set_away("cut");
  const std::string end = "; messages are buffered, and the connection is retried";
  EXPECT_THAT(warnings_, ElementsAre("broker: cut" + end, "broker: refused" + end, "broker: connected again",
                                     "broker: cut" + end));
}

TEST_F(OutboxTest, SaysAtTheEndWhatWasNotDelivered) {
  for (const char* text : {"1", "2", "3", "4", "5"}) outbox_.push({"topic", text});
  outbox_.take();
  outbox_.count_refused(1, "invalid");
  outbox_.close();
  outbox_.set_away("too late");
  EXPECT_THAT(warnings_,
              ElementsAre("broker: invalid; this message is lost, and the others go on",
                          "broker: 2 messages could not be delivered",
                          "broker: 2 messages were dropped from the full buffer", "broker: 1 messages were refused"));
}

}  // namespace
}  // namespace onepass::sink
