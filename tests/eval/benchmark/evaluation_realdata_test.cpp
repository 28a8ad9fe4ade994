#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

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

std::size_t count_numbers(const json& value) {
  if (value.is_number()) return 1;
  std::size_t count = 0;
  for (const auto& entry : value) count += count_numbers(entry);
  return count;
}

TEST(EvaluationOnRealData, EveryGoldenFieldIsReproduced) {
  ONEPASS_REAL_DATA(data);
  const auto golden = json::parse(test::read_file(data / "golden/trackeval.json"));
  ASSERT_EQ(golden.size(), 3U);
  ASSERT_GT(count_numbers(golden), 3000U);
  const auto ours = scores({.truth = data / "mot17-valhalf", .results = {data / "golden/results"}});
  EXPECT_EQ(test::differences(golden, ours), "");
}

}  // namespace
}  // namespace onepass::eval
