#include "tune/search_space.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::tune {
namespace {

using test::message_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

std::vector<Parameter> parse(const std::vector<std::string>& given) { return parse_parameters(given, Config()); }

TEST(SearchSpace, ReadsEveryKindOfRange) {
  const auto parameters =
      parse({"tracker.max_age_s=0.5..5,tracker.coast_hits=1..40:log",
             "tracker.show_detected,tracker.camera_motion=none|boxes", "tracker.birth_score=0.4|0.6",
             "tracker.stages.confident.limit=.5..0.9", "memory.patience=2..8"});
  ASSERT_EQ(parameters.size(), 7U);
  EXPECT_EQ(parameters[0].kind, ParameterKind::real);
  EXPECT_EQ(parameters[0].low, 0.5);
  EXPECT_EQ(parameters[0].high, 5);
  EXPECT_FALSE(parameters[0].logarithmic);
  EXPECT_EQ(parameters[1].kind, ParameterKind::whole);
  EXPECT_TRUE(parameters[1].logarithmic);
  EXPECT_THAT(parameters[2].choices, ElementsAre("false", "true"));
  EXPECT_THAT(parameters[3].choices, ElementsAre("none", "boxes"));
  EXPECT_THAT(parameters[4].choices, ElementsAre("0.4", "0.6"));
  EXPECT_EQ(parameters[5].name, "tracker.stages.confident.limit");
  EXPECT_EQ(parameters[5].kind, ParameterKind::real);
  EXPECT_EQ(parameters[6].kind, ParameterKind::whole);
}

TEST(SearchSpace, RefusesMistakesInOneLine) {
  const auto message = [](const std::string& text) { return message_of([&] { parse({text}); }); };
  EXPECT_THAT(message("tracker.max_ages=1..2"), HasSubstr("did you mean 'tracker.max_age_s'?"));
  EXPECT_THAT(message("tracker.stages.confidnt.limit=0..1"),
              HasSubstr("did you mean 'tracker.stages.confident.limit'?"));
  EXPECT_THAT(message("tracker.birth_score=0.5..1.5"),
              HasSubstr("tracker.birth_score: '1.5' is out of range: accepts a number from 0 to 1"));
  EXPECT_THAT(message("tracker.confirm_hits=1.5..3"), HasSubstr("is not a whole number"));
  EXPECT_THAT(message("tracker.birth_score=0.9..0.5"), HasSubstr("'0.9..0.5' is not a range"));
  EXPECT_THAT(message("tracker.birth_score=a..b"), HasSubstr("is not a range; write low..high"));
  EXPECT_THAT(message("tracker.birth_score=0..1:log"), HasSubstr("must begin above 0"));
  EXPECT_THAT(message("tracker.birth_score"), HasSubstr("needs a range, such as tracker.birth_score=low..high"));
  EXPECT_THAT(message("tracker.birth_score=0.5"), HasSubstr("needs a range"));
  EXPECT_THAT(message("tracker.camera_motion=none"), HasSubstr("needs at least two choices"));
  EXPECT_THAT(message("tracker.camera_motion=none|wind"), HasSubstr("'wind' is not one of: none, file, boxes"));
  EXPECT_THAT(message("tracker.camera_motion=0..1"), HasSubstr("but the parameter accepts one of"));
  EXPECT_THAT(message("detector.conf=0..1"), HasSubstr("only parameters of tracker and memory can be tuned"));
  EXPECT_THAT(message("tracker.birth_score=0..1,tracker.birth_score=0..1"), HasSubstr("is named twice"));
}

TEST(SearchSpace, StartsAtTheConfigurationIfItLiesInTheRanges) {
  Config config;
  const auto inside = parse({"tracker.max_age_s=0.5..5,tracker.camera_motion=none|boxes"});
  EXPECT_THAT(start_values(inside, config),
              ElementsAre(Pair("tracker.camera_motion", "boxes"), Pair("tracker.max_age_s", "1")));
  EXPECT_TRUE(start_values(parse({"tracker.max_age_s=2..5"}), config).empty());
}

TEST(SearchSpace, ItsYamlGivesTheSameConfiguration) {
  const test::TemporaryFolder folder;
  const Values values{{"tracker.max_age_s", "2.5"},          {"tracker.camera_motion", "none"},
                      {"tracker.show_detected", "true"},     {"tracker.stages.confident.limit", "0.75"},
                      {"tracker.stages.faint.limit", "0.4"}, {"memory.patience", "3"}};
  Config read;
  apply_yaml(read, folder.write("tuned.yaml", to_yaml(values, "two\nlines")));
  EXPECT_EQ(dump_yaml(read), dump_yaml(with_values(Config(), values)));
  EXPECT_EQ(read.tracker.stages.size(), 4U);
  EXPECT_EQ(read.tracker.stages[0].limit, 0.75F);
  EXPECT_EQ(read.tracker.stages[1].limit, 0.4F);
  EXPECT_EQ(read.tracker.memory.patience, 3);
}

TEST(SearchSpace, ItsYamlQuotesTheNamesOfStages) {
  const test::TemporaryFolder folder;
  for (const auto* const name : {"a: b", "x #1", "- c", "{", "yes", "\"q"}) {
    Config base;
    base.tracker.stages[0].name = name;
    const Values values{{fmt::format("tracker.stages.{}.limit", name), "0.75"}};
    auto read = base;
    apply_yaml(read, folder.write("tuned.yaml", to_yaml(values, "")));
    EXPECT_EQ(read.tracker.stages[0].limit, 0.75F) << name;
  }
}

}  // namespace
}  // namespace onepass::tune
