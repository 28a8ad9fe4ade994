#include "video/picture.hpp"

#include <gtest/gtest.h>

extern "C" {
#include <libavutil/display.h>
}

namespace onepass::video {
namespace {

/// The matrix that FFmpeg makes for a picture that is turned counterclockwise and then mirrored.
Orientation orientation_at(double degrees, bool mirror_x, bool mirror_y) {
  std::int32_t matrix[9];
  av_display_rotation_set(matrix, -degrees);
  av_display_matrix_flip(matrix, mirror_x, mirror_y);
  return orientation_of(matrix);
}

TEST(Orientation, EveryWayToHoldACamera) {
  EXPECT_EQ(orientation_at(0, false, false), (Orientation{false, false, false}));
  EXPECT_EQ(orientation_at(180, false, false), (Orientation{false, true, true}));
  EXPECT_EQ(orientation_at(0, true, false), (Orientation{false, true, false}));
  EXPECT_EQ(orientation_at(0, false, true), (Orientation{false, false, true}));
  // A turn by 90 degrees counterclockwise is a transposition and then a mirroring of top and bottom.
  EXPECT_EQ(orientation_at(90, false, false), (Orientation{true, false, true}));
  EXPECT_EQ(orientation_at(-90, false, false), (Orientation{true, true, false}));
  EXPECT_EQ(orientation_at(90, false, true), (Orientation{true, false, false}));
  EXPECT_EQ(orientation_at(90, true, false), (Orientation{true, true, true}));
}

TEST(Orientation, IsTheNearestRightAngle) {
  EXPECT_EQ(orientation_at(3, false, false), (Orientation{false, false, false}));
  EXPECT_EQ(orientation_at(87, false, false), orientation_at(90, false, false));
}

TEST(SquarePixels, EnlargeOneSide) {
  EXPECT_EQ(with_square_pixels({720, 576}, 16.0 / 11), cv::Size(1047, 576));
  EXPECT_EQ(with_square_pixels({720, 480}, 8.0 / 9), cv::Size(720, 540));
  EXPECT_EQ(with_square_pixels({640, 360}, 1), cv::Size(640, 360));
  for (const double unusable : {0.0, -1.0, 1.005, 100.0, 0.01})
    EXPECT_EQ(with_square_pixels({64, 48}, unusable), cv::Size(64, 48));
}

}  // namespace
}  // namespace onepass::video
