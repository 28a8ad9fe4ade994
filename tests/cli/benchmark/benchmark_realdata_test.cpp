// Tests that every shipped configuration reaches its HOTA on real detections; onepass benchmark measures it.
#include <numeric>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/data.hpp"
#include "support/run_program.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {
namespace {

struct Floor {
  std::string config;         ///< in configs/, or "" for the defaults; mot17.yaml is applied after it
  std::string camera_motion;  ///< pattern of files, or "" for the configuration's method
  double hota;                ///< percent; HOTA of an independent implementation minus 0.2
};

TEST(BenchmarkOnMot17, EveryConfigurationKeepsItsQuality) {
  ONEPASS_REAL_DATA(data);
  const auto configs = std::filesystem::path(ONEPASS_SOURCE_DIR) / "configs";
  const std::string files = "{data}/{sequence}/gmc.txt";
  const std::vector<Floor> floors = {{"", files, 60.5},
                                     {"", "", 58.5},
                                     {"botsort.yaml", files, 56.1},
                                     {"bytetrack.yaml", "", 53.7},
                                     {"deepsort.yaml", "", 52.0},
                                     {"ocsort.yaml", "", 50.0},
                                     {"sort.yaml", "", 47.7},
                                     {"deepocsort.yaml", "", 50.0},
                                     {"strongsort.yaml", "", 46.2},
                                     {"boosttrack.yaml", "", 51.4},
                                     {"tracktrack.yaml", "", 52.9},
                                     {"cbiou.yaml", "", 52.0},
                                     {"sfsort.yaml", "", 47.1}};
  for (const auto& floor : floors) {
    SCOPED_TRACE(floor.config + " " + floor.camera_motion);
    const TemporaryFolder folder;
    std::vector<std::string> arguments = {"benchmark",    "--data", data / "mot17-valhalf", "--out", folder.path(),
                                          "--detections", "public"};
    const auto add = [&](const std::string& flag, const std::string& value) {
      arguments.insert(arguments.end(), {flag, value});
    };
    if (!floor.config.empty()) add("--config", configs / floor.config);
    add("--config", configs / "mot17.yaml");
    if (!floor.camera_motion.empty()) add("--camera-motion", floor.camera_motion);
    const auto result = run_onepass(arguments);
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const auto scores = nlohmann::json::parse(read_file(folder / "onepass/scores.json"));
    const auto curve = scores.at("onepass").at("COMBINED").at("HOTA").at("HOTA").get<std::vector<double>>();
    ASSERT_EQ(curve.size(), 19U);
    const double hota = 100 * std::accumulate(curve.begin(), curve.end(), 0.0) / static_cast<double>(curve.size());
    EXPECT_GE(hota, floor.hota);
    EXPECT_EQ(scores.at("onepass").size(), 5U) << "four sequences and their combination";
  }
}

}  // namespace
}  // namespace onepass::test
