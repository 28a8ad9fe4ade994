#include "tune/tuning_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "io/python/script.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::tune {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

TuningReport report() {
  TuningReport report{
      .objective = "HOTA", .parameters = {}, .base = {}, .command = "onepass tune --x <y>", .result = {}};
  report.parameters = {{.name = "tracker.max_age_s", .low = 0.5, .high = 5, .logarithmic = true, .choices = {}},
                       {.name = "tracker.camera_motion", .kind = ParameterKind::choice, .choices = {"none", "boxes"}}};
  auto& result = report.result;
  result.best = {{"tracker.max_age_s", "2"}};
  result.base = 60;
  result.tuned = 63;
  result.cross_validated = 61;
  result.folds = {{{0}, {{"tracker.max_age_s", "2.5"}}, 50, 51}, {{1}, {}, 70, 71}};
  result.sequences = {{"A&B", 50, 53, 51}, {"C", 70, 73, 71}};
  result.trials = {{{{"tracker.max_age_s", "1"}, {"tracker.camera_motion", "boxes"}}, 60, {50, 70}},
                   {{{"tracker.max_age_s", "2"}, {"tracker.camera_motion", "none"}}, 63, {53, 73}}};
  result.importance = {{"tracker.max_age_s", 0.75}, {"tracker.camera_motion", 0.25}};
  result.finished_trials = 2;
  return report;
}

TEST(TuningReport, TheTextHasBothFiguresAndTheVerdict) {
  const auto text = to_text(report());
  EXPECT_THAT(text, HasSubstr("all                            60.00       63.00       61.00    +1.00\n"));
  EXPECT_THAT(text, HasSubstr("Without C: as configured\n"));
  EXPECT_THAT(text, HasSubstr("tracker.max_age_s, importance 75 %\n"));
  EXPECT_THAT(text, HasSubstr("On sequences that were not tuned on, the gain is +1.00."));
}

TEST(TuningReport, AGainThatDoesNotHoldElsewhereIsNotRecommended) {
  auto noise = report();
  noise.result.cross_validated = 60.2;
  EXPECT_THAT(to_text(noise), HasSubstr("the difference is +0.20: not more than noise. Keep the configuration"));
  noise.result.cross_validated = 58;
  EXPECT_THAT(to_text(noise), HasSubstr("-2.00: a loss. Keep the configuration"));
  noise.result.folds.clear();
  EXPECT_THAT(to_text(noise), AllOf(HasSubstr("Not cross-validated"), Not(HasSubstr("not seen"))));
}

TEST(TuningReport, TheJsonHasEveryFigure) {
  const auto parsed = json::parse(to_json(report()));
  EXPECT_EQ(parsed.at("configured"), 60);
  EXPECT_EQ(parsed.at("not_seen"), 61);
  EXPECT_EQ(parsed.at("values").at("tracker.max_age_s"), "2");
  EXPECT_EQ(parsed.at("folds").at(0).at("not_seen"), json({"A&B"}));
  EXPECT_EQ(parsed.at("parameters").at(0).at("effect").at(1).at("median"), 63);
}

TEST(TuningReport, TheYamlIsAConfigurationWithItsFigures) {
  const test::TemporaryFolder folder;
  const auto yaml = to_yaml(report());
  EXPECT_THAT(yaml,
              HasSubstr("# HOTA: 60.00 as configured, 63.00 tuned, 61.00 on sequences that were not tuned on.\n"));
  EXPECT_THAT(yaml, HasSubstr("tracker:\n  max_age_s: 2\n"));
  Config config;
  apply_yaml(config, folder.write("tuned.yaml", yaml));
  EXPECT_EQ(config.tracker.max_age_s, 2);
}

TEST(TuningReport, ThePageIsWellFormedWithAPlotForEveryParameter) {
  auto page = to_html(report());
  EXPECT_THAT(page, AllOf(HasSubstr("A&amp;B"), HasSubstr("--x &lt;y&gt;"), Not(HasSubstr("nan"))));
  // An independent parser: every SVG is well-formed XML with a dot for every trial.
  EXPECT_EQ(io::run_python("import re, sys, xml.etree.ElementTree as tree\n"
                           "for svg in re.findall('<svg.*?</svg>', sys.stdin.read(), re.S):\n"
                           "  print(len(tree.fromstring(svg).findall('circle')))",
                           {}, page),
            "2\n2\n");
}

}  // namespace
}  // namespace onepass::tune
