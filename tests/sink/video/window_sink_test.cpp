#include <cstdlib>

#include <gtest/gtest.h>

#include "onepass/track_sink.hpp"
#include "support/message_of.hpp"

namespace onepass::sink {
namespace {

using test::message_of;

TEST(WindowSink, FailsWithoutADisplay) {
  for (const auto* const variable : {"WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "DISPLAY"}) ::unsetenv(variable);
  EXPECT_EQ(message_of([] { make_window_sink(StreamInfo()); }),
            "no window can be shown: there is no display (DISPLAY and WAYLAND_DISPLAY are not set)");
  ::setenv("DISPLAY", ":97", 1);
  EXPECT_EQ(message_of([] { make_window_sink(StreamInfo()); }),
            "no window can be shown: the display ':97' does not answer");
}

}  // namespace
}  // namespace onepass::sink
