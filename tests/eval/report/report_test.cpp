#include "eval/report/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>

#include "eval/metrics/families.hpp"
#include "support/environment.hpp"
#include "support/evaluations.hpp"
#include "support/matplotlib.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::eval {
namespace {

using test::Environment;
using test::evaluated_class;
using test::evaluated_sequence;
using test::evaluated_tracker;
using test::evaluation;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// Writes a report of two trackers and returns the page.
std::string write(const TemporaryFolder& folder, std::vector<std::string>& warnings) {
  const auto ours = evaluation({evaluated_tracker("<good>", 4), evaluated_tracker("bad", 2)});
  const auto comparisons = compare(ours, ours, {.resamples = 100, .confidence = 0.9});
  write_report(folder / "report", ours, comparisons, family_names(),
               [&](const std::string& line) { warnings.push_back(line); });
  return test::read_file(folder / "report/index.html");
}

TEST(Report, StandsAloneAndIsReproducible) {
  if (!test::has_matplotlib()) GTEST_SKIP() << "needs python3-matplotlib";
  const TemporaryFolder first, second;
  std::vector<std::string> warnings;
  const auto page = write(first, warnings);
  EXPECT_THAT(warnings, IsEmpty());
  EXPECT_THAT(page, testing::StartsWith("<!DOCTYPE html>"));
  EXPECT_THAT(page, Not(testing::ContainsRegex("(src|href)=\"[^#]")));
  EXPECT_THAT(page, HasSubstr("<g class=\"tracker1\"><title>A, bad, frame 3: identity 1 goes from track 7 to 8; "
                              "followed 2 frames before, 2 after</title>"));
  EXPECT_THAT(page, HasSubstr("A, &lt;good&gt;: HOTA 100.000 %"));
  EXPECT_EQ(page, write(second, warnings));
  for (const std::string plot : {"alphas", "sequences", "switches"}) {
    const auto file = "report/" + plot + ".png";
    const auto image = cv::imread((first / file).string());
    EXPECT_EQ(image.cols, 2000) << plot;
    EXPECT_GT(image.rows, 200) << plot;
    EXPECT_EQ(test::read_file(first / file), test::read_file(second / file)) << plot;
  }
}

TEST(Report, ClassesHaveChartsOfTheirOwn) {
  if (!test::has_matplotlib()) GTEST_SKIP() << "needs python3-matplotlib";
  const TemporaryFolder folder;
  const auto of = [](const std::string& name) { return evaluated_class(name, {evaluated_sequence("A", 2)}); };
  write_report(folder.path(), evaluation({{"t", {of("car"), of("van")}}}), {}, family_names(), [](const auto&) {});
  for (const std::string name : {"car", "van"})
    EXPECT_FALSE(cv::imread(folder / ("switches_" + name + ".png")).empty());
}

TEST(Report, ChartsShowNamesAsTheyAre) {
  if (!test::has_matplotlib()) GTEST_SKIP() << "needs python3-matplotlib";
  const TemporaryFolder folder;
  std::vector<std::string> warnings;
  const auto sequences = evaluated_class("car", {evaluated_sequence("$\\none$", 2)});
  write_report(folder.path(), evaluation({{"_a$\\foo$", {sequences}}, {"_b", {sequences}}}), {}, family_names(),
               [&](const std::string& line) { warnings.push_back(line); });
  EXPECT_THAT(warnings, IsEmpty());
  const auto page = test::read_file(folder / "index.html");
  for (const std::string shown : {">_a$\\foo$</text>", ">_b</text>", ">$\\none$</text>"})
    EXPECT_THAT(page, HasSubstr(shown));
}

TEST(Report, WithoutPythonItHasNoChartsButAWarning) {
  const Environment python("ONEPASS_PYTHON", "/none/python3");
  const TemporaryFolder folder;
  std::vector<std::string> warnings;
  const auto page = write(folder, warnings);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0], HasSubstr("no charts: /none/python3: cannot be started: No such file or directory"));
  EXPECT_THAT(warnings[0], HasSubstr("python3-matplotlib"));
  EXPECT_THAT(page, Not(HasSubstr("<svg")));
  EXPECT_THAT(page, HasSubstr("The worst identity switches"));
  EXPECT_FALSE(std::filesystem::exists(folder / "report/alphas.png"));
}

TEST(Report, ChartsOfAnEarlierReportDoNotStay) {
  const Environment python("ONEPASS_PYTHON", "/none/python3");
  const TemporaryFolder folder;
  for (const std::string chart : {"alphas", "sequences", "switches"}) folder.write("report/" + chart + ".png", "old");
  std::vector<std::string> warnings;
  write(folder, warnings);
  EXPECT_EQ(warnings.size(), 1U);
  for (const std::string chart : {"alphas", "sequences", "switches"})
    EXPECT_FALSE(std::filesystem::exists(folder / ("report/" + chart + ".png"))) << chart;
}

TEST(Report, ComparisonsNameTheirConfidence) {
  const Environment python("ONEPASS_PYTHON", "/none/python3");
  const TemporaryFolder folder;
  std::vector<std::string> warnings;
  const auto page = write(folder, warnings);
  EXPECT_THAT(page, HasSubstr("its 90 % interval"));
  EXPECT_THAT(page, HasSubstr("<td class=\"noise\">within noise</td>"));
}

}  // namespace
}  // namespace onepass::eval
