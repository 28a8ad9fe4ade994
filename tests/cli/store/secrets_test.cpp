#include "cli/store/secrets.hpp"

#include <gtest/gtest.h>

namespace onepass::cli {
namespace {

TEST(SecretSettings, AreNamedByWholeWords) {
  for (const auto* location :
       {"http://host/x?token=abc", "https://host/x?user=admin&pass=x", "https://host/blob?sv=1&sig=abc",
        "https://host/x?X-Amz-Signature=1", "rtsp://host/x?ACCESS_TOKEN=1", "http://host/x;pwd=1",
        "http://host/?apikey=1", "rtspsrc location=rtsp://host/a user-id=me user-pw=x ! decodebin ! appsink"})
    EXPECT_TRUE(shows_secret_setting(location)) << location;
  for (const auto* location : {"http://host/x?keyframes=2", "http://host/x?author=x", "http://host/x?passenger=1",
                               "http://host/x?monkey=1", "http://host/token/x?channel=1", "video_token=1.mp4",
                               "videotestsrc ! x264enc key-int-max=30 ! decodebin ! appsink"})
    EXPECT_FALSE(shows_secret_setting(location)) << location;
}

}  // namespace
}  // namespace onepass::cli
