// Counts people who cross a line through recorded sequences; the truth is counted in the ground truth of the same
// people.
#include <array>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "io/mot_text.hpp"
#include "io/sequence_info.hpp"
#include "support/data.hpp"
#include "support/json_lines.hpp"
#include "support/run_program.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {
namespace {

using People = std::array<std::size_t, 2>;  ///< to the left, to the right

/// Different people whose feet pass the middle, from at least .15 heights on one side to as much on the other.
People people_in(const std::filesystem::path& sequence) {
  const auto middle = io::read_sequence_info(sequence / "seqinfo.ini").size.width / 2.0;
  std::array<std::set<std::int64_t>, 2> crossed;
  std::map<std::int64_t, bool> is_right;
  io::MotReader reader(sequence / "gt" / "gt.txt");
  for (io::MotRow row; reader.next(row);) {
    const double offset = row.left + row.width / 2 - middle;
    if (row.score == 0 || std::abs(offset) < 0.15 * row.height) continue;
    const auto [before, is_new] = is_right.try_emplace(row.id, offset > 0);
    if (is_new || before->second == (offset > 0)) continue;
    before->second = offset > 0;
    crossed[offset > 0 ? 1 : 0].insert(row.id);
  }
  return {crossed[0].size(), crossed[1].size()};
}

People people_counted(const std::filesystem::path& sequence) {
  const TemporaryFolder folder;
  const auto zones =
      folder.write("zones.yaml", "zones:\n  - {name: middle, line: [[0.5, 0], [0.5, 1]], directions: [left, right]}\n");
  const auto result = run_onepass(
      {"track", "--source", sequence, "--detections", sequence / "det" / "det.txt", "--zones", zones, "--events", "-"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  People people{};
  for (const auto& event : parse_lines(result.out))
    if (event["event"] == "cross" && event["again"] == false) ++people[event["direction"] == "right" ? 1 : 0];
  return people;
}

TEST(CountingOnRealData, CountsThePeopleOfTheGroundTruth) {
  ONEPASS_REAL_DATA(data);
  const auto pets = data / "mot15" / "PETS09-S2L1";
  EXPECT_EQ(people_in(pets), (People{14, 11}));
  EXPECT_EQ(people_counted(pets), (People{14, 11}));
  const auto town = data / "mot15" / "TUD-Stadtmitte";
  EXPECT_EQ(people_in(town), (People{1, 1}));
  EXPECT_EQ(people_counted(town), (People{1, 1}));
}

}  // namespace
}  // namespace onepass::test
