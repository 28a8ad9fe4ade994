#include "sink/text/json_values.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace onepass::sink {
namespace {

TEST(JsonValues, RoundToTheirDecimals) {
  EXPECT_EQ(rounded(0.9F, 4).dump(), "0.9");
  EXPECT_EQ(rounded(-0.001, 2).dump(), "0.0");  // not -0.0
  EXPECT_EQ(rounded(1234.5678, 2).dump(), "1234.57");
  EXPECT_EQ(box_json({1.234F, 2, 3.999F, 4}).dump(), "[1.23,2.0,4.0,4.0]");
}

TEST(JsonValues, ClassesWithoutANameAreNull) {
  EXPECT_EQ(class_name_json(1, {"person", "car"}), "car");
  EXPECT_TRUE(class_name_json(2, {"person", "car"}).is_null());
  EXPECT_TRUE(class_name_json(-1, {"person", "car"}).is_null());
}

TEST(JsonValues, EveryCoordinateAndTheScoreMustBeFinite) {
  constexpr float infinite = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(is_finite({1, 2, 3, 4}, 0));
  EXPECT_FALSE(is_finite({infinite, 2, 3, 4}, 0));
  EXPECT_FALSE(is_finite({1, infinite, 3, 4}, 0));
  EXPECT_FALSE(is_finite({1, 2, infinite, 4}, 0));
  EXPECT_FALSE(is_finite({1, 2, 3, infinite}, 0));
  EXPECT_FALSE(is_finite({1, 2, 3, 4}, -infinite));
}

TEST(JsonValues, TimesAreUtcWithMilliseconds) {
  const std::chrono::system_clock::time_point leap_day{std::chrono::milliseconds(1709251199007)};
  EXPECT_EQ(utc_text(leap_day), "2024-02-29T23:59:59.007Z");
  EXPECT_EQ(utc_text(std::chrono::system_clock::time_point(std::chrono::milliseconds(-1))), "1969-12-31T23:59:59.999Z");
}

TEST(JsonValues, InvalidUtf8IsReplaced) { EXPECT_EQ(to_line(Json("bad \xff byte")), "\"bad \xef\xbf\xbd byte\""); }

}  // namespace
}  // namespace onepass::sink
