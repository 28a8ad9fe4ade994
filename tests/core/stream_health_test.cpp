#include "onepass/stream_health.hpp"

#include <gtest/gtest.h>

namespace onepass {
namespace {

TEST(StreamState, HasTheNamesThatTheHealthReportUses) {
  EXPECT_STREQ(to_string(StreamState::connecting), "connecting");
  EXPECT_STREQ(to_string(StreamState::streaming), "streaming");
  EXPECT_STREQ(to_string(StreamState::stalled), "stalled");
  EXPECT_STREQ(to_string(StreamState::reconnecting), "reconnecting");
  EXPECT_STREQ(to_string(StreamState::ended), "ended");
}

}  // namespace
}  // namespace onepass
