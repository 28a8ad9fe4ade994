#include "core/nearest_name.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace onepass {
namespace {

const std::vector<std::string> known = {"track", "benchmark", "eval", "explain"};

TEST(NearestName, HasTheFewestEdits) {
  EXPECT_EQ(nearest_name("trakc", known), "track");
  EXPECT_EQ(nearest_name("benchmrak", known), "benchmark");
  EXPECT_EQ(nearest_name("evaluate", {}), "");
  EXPECT_EQ(nearest_name("explian", known), "explain");
}

TEST(NearestName, IsEmptyIfNoneIsClose) {
  EXPECT_EQ(nearest_name("visualize", known), "");
  EXPECT_EQ(nearest_name("ev", known), "eval");  // two edits are always allowed
  EXPECT_EQ(nearest_name("xyz", known), "");
}

TEST(DidYouMean, SuggestsNamesButNotForNumbers) {
  EXPECT_EQ(did_you_mean("trak", known), " (did you mean 'track'?)");
  EXPECT_EQ(did_you_mean("visualize", known), "");
  EXPECT_EQ(did_you_mean("-1.5", std::vector<std::string>{"1.5"}), "");
}

TEST(SeparationAdvice, IsForKnownNamesBetweenWhiteSpace) {
  const std::vector<std::string> classes{"person", "car", "traffic light"};
  EXPECT_EQ(separation_advice("person car", classes), "; separate names by commas: person,car");
  EXPECT_EQ(separation_advice(" car  person\tcar ", classes), "; separate names by commas: car,person,car");
  EXPECT_EQ(separation_advice("person bike", classes), "");
  EXPECT_EQ(separation_advice(" person", classes), "");
}

}  // namespace
}  // namespace onepass
