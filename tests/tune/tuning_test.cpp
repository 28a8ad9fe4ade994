// Tunes on scenes whose best values are known.
#include "tune/tuning.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/crossing_scene.hpp"
#include "support/environment.hpp"
#include "support/message_of.hpp"
#include "support/optuna.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::tune {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Key;

TEST(Folds, AreEvenAndKeepFootageTogether) {
  const std::vector<std::string> names{"A", "B", "C", "D", "E"};
  EXPECT_THAT(assign_folds(names, 2), ElementsAre(0, 1, 0, 1, 0));
  EXPECT_THAT(assign_folds(names, 9), ElementsAre(0, 1, 2, 3, 4));
  const std::vector<std::string> twins{"MOT17-02-DPM", "MOT17-02-SDP", "MOT17-04-DPM", "MOT17-02-FRCNN"};
  EXPECT_THAT(assign_folds(twins, 4), ElementsAre(0, 0, 1, 0));
}

class Tuning : public testing::Test {
 protected:
  Tuning() : data_(test::write_crossing_benchmark(folder_, {"MOT17-91", "MOT17-92", "MOT17-93"})) {
    base_.tracker.birth_score = 1;  // above all scores of the scenes (.9): no track is born
  }

  Evaluator evaluator(int jobs = 1, unsigned replays = 1) const {
    std::vector<ReplayedSequence> sequences;
    const auto benchmark = eval::known_benchmark("MOT17");
    for (const std::string name : {"MOT17-91", "MOT17-92", "MOT17-93"})
      sequences.push_back(
          read_sequence({name, data_ / name, data_ / name / "det/det.txt"}, benchmark, 1, [](const std::string&) {}));
    return Evaluator(std::move(sequences), base_,
                     {.benchmark = benchmark, .objective = "HOTA", .replays = replays, .jobs = jobs});
  }

  std::vector<Parameter> parameters() const {
    const std::vector<std::string> given{"tracker.birth_score=0.3..1,memory.patience=1..9"};
    return parse_parameters(given, base_);
  }

  test::TemporaryFolder folder_;
  std::filesystem::path data_;
  Config base_;
};

TEST_F(Tuning, ObjectivesAreTheSameWithAnyNumberOfThreads) {
  auto one = evaluator(1, 3);
  auto many = evaluator(7, 3);
  const Request request{{{"tracker.birth_score", "0.5"}}, {0, 1, 2}};
  ASSERT_TRUE(one.evaluate({&request, 1}));
  ASSERT_TRUE(many.evaluate({&request, 1}));
  EXPECT_EQ(one.objective(request), many.objective(request));
  EXPECT_GT(one.objective(request), 70);
  // A disturbed replay is another scene.
  auto undisturbed = evaluator(1, 1);
  ASSERT_TRUE(undisturbed.evaluate({&request, 1}));
  EXPECT_NE(one.objective(request), undisturbed.objective(request));
}

TEST_F(Tuning, AnUnknownObjectiveListsThemAll) {
  EXPECT_THAT(test::message_of([] { require_objective("HOTTA"); }),
              AllOf(HasSubstr("'HOTTA' is not an objective (did you mean 'HOTA'?)"), HasSubstr("MOTA")));
}

TEST_F(Tuning, FindsThePlantedValueWithoutTheHeldOutSequences) {
  const auto python = test::python_with_optuna();
  if (python.empty()) GTEST_SKIP() << "no Optuna: run tools/setup.sh";
  const test::Environment interpreter("ONEPASS_PYTHON", python);
  auto scores = evaluator(2);
  TrialLog log(folder_ / "trials.jsonl", "f", Overwrite::refuse);
  const auto result = tune(scores, parameters(), base_, log, {.trials = 16, .folds = 3, .seed = 5});
  EXPECT_EQ(result.base, 0);
  EXPECT_GT(result.tuned, 70);
  // What has no effect is not part of the result.
  EXPECT_THAT(result.best, ElementsAre(Key("tracker.birth_score")));
  EXPECT_LT(std::stod(result.best.at("tracker.birth_score")), 0.9001);
  ASSERT_EQ(result.folds.size(), 3U);
  for (const auto& fold : result.folds) {
    EXPECT_EQ(fold.held_out.size(), 1U);
    EXPECT_EQ(fold.held_out_base, 0);
    EXPECT_GT(fold.held_out_tuned, 70);
  }
  EXPECT_NEAR(result.cross_validated, result.tuned, 1);
  EXPECT_EQ(result.trials.size(), 16U);
  EXPECT_GT(result.importance.at("tracker.birth_score"), result.importance.at("memory.patience"));
  // The studies of the folds never saw what they are scored on.
  EXPECT_EQ(log.find(1, result.trials.front().values)->sequences.size(), 2U);

  // Again with the log: the same, without computing.
  auto again_scores = evaluator(2);
  const auto size = log.size();
  const auto again = tune(again_scores, parameters(), base_, log, {.trials = 16, .folds = 3, .seed = 5});
  EXPECT_EQ(log.size(), size);
  EXPECT_EQ(again.best, result.best);
  EXPECT_EQ(again.cross_validated, result.cross_validated);
  ASSERT_EQ(again.trials.size(), result.trials.size());
  for (std::size_t i = 0; i < again.trials.size(); ++i) EXPECT_EQ(again.trials[i].values, result.trials[i].values);
}

TEST_F(Tuning, AnInterruptedSearchReportsWhatItHas) {
  const auto python = test::python_with_optuna();
  if (python.empty()) GTEST_SKIP() << "no Optuna: run tools/setup.sh";
  const test::Environment interpreter("ONEPASS_PYTHON", python);
  auto scores = evaluator();
  TrialLog log(folder_ / "trials.jsonl", "f", Overwrite::refuse);
  TuningOptions options{.trials = 1000, .folds = 2};
  int rounds = 0;
  options.progress = [&](int, double) { ++rounds; };
  options.stop = [&] { return rounds >= 2; };
  const auto result = tune(scores, parameters(), base_, log, options);
  EXPECT_TRUE(result.interrupted);
  EXPECT_GE(result.finished_trials, 4);
  EXPECT_LT(result.finished_trials, 100);
  EXPECT_EQ(result.folds.size(), 2U);
  EXPECT_GT(log.size(), 0U);
}

TEST_F(Tuning, WithoutOptunaSaysHowToInstallIt) {
  const test::Environment interpreter("ONEPASS_PYTHON", "/usr/bin/python3");
  if (std::system("/usr/bin/python3 -I -c 'import optuna' 2>/dev/null") == 0) GTEST_SKIP() << "Optuna is there";
  auto scores = evaluator();
  TrialLog log(folder_ / "trials.jsonl", "f", Overwrite::refuse);
  EXPECT_THAT(test::message_of([&] { tune(scores, parameters(), base_, log, {}); }),
              AllOf(HasSubstr("Optuna is missing"), HasSubstr("pip install optuna")));
}

}  // namespace
}  // namespace onepass::tune
