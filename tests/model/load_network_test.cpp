// Compares our own checkpoints (tools/models/make_test_models.py) with their outputs in PyTorch.
#include "model/load_network.hpp"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "onepass/setting_error.hpp"
#include "support/at_maps.hpp"
#include "support/checkpoint_files.hpp"
#include "support/golden.hpp"
#include "support/message_of.hpp"
#include "support/taps.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_data.hpp"

namespace onepass::model {
namespace {

using namespace std::string_literals;
using test::data;
using test::Golden;
using test::largest_difference;
using test::layers_in;
using test::message_of;
using test::pattern;
using test::read_golden;
using test::taps;
using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr double tolerance = 1e-5;

void expect_equals_golden(const std::string& model, const std::string& golden_name, ExecutorChoice executor) {
  const auto golden = read_golden(data(golden_name));
  const auto layers = layers_in(golden);
  const auto network = load_network(data(model), taps(layers), {.executor = executor, .precision = Precision::f32});
  const auto output = test::run(network, pattern(64, 96));
  ASSERT_EQ(output.taps.size(), layers.size());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto name = "layer " + std::to_string(layers[i]);
    EXPECT_LT(largest_difference(output.taps[i], golden.at(name)), tolerance) << model << " " << name;
  }
  std::size_t map = 0;
  for (const auto& level : output.levels)
    for (const auto* tensor : {&level.boxes, &level.classes, &level.angles, &level.masks, &level.keypoints}) {
      if (!tensor->defined()) continue;
      const auto name = "head " + std::to_string(map++);
      EXPECT_LT(largest_difference(*tensor, golden.at(name)), tolerance) << model << " " << name;
    }
  if (output.prototypes.defined()) {
    const auto name = "head " + std::to_string(map++);
    EXPECT_LT(largest_difference(output.prototypes, golden.at(name)), tolerance) << model << " " << name;
  }
  EXPECT_EQ(golden.count("head " + std::to_string(map)), 0U) << "a map is missing";
}

void expect_equals_golden(const std::string& model, const std::string& golden_name) {
  for (const auto executor : {ExecutorChoice::automatic, ExecutorChoice::aten})
    expect_equals_golden(model, golden_name, executor);
}

TEST(Network, V8CheckpointComputesWhatPythonDoes) { expect_equals_golden("tiny_v8.pt", "tiny_v8.golden"); }
TEST(Network, V5CheckpointComputesWhatPythonDoes) { expect_equals_golden("tiny_v5.pt", "tiny_v5.golden"); }
TEST(Network, V7CheckpointComputesWhatPythonDoes) { expect_equals_golden("tiny_v7.pt", "tiny_v7.golden"); }
TEST(Network, FusedV7CheckpointComputesWhatPythonDoes) { expect_equals_golden("tiny_v7_fused.pt", "tiny_v7.golden"); }
TEST(Network, V8ExportComputesWhatPythonDoesAtAnotherSizeThanTraced) {
  expect_equals_golden("tiny_v8.torchscript", "tiny_v8.golden");
}
TEST(Network, V5ExportComputesWhatPythonDoesAtAnotherSizeThanTraced) {
  expect_equals_golden("tiny_v5.torchscript", "tiny_v5.golden");
}
TEST(Network, V7ExportComputesWhatPythonDoesAtAnotherSizeThanTraced) {
  expect_equals_golden("tiny_v7.torchscript", "tiny_v7.golden");
}
TEST(Network, BlocksOfOtherFamiliesComputeWhatPythonDoes) {
  expect_equals_golden("tiny_blocks.pt", "tiny_blocks.golden");
}

TEST(Network, CheckpointInTheLayoutBeforeTorch16ComputesWhatPythonDoes) {
  expect_equals_golden("tiny_v5_legacy.pt", "tiny_v5.golden");
}
TEST(Network, V9eCheckpointComputesWhatPythonDoes) { expect_equals_golden("tiny_v9e.pt", "tiny_v9e.golden"); }
TEST(Network, V10CheckpointComputesWhatPythonDoes) { expect_equals_golden("tiny_v10.pt", "tiny_v10.golden"); }
TEST(Network, Oriented12CheckpointComputesWhatPythonDoes) {
  expect_equals_golden("tiny_12_obb.pt", "tiny_12_obb.golden");
}
TEST(Network, Segmenting26CheckpointComputesWhatPythonDoes) {
  expect_equals_golden("tiny_26_seg.pt", "tiny_26_seg.golden");
}

TEST(Network, SegmentingCheckpointComputesWhatPythonDoes) {
  expect_equals_golden("tiny_8_seg.pt", "tiny_8_seg.golden");
}
TEST(Network, PoseCheckpointsComputeWhatPythonDoes) {
  expect_equals_golden("tiny_8_pose.pt", "tiny_8_pose.golden");
  expect_equals_golden("tiny_26_pose.pt", "tiny_26_pose.golden");
}

TEST(Network, DescribesMasksAndKeypoints) {
  const auto head = [](const char* name) { return load_network(data(name)).info.head; };
  EXPECT_EQ(head("tiny_8_seg.pt").mask_channels, 4);
  EXPECT_EQ(head("tiny_26_seg.pt").mask_channels, 4);
  const auto old_pose = head("tiny_8_pose.pt").keypoints, new_pose = head("tiny_26_pose.pt").keypoints;
  EXPECT_EQ(old_pose.count, 2);
  EXPECT_EQ(old_pose.values, 3);
  EXPECT_EQ(old_pose.coding, KeypointCoding::corner);
  EXPECT_EQ(new_pose.count, 2);
  EXPECT_EQ(new_pose.coding, KeypointCoding::center);
  EXPECT_EQ(head("tiny_v8.pt").mask_channels, 0);
  EXPECT_EQ(head("tiny_v8.pt").keypoints.count, 0);
}

TEST(Network, CheckpointWithFoldedNormalizationsComputesWhatPythonDoes) {
  expect_equals_golden("tiny_deployed.pt", "tiny_deployed.golden");
}
TEST(Network, ExportWithSuppressionComputesWhatPythonDoesBeforeIt) {
  expect_equals_golden("tiny_deployed.torchscript", "tiny_deployed.golden");
  const auto info = load_network(data("tiny_deployed.torchscript")).info;
  EXPECT_EQ(info.layers.size(), 3U);
  EXPECT_EQ(info.head.type, "Detect");
  EXPECT_THAT(info.class_names, ElementsAre("circle", "square", "star"));
}

TEST(Network, RecognizesHeadsWithoutSuppressionAndHeadsOfOrientedBoxes) {
  const auto head = [](const char* name) { return load_network(data(name)).info.head; };
  EXPECT_FALSE(head("tiny_v8.pt").end_to_end);
  EXPECT_TRUE(head("tiny_v10.pt").end_to_end);
  EXPECT_TRUE(head("tiny_26_seg.pt").end_to_end);
  EXPECT_EQ(head("tiny_26_seg.pt").reg_max, 1);
  EXPECT_EQ(head("tiny_v8.pt").angle, AngleKind::none);
  EXPECT_EQ(head("tiny_12_obb.pt").angle, AngleKind::sigmoid);
}

std::string error_of(const std::filesystem::path& path) {
  return message_of([&] { load_network(path); });
}

TEST(Network, DescribesTheDflModel) {
  for (const auto* name : {"tiny_v8.pt", "tiny_v8.torchscript"}) {
    const auto info = load_network(data(name)).info;
    EXPECT_EQ(info.path, data(name).string());
    EXPECT_THAT(info.class_names, ElementsAre("circle", "square", "star"));
    EXPECT_EQ(info.image_size, 64);
    EXPECT_EQ(info.stride, 16);
    EXPECT_EQ(info.head.kind, HeadKind::dfl);
    EXPECT_EQ(info.head.class_count, 3);
    EXPECT_EQ(info.head.reg_max, 16);
    EXPECT_THAT(info.head.strides, ElementsAre(8, 16));
    EXPECT_THAT(info.head.inputs, ElementsAre(9, 12));
    ASSERT_EQ(info.layers.size(), 13U);
    const auto expect_layer = [&](int index, const char* type, int channels, int stride) {
      const auto& layer = info.layers[static_cast<std::size_t>(index)];
      EXPECT_EQ(layer.index, index);
      EXPECT_EQ(layer.type, type);
      EXPECT_EQ(layer.channels, channels);
      EXPECT_EQ(layer.stride, stride);
    };
    expect_layer(0, "Conv", 4, 2);
    expect_layer(2, "C2f", 8, 4);
    expect_layer(6, "SPPF", 16, 16);
    expect_layer(7, "Upsample", 16, 8);
    expect_layer(8, "Concat", 24, 8);
    expect_layer(12, "C2f", 16, 16);
  }
}

TEST(Network, DescribesTheAnchorModel) {
  for (const auto* name : {"tiny_v5.pt", "tiny_v5.torchscript"}) {
    const auto info = load_network(data(name)).info;
    EXPECT_THAT(info.class_names, ElementsAre("cat", "dog"));
    EXPECT_EQ(info.head.kind, HeadKind::anchors);
    EXPECT_EQ(info.head.class_count, 2);
    EXPECT_THAT(info.head.strides, ElementsAre(8, 16));
    EXPECT_THAT(info.head.inputs, ElementsAre(10, 13));
    ASSERT_EQ(info.head.anchors.size(), 2U);
    EXPECT_EQ(info.head.anchors[0][0], (std::array{10.0F, 13.0F}));
    EXPECT_EQ(info.head.anchors[1][2], (std::array{59.0F, 119.0F}));
    EXPECT_EQ(info.layers.size(), 14U);
  }
  EXPECT_EQ(load_network(data("tiny_v5.pt")).info.image_size, 64);
}

TEST(Network, DescribesTheAnchorModelWithAuxiliaryOutputs) {
  for (const auto* name : {"tiny_v7.pt", "tiny_v7.torchscript"}) {
    const auto info = load_network(data(name)).info;
    EXPECT_EQ(info.head.kind, HeadKind::anchors);
    EXPECT_EQ(info.head.type, "IAuxDetect");
    EXPECT_EQ(info.head.class_count, 2);
    EXPECT_THAT(info.head.strides, ElementsAre(8, 16));
    EXPECT_THAT(info.head.inputs, ElementsAre(14, 15));
    ASSERT_EQ(info.head.anchors.size(), 2U);
    EXPECT_EQ(info.head.anchors[1][2], (std::array{180.0F, 137.0F}));
    EXPECT_EQ(info.layers.size(), 18U);
    EXPECT_EQ(info.layers[0].type, "ReOrg");
    EXPECT_EQ(info.layers[0].channels, 12);
    EXPECT_EQ(info.layers[0].stride, 2);
    EXPECT_EQ(info.layers[0].receptive_field, 2);
    EXPECT_EQ(info.layers[1].receptive_field, 6);  // 2 + (3 - 1)·2
    EXPECT_EQ(info.layers[8].type, "Shortcut");
  }
}

TEST(Network, SameBytesOutForTheSameImage) {
  for (const auto* name : {"tiny_v8.pt", "tiny_v8.torchscript"}) {
    const auto network = load_network(data(name), taps({9}));
    const auto first = test::run(network, pattern(64, 96));
    test::run(network, pattern(32, 64));
    const auto again = test::run(network, pattern(64, 96));
    EXPECT_TRUE(first.taps[0].equal(again.taps[0]));
    EXPECT_TRUE(first.levels[1].boxes.equal(again.levels[1].boxes));
  }
}

TEST(Network, CheckpointsGiveTheSameBytesWhateverTheNumberOfThreads) {
  for (const auto executor : {ExecutorChoice::automatic, ExecutorChoice::aten}) {
    const auto load = [&](int threads) {
      return load_network(data("tiny_v8.pt"), taps({0, 2, 9}), {.executor = executor, .threads = threads});
    };
    const auto image = pattern(480, 528);  // maps of sizes that do not divide evenly
    const auto expected = test::run(load(1), image);
    for (const int threads : {2, 3, 4}) {
      const auto network = load(threads);
      const auto mode = threads == 2 ? PassMode::alone : PassMode::shared;
      const auto output = test::run(network, image, mode);
      for (std::size_t i = 0; i < expected.taps.size(); ++i)
        EXPECT_TRUE(output.taps[i].equal(expected.taps[i])) << threads << " threads, tap " << i;
      for (std::size_t i = 0; i < expected.levels.size(); ++i)
        EXPECT_TRUE(output.levels[i].boxes.equal(expected.levels[i].boxes)) << threads << " threads, level " << i;
    }
  }
}

TEST(Network, BytesMeanTheNumbersThatTheyAreSharesOf) {
  const auto bytes = (pattern(64, 96) * 255).round().to(at::kByte).contiguous(at::MemoryFormat::ChannelsLast);
  const auto numbers = bytes.to(at::kFloat) / 255;
  for (const auto* name : {"tiny_v8.pt", "tiny_v8.torchscript"})
    for (const auto executor : {ExecutorChoice::automatic, ExecutorChoice::aten}) {
      const auto network = load_network(data(name), taps({9}), {.executor = executor, .precision = Precision::f32});
      const auto expected = test::run(network, numbers), output = test::run(network, bytes);
      EXPECT_LT(test::largest_difference(output.taps[0], expected.taps[0]), 1e-5) << name;
      EXPECT_LT(test::largest_difference(output.levels[1].classes, expected.levels[1].classes), 1e-4) << name;
    }
}

TEST(Network, ImpossibleRequestsListThePossibleOnes) {
  const auto path = data("tiny_v8.pt");
  const auto prepare = [&](std::vector<int> layers, const std::string& device) {
    return message_of([&] { load_network(path, taps(std::move(layers)), {.device = device}); });
  };
  EXPECT_EQ(prepare({13}, "cpu"),
            path.string() + ": there is no layer 13 to take features from; it has layers 0 to 12");
  EXPECT_THAT(prepare({-1}, "cpu"), HasSubstr("no layer -1"));
  EXPECT_EQ(prepare({}, "gpu"), "device 'gpu' is not one of cpu, cuda, cuda:N");
  EXPECT_THAT(prepare({}, "cuda:4096"), HasSubstr("device 'cuda:4096'"));
  const auto network = load_network(path);
  const auto forward = [&](const Tensor& image) { return message_of([&] { network.run(image); }); };
  EXPECT_THAT(forward(Tensor::filled({1, 64, 90, 3}, 0)), HasSubstr("W multiples of 16; got 1×64×90×3"));
  EXPECT_THAT(forward(Tensor::filled({64, 64, 3}, 0)), HasSubstr("got 64×64×3"));
  EXPECT_THAT(forward(Tensor()), HasSubstr("got none"));
}

TEST(Network, ExportsRunOnLibTorchOnly) {
  const auto load = [](ExecutorChoice executor) {
    load_network(data("tiny_v8.torchscript"), no_taps, {.executor = executor});
  };
  EXPECT_NO_THROW(load(ExecutorChoice::aten));
  EXPECT_NO_THROW(load(ExecutorChoice::automatic));
  try {
    load(ExecutorChoice::openvino);
    FAIL() << "not refused";
  } catch (const SettingError& error) {
    EXPECT_EQ(error.setting(), "detector.executor");
    EXPECT_THAT(error.message(), StartsWith("no executor can run this model (openvino: "));
  }
}

TEST(Network, FilesThatAreNoModelAreNamed) {
  const test::TemporaryFolder folder;
  const auto missing = folder / "missing.pt";
  EXPECT_EQ(error_of(missing), missing.string() + ": no such file");
  EXPECT_THAT(error_of(folder.path()), HasSubstr("is not a file"));
  const auto error_for = [&](const std::string& content) { return error_of(folder.write("x.pt", content)); };
  EXPECT_THAT(error_for(""), HasSubstr("x.pt: is empty"));
  EXPECT_THAT(error_for("\n<!DOCTYPE html><html>"), HasSubstr("is a web page"));
  EXPECT_THAT(error_for("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"), HasSubstr("Git LFS pointer"));
  EXPECT_THAT(error_for("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."), HasSubstr("ends early"));
  EXPECT_THAT(error_for("\x08\x07\x12\x07pytorch\x1a\x05"s),
              AnyOf(HasSubstr("is damaged"), HasSubstr("because it has no OpenVINO")));
  EXPECT_THAT(error_for("ftrt\x00\x00"s), HasSubstr("TensorRT engine"));
  EXPECT_THAT(error_for("hello"),
              HasSubstr("neither a checkpoint (.pt) nor an export (.torchscript, .onnx, or .xml of OpenVINO)"));
  EXPECT_THAT(error_for("PK\x03\x04 and no more"), HasSubstr("truncated or damaged"));
  const auto other = folder / "other.pt";
  test::write_records(other, {{"notes.txt", "not a model"}});
  EXPECT_THAT(error_of(other), HasSubstr("is a zip file, but neither"));
}

TEST(Network, ContentDecidesNotTheName) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("export.pt", test::read_file(data("tiny_v8.torchscript")));
  EXPECT_EQ(load_network(path).info.layers.size(), 13U);
}

TEST(Network, UnsupportedModelsNameLayerAndClass) {
  const test::TemporaryFolder folder;
  const auto records = test::read_records(data("tiny_v8.pt"));
  const auto error_with = [&](const std::string& from, const std::string& to) {
    auto altered = records;
    const auto pickle = test::replaced(records.at("data.pkl"), from, to);
    EXPECT_NE(pickle, records.at("data.pkl")) << from;
    altered["data.pkl"] = pickle;
    test::write_records(folder / "altered.pt", altered);
    return error_of(folder / "altered.pt");
  };
  EXPECT_THAT(error_with("\nC2f\n", "\nC2fAttn\n"),
              HasSubstr("altered.pt: layer 2 (C2fAttn): module class 'ultralytics.nn.modules.block.C2fAttn' is not "
                        "supported; export the model to TorchScript"));
  EXPECT_THAT(error_with("\nSiLU\n", "\nMish\n"), HasSubstr("layer 0 (Conv): activation Mish is not supported"));
  EXPECT_THAT(error_with("head\nDetect\n", "head\nOBB\n"), HasSubstr("layer 13 (OBB): OBB has no part 'cv4'"));
  EXPECT_THAT(error_with("head\nDetect\n", "head\nSegment\n"), HasSubstr("Segment.nm is not a whole number"));
  EXPECT_THAT(error_with("head\nDetect\n", "head\nPose\n"), HasSubstr("Pose.kpt_shape is not a list"));
  for (const auto& [head, task] : {std::pair{"Classify", "classification"},
                                   {"ISegment", "YOLOv7 segmentation"},
                                   {"IKeypoint", "YOLOv7 pose estimation"}})
    EXPECT_THAT(error_with("head\nDetect\n", "head\n"s + head + "\n"),
                HasSubstr("is a model for "s + task + " (head '" + head + "'); use a detection model"));
  for (const auto& [head, task] : {std::pair{"RTDETRDecoder", "RT-DETR detection"},
                                   {"WorldDetect", "open-vocabulary detection"},
                                   {"YOLOEDetect", "open-vocabulary detection"},
                                   {"YOLOESegment26", "open-vocabulary segmentation"}})
    EXPECT_THAT(error_with("head\nDetect\n", "head\n"s + head + "\n"),
                HasSubstr("altered.pt: is a model for "s + task + " (head '" + head +
                          "'); export it to ONNX ('yolo export format=onnx') and use that file"));
  EXPECT_THAT(
      error_with("head\nDetect\n", "head\nIBin\n"),
      HasSubstr("is a model for YOLOv7 detection with binned box sizes (head 'IBin'); use a model with the head "
                "IDetect"));
}

TEST(Network, ClassesOfTheScriptThatSavedTheModelAreRecognizedByTheirNames) {
  const test::TemporaryFolder folder;
  auto records = test::read_records(data("tiny_v8.pt"));
  auto& pickle = records.at("data.pkl");
  pickle = test::replaced(pickle, "cultralytics.nn.modules.head\nDetect\n", "c__main__\nDetect\n");
  test::write_records(folder / "script.pt", records);
  const auto image = pattern(64, 96);
  const auto expected = test::run(load_network(data("tiny_v8.pt")), image);
  EXPECT_TRUE(test::run(load_network(folder / "script.pt"), image).levels[0].boxes.equal(expected.levels[0].boxes));
}

TEST(Network, ReorganizesOnlyFewChannels) {
  const test::TemporaryFolder folder;
  auto records = test::read_records(data("tiny_v7.pt"));
  auto& pickle = records.at("data.pkl");
  pickle = test::replaced(pickle, "\nRepConv\n", "\nReOrg\n");
  test::write_records(folder / "wide.pt", records);
  EXPECT_THAT(error_of(folder / "wide.pt"), HasSubstr("wide.pt: layer 14 (ReOrg): ReOrg of more than 16 channels"));
}

TEST(Network, WeightsWithoutANetworkAreRefused) {
  const test::TemporaryFolder folder;
  test::write_records(folder / "weights.pt", {{"data.pkl", "\x80\x02}q\x00."s}});
  EXPECT_THAT(error_of(folder / "weights.pt"), HasSubstr("contains no network, perhaps only weights"));
}

TEST(Network, UnusableExportsGiveTheReason) {
  const test::TemporaryFolder folder;
  const auto records = test::read_records(data("tiny_v8.torchscript"));
  const auto error_with = [&](const std::string& from, const std::string& to) {
    auto altered = records;
    for (auto& [name, bytes] : altered)
      if (name.ends_with(".py") || name.ends_with(".txt")) bytes = test::replaced(bytes, from, to);
    EXPECT_NE(altered, records) << from;
    test::write_records(folder / "altered.torchscript", altered);
    return error_of(folder / "altered.torchscript");
  };
  EXPECT_THAT(error_with("torch.silu_", "torch.newer_silu"), HasSubstr("needs the operator 'aten::newer_silu', which"));
  EXPECT_THAT(error_with("torch.silu_(", "torch.silu_(1, "), HasSubstr("use the model's .pt file"));
  EXPECT_THAT(error_with("\"detect\"", "\"classify\""), HasSubstr("is a model for the task 'classify'"));
  EXPECT_THAT(error_with(", \"2\": \"star\"", ""), HasSubstr("its head has 3 classes, but its config.txt names 2"));
  EXPECT_THAT(error_with("\"stride\"", "stride"), HasSubstr("config.txt inside it is invalid"));
}

}  // namespace
}  // namespace onepass::model
