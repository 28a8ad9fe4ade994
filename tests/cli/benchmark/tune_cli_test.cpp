// Runs onepass tune: results, continuation, and refused arguments.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/crossing_scene.hpp"
#include "support/environment.hpp"
#include "support/optuna.hpp"
#include "support/run_program.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

class Tune : public testing::Test {
 protected:
  Tune() : data_(write_crossing_benchmark(folder_, {"MOT17-91", "MOT17-92", "MOT17-93"})) {}

  std::vector<std::string> arguments(const std::vector<std::string>& more = {}, const std::string& trials = "8") const {
    std::vector<std::string> all = {"tune", "--data", data_, "--detections", "public", "--out", folder_ / "out"};
    all.insert(all.end(), {"--trials", trials, "--parameters"});
    all.push_back("tracker.birth_score=0.3..0.95,tracker.show_detected");
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  ProgramResult tune(const std::vector<std::string>& more = {}, const std::string& trials = "8") const {
    return run_onepass(arguments(more, trials));
  }
  std::string read(const std::string& name) const { return read_file(folder_ / name); }

  /// Checks for a refusal in one line.
  void refused(const std::vector<std::string>& more, const std::string& reason) const {
    const auto result = tune(more);
    EXPECT_NE(result.exit_code, 0);
    EXPECT_THAT(result.err, HasSubstr(reason));
    EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
  }

  TemporaryFolder folder_;
  fs::path data_;
};

TEST_F(Tune, RefusesMistakesInOneLine) {
  refused({"--parameters", "tracker.max_ages=1..2"}, "did you mean 'tracker.max_age_s'?");
  refused({"--parameters", "tracker.confirm_hits=0..5"}, "'0' is out of range: accepts a whole number from 1");
  refused({"--objective", "HOTTA"}, "'HOTTA' is not an objective (did you mean 'HOTA'?)");
  refused({"--model", "x.pt"}, "tune needs either --model or --detections");
  refused({"--tracker.camera_motion", "flow"}, "tune reads no images");
  fs::remove(data_ / "MOT17-92/gt/gt.txt");
  refused({}, "no ground truth (SEQ/gt/gt.txt) for MOT17-92");
}

TEST_F(Tune, WithoutOptunaSaysHowToInstallIt) {
  if (std::system("/usr/bin/python3 -I -c 'import optuna' 2>/dev/null") == 0) GTEST_SKIP() << "Optuna is there";
  const Environment interpreter("ONEPASS_PYTHON", "/usr/bin/python3");
  refused({}, "Optuna is missing");
}

TEST_F(Tune, ReportsTheScoresOfBenchmarkAndContinues) {
  const auto python = python_with_optuna();
  if (python.empty()) GTEST_SKIP() << "no Optuna: run tools/setup.sh";
  const Environment interpreter("ONEPASS_PYTHON", python);
  const auto first = tune({"--jobs", "1"});
  ASSERT_EQ(first.exit_code, 0) << first.err;
  const auto report = read("out/report.json");
  const auto trials = read("out/trials.jsonl");

  // The scores are those of onepass benchmark, as configured and with the result.
  const auto score = [&](const std::string& name, const std::vector<std::string>& more) {
    std::vector<std::string> words{"benchmark",       "--data", data_, "--detections", "public", "--out",
                                   folder_ / "bench", "--name", name};
    words.insert(words.end(), more.begin(), more.end());
    EXPECT_EQ(run_onepass(words).exit_code, 0);
    const auto scores = json::parse(read("bench/" + name + "/scores.json")).at(name);
    double sum = 0;
    for (const double value : scores.at("COMBINED").at("HOTA").at("HOTA")) sum += value / 19;
    return 100 * sum;
  };
  EXPECT_NEAR(json::parse(report).at("configured").get<double>(), score("configured", {}), 1e-9);
  EXPECT_NEAR(json::parse(report).at("tuned").get<double>(), score("tuned", {"--config", folder_ / "out/tuned.yaml"}),
              1e-9);
  EXPECT_THAT(read("out/report.html"), HasSubstr("tracker.show_detected"));

  // Again: nothing is computed, and everything is the same; with other threads in another folder as well.
  const auto again = tune({"--jobs", "1"});
  EXPECT_EQ(again.out, first.out);
  EXPECT_EQ(read("out/trials.jsonl"), trials);
  fs::rename(folder_ / "out", folder_ / "before");
  EXPECT_EQ(tune({"--jobs", "3"}).out, first.out);
  EXPECT_EQ(read("out/trials.jsonl"), trials);

  // More trials extend it; another configuration does not fit.
  ASSERT_EQ(tune({}, "12").exit_code, 0);
  EXPECT_TRUE(read("out/trials.jsonl").starts_with(trials));
  const auto other = tune({"--tracker.max_age_s", "2"});
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.err, HasSubstr("trials.jsonl: holds trials on other data, with another configuration"));
  EXPECT_EQ(tune({"--tracker.max_age_s", "2", "--overwrite"}).exit_code, 0);
}

TEST_F(Tune, CtrlCReportsAndTheSameCommandContinues) {
  const auto python = python_with_optuna();
  if (python.empty()) GTEST_SKIP() << "no Optuna: run tools/setup.sh";
  const Environment interpreter("ONEPASS_PYTHON", python);
  const auto log = folder_ / "out/trials.jsonl";
  const auto result = interrupt_onepass(
      arguments({}, "100000"), [&] { return fs::exists(log) && std::ranges::count(read_file(log), '\n') > 20; });
  EXPECT_EQ(result.exit_code, 130) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("interrupted after"), HasSubstr("the same command continues")));
  EXPECT_THAT(result.out, HasSubstr("Tuned: "));
  EXPECT_TRUE(fs::exists(folder_ / "out/tuned.yaml"));
}

}  // namespace
}  // namespace onepass::test
