// Compares our own exports (tools/models/make_test_exports.py) with their outputs in PyTorch.
#include "model/run/openvino/openvino_file.hpp"

#include <set>

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/processor.hpp"
#include "model/load_network.hpp"
#include "onepass/setting_error.hpp"
#include "support/at_maps.hpp"
#include "support/checkpoint_files.hpp"
#include "support/environment.hpp"
#include "support/golden.hpp"
#include "support/message_of.hpp"
#include "support/taps.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_data.hpp"

namespace onepass::model {
namespace {

using test::data;
using test::Golden;
using test::largest_difference;
using test::layers_in;
using test::message_of;
using test::pattern;
using test::read_golden;
using test::taps;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Largest difference relative to the largest value, for every tensor of the golden file.
void expect_equals_golden(const std::string& model, const std::string& golden_name, double tolerance) {
  const auto golden = read_golden(data(golden_name));
  const auto layers = layers_in(golden);
  const auto output =
      test::run(load_network(data(model), taps(layers), {.precision = Precision::f32}), pattern(64, 96));
  ASSERT_EQ(output.taps.size(), layers.size());
  EXPECT_TRUE(output.levels.empty());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto& expected = golden.at("layer " + std::to_string(layers[i]));
    EXPECT_LT(largest_difference(output.taps[i], expected), tolerance * expected.abs().max().item<double>())
        << model << " layer " << layers[i];
  }
  auto rows = golden.at("rows");
  if (rows.size(1) < rows.size(2) && rows.size(1) < 10) rows = rows.transpose(1, 2);  // v8: 1×columns×anchors
  EXPECT_LT(largest_difference(output.rows, rows), tolerance * rows.abs().max().item<double>()) << model;
}

constexpr double rounding = 3e-5;

TEST(OpenvinoFile, V8OnnxComputesWhatPythonDoes) {
  expect_equals_golden("export_v8.onnx", "export_v8.golden", rounding);
}
TEST(OpenvinoFile, V8OpenvinoModelComputesWhatPythonDoes) {
  expect_equals_golden("export_v8_openvino/export_v8.xml", "export_v8.golden", rounding);
}
TEST(OpenvinoFile, TheFolderOfAnOpenvinoModelIsTheModel) {
  expect_equals_golden("export_v8_openvino", "export_v8.golden", rounding);
}
TEST(OpenvinoFile, EndToEndOnnxComputesWhatPythonDoes) {
  expect_equals_golden("export_end2end.onnx", "export_end2end.golden", rounding);
}
TEST(OpenvinoFile, YoloxTakesBlueFirstAndValuesUpTo255) {
  expect_equals_golden("export_yolox.onnx", "export_yolox.golden", rounding);
  expect_equals_golden("export_yolox_decoded.onnx", "export_yolox_decoded.golden", rounding);
}
TEST(OpenvinoFile, QueryDetectorComputesWhatPythonDoes) {
  expect_equals_golden("export_queries.onnx", "export_queries.golden", rounding);
}
TEST(OpenvinoFile, DeployedQueryDetectorIsGivenTheSizeOfItsInput) {
  expect_equals_golden("export_deployed.onnx", "export_deployed.golden", rounding);
}
TEST(OpenvinoFile, QuantizedModelsRunAsTheyAre) {
  if (!has_vnni()) GTEST_SKIP() << "without VNNI, sums of 8-bit products overflow in these exports";
  const auto golden = read_golden(data("export_v8.golden"));
  const auto layers = layers_in(golden);
  for (const auto* name : {"export_v8_int8.xml", "export_v8_qdq.onnx"})
    for (const auto precision : {Precision::automatic, Precision::int8, Precision::f32}) {
      const auto output = test::run(load_network(data(name), taps(layers), {.precision = precision}), pattern(64, 96));
      for (std::size_t i = 0; i < layers.size(); ++i) {
        const auto& expected = golden.at("layer " + std::to_string(layers[i]));
        const auto error = (output.taps[i] - expected).norm().item<double>() / expected.norm().item<double>();
        EXPECT_LT(error, 0.25) << name << " layer " << layers[i];
        EXPECT_GT(error, 1e-4) << name << " layer " << layers[i] << " is not quantized";
      }
    }
  EXPECT_THAT(message_of([] { load_network(data("export_v8.onnx"), no_taps, {.precision = Precision::int8}); }),
              HasSubstr("openvino: this model is not quantized"));
}

TEST(OpenvinoFile, QuantizedModelsAreInaccurateWithoutVnni) {
  const test::Environment processor("ONEDNN_MAX_CPU_ISA", "AVX2");
  EXPECT_THAT(load_network(data("export_v8_int8.xml")).executor->caution(), HasSubstr("this processor has no VNNI"));
  EXPECT_EQ(load_network(data("export_v8.onnx")).executor->caution(), "");
}

TEST(OpenvinoFile, V5OnnxWithNumberedOperatorsComputesWhatPythonDoes) {
  const auto golden = read_golden(data("export_v5.golden"));
  const auto network = load_network(data("export_v5.onnx"), taps({0, 1, 2, 3}), {.precision = Precision::f32});
  const auto output = test::run(network, pattern(64, 96));
  const char* layers[] = {"layer 0", "layer 2", "layer 4", "layer 6"};  // the last ones of strides 2, 4, 8 and 16
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_LT(largest_difference(output.taps[i], golden.at(layers[i])), 1e-4) << layers[i];
  EXPECT_LT(largest_difference(output.rows, golden.at("rows")), 1e-3);
}

TEST(OpenvinoFile, DecodesInSinglePrecisionWhateverTheNetworksPrecision) {
  const auto rows = read_golden(data("export_v8.golden")).at("rows").transpose(1, 2);
  const auto network = load_network(data("export_v8.onnx"), no_taps, {.precision = Precision::bf16});
  const auto boxes = test::run(network, pattern(64, 96)).rows.narrow(2, 0, 4);
  EXPECT_LT(largest_difference(boxes, rows.narrow(2, 0, 4)),
            0.25);  // the bins of bf16 probabilities are half a pixel off
}

TEST(OpenvinoFile, DescribesTheModulesOfAChain) {
  for (const auto* name : {"export_v8.onnx", "export_v8_openvino", "export_v8_int8.xml"}) {
    const auto info = load_network(data(name)).info;
    EXPECT_EQ(info.path, data(name).string());
    EXPECT_THAT(info.class_names, ElementsAre("circle", "square", "star"));
    EXPECT_EQ(info.image_size, 96) << name;
    EXPECT_EQ(info.stride, 16) << name;
    EXPECT_EQ(info.fit, FrameFit::centered);
    EXPECT_EQ(info.head.kind, HeadKind::rows);
    EXPECT_FALSE(info.head.end_to_end);
    EXPECT_THAT(info.head.strides, ElementsAre(8, 16)) << name;
    EXPECT_THAT(info.head.inputs, ElementsAre(9, 12)) << name;
    ASSERT_EQ(info.layers.size(), 13U) << name;
    const auto expect_layer = [&](int index, const char* type, int channels, int stride, int receptive_field) {
      const auto& layer = info.layers[static_cast<std::size_t>(index)];
      EXPECT_EQ(layer.index, index);
      EXPECT_EQ(layer.type, type) << name << " " << index;
      EXPECT_EQ(layer.channels, channels) << name << " " << index;
      EXPECT_EQ(layer.stride, stride) << name << " " << index;
      EXPECT_EQ(layer.receptive_field, receptive_field) << name << " " << index;
    };
    // Receptive fields: 3x3 convolutions add 2 cells of their input's stride, three pools of 5 cells add 12.
    expect_layer(0, "Conv", 4, 2, 3);
    expect_layer(1, "Conv", 8, 4, 3 + 4);
    expect_layer(2, "Block", 8, 4, 7 + 8 + 8);
    expect_layer(6, "Block", 8, 16, 79 + 12 * 16);
    expect_layer(7, "Upsample", 8, 8, 271);
    expect_layer(8, "Concat", 16, 8, 271);
    expect_layer(12, "Block", 8, 16, 335);
  }
}

TEST(OpenvinoFile, OtherwiseTheLayersAreTheLastMapsOfTheBackbonesStrides) {
  for (const auto* name : {"export_yolox.onnx", "export_queries.onnx", "export_deployed.onnx"}) {
    const auto info = load_network(data(name)).info;
    std::vector<int> strides;
    for (const auto& layer : info.layers) strides.push_back(layer.stride);
    EXPECT_THAT(strides, ElementsAre(2, 4, 8, 16, 32)) << name;
    EXPECT_EQ(info.layers[2].type, "/backbone/stages.1/stages.1.1/cv2/act/Mul");
    EXPECT_THAT(info.head.inputs, IsEmpty()) << name;
  }
}

TEST(OpenvinoFile, EveryOperatorWithAMapCanBeTapped) {
  for (const auto* name : {"export_v8.onnx", "export_queries.onnx"}) {
    const auto info = load_network(data(name)).info;
    EXPECT_EQ(info.layers[2].name.find('/'), 0U) << info.layers[2].name;
    ASSERT_GT(info.operators.size(), 20U);
    std::vector<int> numbers;
    std::set<std::string> names;
    for (const auto& each : info.operators) {
      EXPECT_EQ(each.index, std::ssize(info.layers) + std::ssize(numbers));
      EXPECT_TRUE(names.insert(each.name).second) << each.name;
      numbers.push_back(each.index);
    }
    for (const auto& layer : info.layers) EXPECT_FALSE(names.contains(layer.name)) << layer.name;
    const auto size = info.only_size.value_or(ImageSize{96, 64});
    const auto output = test::run(load_network(data(name), taps(numbers)), pattern(size.height, size.width));
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const auto& map = output.taps[i];
      EXPECT_EQ(map.size(1), info.operators[i].channels) << info.operators[i].name;
      EXPECT_EQ(map.size(2), size.height / info.operators[i].stride) << info.operators[i].name;
    }
  }
}

TEST(OpenvinoFile, KnowsTheFamiliesByTheirOutputs) {
  const auto yolox = load_network(data("export_yolox.onnx")).info;
  EXPECT_EQ(yolox.head.rows.boxes, RowBoxes::offsets);
  EXPECT_EQ(yolox.fit, FrameFit::top_left);
  EXPECT_THAT(yolox.class_names, ElementsAre("class 0", "class 1"));
  EXPECT_EQ(load_network(data("export_yolox_decoded.onnx")).info.head.rows.boxes, RowBoxes::center);
  const auto queries = load_network(data("export_queries.onnx")).info;
  EXPECT_EQ(queries.head.rows.scores, RowScores::logits);
  EXPECT_EQ(queries.head.rows.unit, RowUnit::shares);
  EXPECT_EQ(queries.fit, FrameFit::stretched);
  EXPECT_TRUE(queries.head.end_to_end);
  const auto v5 = load_network(data("export_v5.onnx")).info;
  EXPECT_EQ(v5.head.rows.rows_per_cell, 3);
  EXPECT_EQ(v5.head.class_count, 2);
  const auto best = load_network(data("export_end2end.onnx")).info;
  EXPECT_EQ(best.head.rows.scores, RowScores::best);
  EXPECT_EQ(best.head.rows.boxes, RowBoxes::corners);
}

TEST(OpenvinoFile, DynamicModelsRunAtAnyMultipleOfTheStrideAndFixedOnesAtTheirSize) {
  const auto dynamic = load_network(data("export_v8.onnx"));
  EXPECT_FALSE(dynamic.info.only_size);
  EXPECT_EQ(test::run(dynamic, pattern(32, 48)).rows.sizes(), (at::IntArrayRef{1, 4 * 6 + 2 * 3, 7}));
  const auto fixed = load_network(data("export_v5.onnx"));
  ASSERT_TRUE(fixed.info.only_size);
  EXPECT_EQ(fixed.info.only_size->width, 96);
  EXPECT_EQ(fixed.info.only_size->height, 64);
  EXPECT_THAT(message_of([&] { test::run(fixed, pattern(64, 64)); }), HasSubstr("only runs on images of 96×64"));
}

/// A copy of a model in a folder, with a description beside it.
class CopiedModel {
 public:
  explicit CopiedModel(const std::string& name) : file_(folder_ / name) { std::filesystem::copy(data(name), file_); }
  void describe(const std::string& yaml) { folder_.write(file_.stem().string() + ".yaml", yaml); }
  Network load(std::vector<int> layers = {}) const {
    return load_network(file_, taps(std::move(layers)), {.precision = Precision::f32});
  }
  std::string error() const {
    return message_of([&] { load(); });
  }

 private:
  test::TemporaryFolder folder_;
  std::filesystem::path file_;
};

TEST(OpenvinoFile, AYamlFileBesideTheModelDescribesIt) {
  CopiedModel model("export_queries.onnx");
  model.describe(
      "names: [a, b, c]\nfit: top-left\nchannels: bgr\nwhite: 255\nlayers: [/backbone/stem/act/Mul]\n"
      "outputs: [pred_boxes, logits]\n");
  const auto network = model.load({0, 5});
  EXPECT_THAT(network.info.class_names, ElementsAre("a", "b", "c"));
  EXPECT_EQ(network.info.fit, FrameFit::top_left);
  ASSERT_EQ(network.info.layers.size(), 6U);
  EXPECT_EQ(network.info.layers[5].type, "/backbone/stem/act/Mul");
  const auto output = test::run(network, pattern(64, 96));
  EXPECT_EQ(largest_difference(output.taps[0], output.taps[1]), 0);
  const auto plain = load_network(data("export_queries.onnx"), no_taps, {.precision = Precision::f32});
  const auto expected = test::run(plain, pattern(64, 96).flip(1) * 255).rows;
  EXPECT_LT(largest_difference(output.rows, expected), rounding * expected.abs().max().item<double>());
  model.describe("mean: [0.1, 0.2, 0.3]\nstd: [0.5, 0.6, 0.7]\n");
  const auto mean = at::tensor({0.1F, 0.2F, 0.3F}).view({1, 3, 1, 1}),
             deviation = at::tensor({0.5F, 0.6F, 0.7F}).view({1, 3, 1, 1});
  EXPECT_LT(largest_difference(test::run(model.load(), pattern(64, 96)).rows,
                               test::run(plain, (pattern(64, 96) - mean) / deviation).rows),
            1e-4);
}

TEST(OpenvinoFile, UnusableDescriptionsNameFileAndKey) {
  CopiedModel model("export_queries.onnx");
  model.describe("name: [a, b, c]\n");
  EXPECT_THAT(model.error(), HasSubstr("export_queries.yaml: unknown key 'name' (did you mean 'names'?)"));
  model.describe("layers: [nowhere]\n");
  EXPECT_THAT(model.error(), HasSubstr("layers: there is no operator 'nowhere'"));
  model.describe("outputs: [boxes]\n");
  EXPECT_THAT(model.error(), HasSubstr("has no output 'boxes'; its outputs are 'pred_boxes' 1×12×4, 'logits' 1×12×3"));
  model.describe("layout: yolov8\n");
  EXPECT_THAT(model.error(), HasSubstr("its outputs are not those of a known detector: 'pred_boxes' 1×12×4"));
}

TEST(OpenvinoFile, ModelsWithoutClassNamesWhereTheyAreNeededSayWhatToWrite) {
  const CopiedModel model("export_deployed.onnx");  // without its description
  EXPECT_THAT(model.error(), HasSubstr("write their names into a YAML file beside it, of the same name, such as "
                                       "{names: [person, car]}"));
}

TEST(OpenvinoFile, DamagedAndForeignFilesAreRefusedInOneLine) {
  const test::TemporaryFolder folder;
  const auto error_of = [&](const std::string& name, const std::string& content) {
    const auto path = folder.write(name, content);
    return message_of([&] { load_network(path); });
  };
  const auto onnx = test::read_file(data("export_v8.onnx"));
  EXPECT_THAT(error_of("cut.onnx", onnx.substr(0, onnx.size() / 2)), HasSubstr("cut.onnx: is damaged"));
  EXPECT_THAT(error_of("operator.onnx", test::replaced(onnx, "Sigmoid", "Sigmold")),
              HasSubstr("needs the operator Sigmold"));
  EXPECT_THAT(
      error_of("opset.onnx", test::replaced(onnx, std::string("\x42\x02\x10\x11"), "\x42\x02\x10\x63")),
      HasSubstr("opset.onnx: uses version 99 of ONNX's operators, which onepass does not know (1 to 28); export "
                "the model again with an older operator set, such as opset=17"));
  const auto external = test::read_file(data("external_weights.onnx"));
  EXPECT_THAT(error_of("external.onnx", external),
              testing::EndsWith("external.onnx: its weights are in another file, 'weights.data', which is missing or "
                                "incomplete; put it beside the model"));
  EXPECT_THAT(error_of("length.onnx", test::replaced(external, "length", "lengxh")),
              HasSubstr("its weights are in another file, 'weights.data'"));
  EXPECT_THAT(error_of("task.onnx", test::replaced(onnx, "detect", "detach")),
              HasSubstr("is a model for the task 'detach'; use a detection model"));
  const auto xml = test::read_file(data("export_v8_openvino/export_v8.xml"));
  EXPECT_THAT(error_of("alone.xml", xml), HasSubstr("its weights, 'alone.bin', are missing"));
  folder.write("short.bin", "1234");
  EXPECT_THAT(error_of("short.xml", xml), HasSubstr("its weights, 'short.bin', are incomplete"));
  EXPECT_THAT(error_of("cut.xml", xml.substr(0, xml.size() / 2)), HasSubstr("is damaged"));
  EXPECT_THAT(error_of("page.xml", "<?xml version=\"1.0\"?>\n<!DOCTYPE html>\n<html><body/></html>"),
              HasSubstr("is a web page"));
  EXPECT_THAT(error_of("other.xml", "<?xml version=\"1.0\"?><!-- a --><annotation><net/></annotation>"),
              HasSubstr("is an XML file, but not a model of OpenVINO: its first element is 'annotation', not 'net'"));
  EXPECT_THAT(message_of([&] { load_network(folder.path()); }), HasSubstr("is a folder with 5 .xml files"));
}

TEST(OpenvinoFile, DynamicModelsThatDoNotTellTheirSizeSayWhatToWrite) {
  const test::TemporaryFolder folder;
  const auto onnx = test::read_file(data("export_v8.onnx"));
  const auto path = folder.write("any.onnx", test::replaced(onnx, "imgsz", "imgzs"));
  EXPECT_THAT(message_of([&] { load_network(path); }), HasSubstr("such as {imgsz: 640, stride: 32}"));
  folder.write("any.yaml", "imgsz: [64, 96]\n");
  EXPECT_EQ(load_network(path).info.image_size, 96);
}

}  // namespace
}  // namespace onepass::model
