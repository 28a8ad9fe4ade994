#include "tune/parameter_effect.hpp"

#include <gtest/gtest.h>

namespace onepass::tune {
namespace {

Trial trial(const std::string& value, double objective) { return {{{"p", value}}, objective, {}}; }

TEST(ParameterEffect, QuartilesOfEveryChoice) {
  const Parameter parameter{
      .name = "p", .kind = ParameterKind::choice, .low = 0, .high = 0, .choices = {"x", "y", "z"}};
  // numpy.percentile([1, 2, 3, 10], [25, 50, 75]) is 1.75, 2.5, 4.75.
  const std::vector<Trial> trials{trial("z", 10), trial("x", 5), trial("z", 1), trial("z", 3), trial("z", 2)};
  const auto bins = effect_of(parameter, trials);
  ASSERT_EQ(bins.size(), 2U);
  EXPECT_EQ(bins[0].label, "x");
  EXPECT_EQ(bins[0].trials, 1);
  EXPECT_EQ(bins[0].low, 5);
  EXPECT_EQ(bins[1].label, "z");
  EXPECT_DOUBLE_EQ(bins[1].center, 2);
  EXPECT_DOUBLE_EQ(bins[1].low, 1.75);
  EXPECT_DOUBLE_EQ(bins[1].median, 2.5);
  EXPECT_DOUBLE_EQ(bins[1].high, 4.75);
}

TEST(ParameterEffect, NumbersAreDividedByCountAndEqualValuesStayTogether) {
  const Parameter parameter{.name = "p", .low = 0, .high = 10, .choices = {}};
  std::vector<Trial> trials;
  for (int i = 0; i < 12; ++i) trials.push_back(trial(std::to_string(i < 5 ? 1 : i), i));
  const auto bins = effect_of(parameter, trials);
  ASSERT_EQ(bins.size(), 5U);
  EXPECT_EQ(bins[0].trials, 5);
  EXPECT_EQ(bins[0].label, "1");
  EXPECT_EQ(bins[1].trials, 2);
  EXPECT_DOUBLE_EQ(bins[1].center, 5.5);
  EXPECT_EQ(bins[4].trials, 1);
  EXPECT_TRUE(effect_of(parameter, {}).empty());
}

}  // namespace
}  // namespace onepass::tune
