// Compares scores of synthetic results on real sequences with trackeval's. Skipped without trackeval or the data.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

#include "eval/benchmark/evaluation.hpp"
#include "eval/metrics/families.hpp"
#include "eval/report/score_files.hpp"
#include "support/data.hpp"
#include "support/temporary_folder.hpp"
#include "support/trackeval.hpp"

namespace onepass::eval {
namespace {

using nlohmann::json;

json scores(const EvaluationOptions& options) { return json::parse(to_json(evaluate(options), family_names())); }

/// Rows of a worse tracker: without every third row, some boxes shifted, some ids changed.
std::string perturbed(const std::string& rows) {
  std::string result;
  std::istringstream lines(rows);
  int number = 0;
  for (std::string line; std::getline(lines, line); ++number) {
    std::istringstream fields(line);
    long frame = 0, id = 0;
    double left = 0, top = 0, width = 0, height = 0, score = 0;
    char comma = 0;
    fields >> frame >> comma >> id >> comma >> left >> comma >> top >> comma >> width >> comma >> height >> comma >>
        score;
    if (number % 3 == 0) continue;
    if (number % 5 == 0) left += width / 4;
    if (frame % 50 >= 25) id += 5000;
    result += std::to_string(frame) + "," + std::to_string(id) + "," + std::to_string(left) + "," +
              std::to_string(top) + "," + std::to_string(width) + "," + std::to_string(height) + ",1,-1,-1,-1\n";
  }
  return result;
}

TEST(TrackEvalOnRealData, PerturbedResultsScoreAsInTrackEval) {
  ONEPASS_REAL_DATA(data);
  REQUIRE_TRACKEVAL(python);
  const test::TemporaryFolder folder;
  for (const std::string name : {"MOT17-02", "MOT17-05", "MOT17-10", "MOT17-13"}) {
    const auto file = name + ".txt";
    folder.write("worse/" + file, perturbed(test::read_file(data / "golden/results/bytetrack" / file)));
  }
  const auto oracle =
      test::run_trackeval(python, data / "mot17-valhalf", folder.path(), "MOT17", test::Preprocessing::official);
  ASSERT_TRUE(oracle.contains("scores")) << oracle;
  const auto ours = scores({.truth = data / "mot17-valhalf", .results = {folder.path()}});
  EXPECT_EQ(test::differences(oracle["scores"], ours), "");
}

TEST(TrackEvalOnRealData, Mot15SequencesScoreAsInTrackEval) {
  ONEPASS_REAL_DATA(data);
  REQUIRE_TRACKEVAL(python);
  const test::TemporaryFolder folder;
  for (const auto& sequence : find_sequences(data / "mot15", {}))
    folder.write("oracle/" + sequence.name + ".txt", perturbed(test::read_file(sequence.truth_file())));
  const auto oracle =
      test::run_trackeval(python, data / "mot15", folder.path(), "MOT15", test::Preprocessing::official);
  ASSERT_TRUE(oracle.contains("scores")) << oracle;
  const auto evaluation = evaluate({.truth = data / "mot15", .results = {folder.path()}});
  EXPECT_EQ(evaluation.benchmark, "MOT15");
  EXPECT_EQ(test::differences(oracle["scores"], json::parse(to_json(evaluation, family_names()))), "");
}

}  // namespace
}  // namespace onepass::eval
