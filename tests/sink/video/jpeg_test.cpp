#include "sink/video/jpeg.hpp"

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

namespace onepass::sink {
namespace {

TEST(Jpeg, ImagesShrinkToTheirLongerSide) {
  const cv::Mat image(400, 1000, CV_8UC3, cv::Scalar(10, 20, 30));
  EXPECT_EQ(shrunk(image, 100).size(), cv::Size(100, 40));
  EXPECT_EQ(cv::mean(shrunk(image, 100)), cv::Scalar(10, 20, 30));
  EXPECT_EQ(shrunk(image, 1000).data, image.data);  // not copied
  EXPECT_EQ(shrunk(image, 2000).data, image.data);
  EXPECT_EQ(shrunk(cv::Mat(1, 1000, CV_8UC3, cv::Scalar()), 10).size(), cv::Size(10, 1));  // never empty
}

TEST(Jpeg, IsAnImageOfTheSameSizeAndColor) {
  const auto jpeg = to_jpeg(cv::Mat(30, 40, CV_8UC3, cv::Scalar::all(120)), 90);
  const auto image = cv::imdecode(jpeg, cv::IMREAD_COLOR);
  EXPECT_EQ(image.size(), cv::Size(40, 30));
  EXPECT_NEAR(cv::mean(image)[0], 120, 2);
  EXPECT_TRUE(to_jpeg(cv::Mat(), 90).empty());
}

}  // namespace
}  // namespace onepass::sink
