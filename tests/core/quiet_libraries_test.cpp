#include "core/quiet_libraries.hpp"

#include <stdlib.h>

#include <gtest/gtest.h>
#include <opencv2/core/utils/logger.hpp>

namespace onepass {
namespace {

TEST(QuietLibraries, SilencesOpenCvAndFfmpeg) {
  for (const char* name : {"OPENCV_LOG_LEVEL", "OPENCV_FFMPEG_DEBUG", "OPENCV_FFMPEG_LOGLEVEL"}) ::unsetenv(name);
  quiet_libraries();
  EXPECT_EQ(cv::utils::logging::getLogLevel(), cv::utils::logging::LOG_LEVEL_SILENT);
  ASSERT_NE(::getenv("OPENCV_FFMPEG_LOGLEVEL"), nullptr);
  EXPECT_STREQ(::getenv("OPENCV_FFMPEG_LOGLEVEL"), "-8");
}

}  // namespace
}  // namespace onepass
