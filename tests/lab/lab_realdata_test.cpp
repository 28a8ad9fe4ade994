// Tests the published table of embeddings, and the laboratory on real networks.
#include <cmath>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/data.hpp"
#include "support/run_program.hpp"

namespace onepass::test {
namespace {

/// rank-1 on PETS09-S2L1 at gaps of 5, 25, 50 and 100 frames, from an independent program.
const std::map<std::string, std::vector<double>> published_rank1 = {{"cell", {.37, .31, .23, .20}},
                                                                    {"neck", {.72, .44, .28, .22}},
                                                                    {"neck-standardized", {.82, .56, .39, .30}},
                                                                    {"stripes-early", {.89, .77, .67, .59}},
                                                                    {"stripes-all", {.96, .80, .67, .56}},
                                                                    {"osnet_x0_25_msmt17", {.98, .97, .96, .94}}};

TEST(ReidEval, ReproducesThePublishedTable) {
  ONEPASS_REAL_DATA(data);
  const auto result =
      run_onepass({"reid-eval", "--data", data / "mot/PETS09-S2L1", "--model", data / "models/yolov8n.pt", "--method",
                   "table", "--reid", data / "models/osnet_x0_25_msmt17.onnx", "--json", "-"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  std::map<std::string, std::vector<double>> measured;
  for (const auto& score : nlohmann::json::parse(result.out)) measured[score["method"]].push_back(score["rank1"]);
  for (const auto& [method, rank1] : published_rank1) {
    ASSERT_EQ(measured[method].size(), rank1.size()) << method;
    for (std::size_t i = 0; i < rank1.size(); ++i)
      EXPECT_NEAR(measured[method][i], rank1[i], 0.02) << method << " " << i;
  }
}

TEST(Compare, PutsADedicatedNetworkBesideOurs) {
  ONEPASS_REAL_DATA(data);
  const auto result = run_onepass({"compare", "--source", data / "mot/KITTI-17", "--model", data / "models/yolov8n.pt",
                                   "--reid", data / "models/osnet_x0_25_msmt17.onnx", "--method", "cell", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto json = nlohmann::json::parse(result.out);
  EXPECT_EQ(json["identities"], "ground truth");
  ASSERT_EQ(json["methods"].size(), 2U);
  EXPECT_GT(json["methods"][1]["map"], json["methods"][0]["map"]);
  EXPECT_GT(json["methods"][1]["auc"], 0.9);
}

TEST(Compare, TheSimilaritiesOfASingleImageAreThoseOfOpenVino) {
  ONEPASS_REAL_DATA(data);
  const auto result =
      run_onepass({"compare", "--source", data / "images/bus.jpg", "--model", data / "models/yolov8n.pt", "--reid",
                   data / "models/osnet_x0_25_msmt17.onnx", "--precision", "f32", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto json = nlohmann::json::parse(result.out);
  ASSERT_EQ(json["detections"].size(), 4U);
  // OSNet on the crops of these boxes, run by OpenVINO in Python.
  const std::vector<std::vector<double>> expected = {
      {1, .4497, .4191, .4750}, {.4497, 1, .4057, .4991}, {.4191, .4057, 1, .4062}, {.4750, .4991, .4062, 1}};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j)
      EXPECT_NEAR(json["methods"][1]["similarity"][i][j].get<double>(), expected[i][j], .03) << i << " " << j;
  }
  EXPECT_GT(json["methods"][1]["ms"], 10 * json["methods"][0]["ms"].get<double>());  // a second network on every crop
}

TEST(Inspect, CountsTheParametersOfStockModels) {
  ONEPASS_REAL_DATA(data);
  const auto result = run_onepass({"inspect", "--model", data / "models/yolov8n.pt", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto json = nlohmann::json::parse(result.out);
  EXPECT_EQ(json["parameters"], 3157200);  // as published
  EXPECT_EQ(json["layers"].size(), 22U);
  EXPECT_EQ(json["layers"][4]["output_shape"], nlohmann::json({64, 80, 80}));
}

}  // namespace
}  // namespace onepass::test
