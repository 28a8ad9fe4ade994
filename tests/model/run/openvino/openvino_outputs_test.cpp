// The expected layouts are those of the exporters' documentation: Ultralytics, YOLOv5, YOLOv7, YOLOX, RT-DETR, RF-DETR.
#include "model/run/openvino/openvino_outputs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_of.hpp"

namespace onepass::model {
namespace {

using test::message_of;
using testing::ElementsAre;
using testing::HasSubstr;

NetworkResults results(std::vector<NetworkResult> all, ImageSize input = {640, 640}) {
  return {.all = std::move(all), .input = input};
}

ModelNotes with_names(int count) {
  ModelNotes notes;
  notes.names.assign(static_cast<std::size_t>(count), "thing");
  return notes;
}

TEST(Outputs, UltralyticsRaw) {
  const auto source = recognize(results({{"output0", {1, 84, 8400}}}), with_names(80));
  EXPECT_TRUE(source.columns_first);
  EXPECT_EQ(source.head.class_count, 80);
  EXPECT_THAT(source.head.strides, ElementsAre(8, 16, 32));
  EXPECT_EQ(source.head.rows.rows_per_cell, 1);
  EXPECT_EQ(source.head.rows.boxes, RowBoxes::center);
  EXPECT_FALSE(source.head.end_to_end);
  EXPECT_EQ(recognize(results({{"output0", {1, 84, 8400}}}), {}).head.class_count, 80);
}

TEST(Outputs, UltralyticsRawWithOneRowPerAnchor) {
  const auto given = results({{"transposed", {1, 8400, 84}}});
  const auto source = recognize(given, with_names(80));
  EXPECT_FALSE(source.columns_first);
  EXPECT_EQ(source.layout, OutputLayout::yolov8);
  EXPECT_EQ(source.head.class_count, 80);
  EXPECT_EQ(source.head.rows.scores, recognize(results({{"output0", {1, 84, 8400}}}), {}).head.rows.scores);
  EXPECT_EQ(recognize(given, with_names(79)).layout, OutputLayout::yolox);
  ModelNotes notes;
  notes.layout = OutputLayout::yolov8;
  EXPECT_EQ(recognize(given, notes).head.class_count, 80);
}

TEST(Outputs, LevelsFollowFromTheNumberOfAnchors) {
  const auto strides = [](std::int64_t anchors, ImageSize input) {
    return recognize(results({{"output0", {1, 84, anchors}}}, input), {}).head.strides;
  };
  EXPECT_THAT(strides(80 * 48 + 40 * 24 + 20 * 12, {640, 384}), ElementsAre(8, 16, 32));
  EXPECT_THAT(strides(160 * 160 + 8400, {640, 640}), ElementsAre(4, 8, 16, 32));
  EXPECT_THAT(strides(160 * 160 + 6400 + 1600 + 400, {1280, 1280}), ElementsAre(8, 16, 32, 64));
}

TEST(Outputs, ColumnsAfterTheClassesAreIgnored) {
  auto notes = with_names(80);
  notes.task = "segment";
  const NetworkResult masks{"output1", {1, 32, 160, 160}};
  EXPECT_EQ(recognize(results({{"output0", {1, 116, 8400}}, masks}), notes).head.class_count, 80);
  EXPECT_EQ(recognize(results({{"output0", {1, 116, 8400}}, masks}), {}).head.class_count, 80);
  notes = with_names(1);
  notes.task = "pose";
  EXPECT_EQ(recognize(results({{"output0", {1, 56, 8400}}}), notes).head.class_count, 1);
  notes = with_names(15);
  notes.task = "obb";
  const auto oriented = recognize(results({{"output0", {1, 20, 8400}}}), notes);
  EXPECT_EQ(oriented.head.class_count, 15);
  EXPECT_EQ(oriented.head.rows.angle_column, 19);
}

TEST(Outputs, EndToEnd) {
  const auto source = recognize(results({{"output0", {1, 300, 6}}}), with_names(80));
  EXPECT_EQ(source.head.rows.boxes, RowBoxes::corners);
  EXPECT_EQ(source.head.rows.scores, RowScores::best);
  EXPECT_EQ(source.head.rows.rows_per_cell, 0);
  EXPECT_TRUE(source.head.end_to_end);
  EXPECT_EQ(recognize(results({{"output0", {1, -1, 6}}}), with_names(80)).head.rows.scores, RowScores::best);
  EXPECT_EQ(recognize(results({{"output0", {1, 300, 38}}}), with_names(80)).head.rows.scores, RowScores::best);
}

TEST(Outputs, ObjectsAreNotTakenForCells) {
  // 20·12 + 10·6 cells of the strides 32 and 64 are 300 too, and so are three times the cells of 64 and 128 here.
  for (const ImageSize size : {ImageSize{640, 384}, {640, 512}, {512, 640}, {320, 256}, {1280, 768}}) {
    const auto source = recognize(results({{"output0", {1, 300, 6}}}, size), with_names(1));
    EXPECT_EQ(source.head.rows.scores, RowScores::best) << size.width << "×" << size.height;
    EXPECT_EQ(source.head.rows.rows_per_cell, 0);
  }
}

TEST(Outputs, BoxesOfCellsAreNotTakenForThoseOfQueries) {
  const auto given = results({{"boxes", {1, 8400, 4}}, {"scores", {1, 8400, 80}}});
  EXPECT_THAT(message_of([&] { recognize(given, {}); }), HasSubstr("boxes"));
  ModelNotes notes;
  notes.layout = OutputLayout::detr;
  EXPECT_EQ(recognize(given, notes).head.class_count, 80);
}

TEST(Outputs, V5AndV7HaveThreeRowsPerCell) {
  const auto source = recognize(results({{"output", {1, 25200, 85}}}), {});
  EXPECT_EQ(source.head.rows.rows_per_cell, 3);
  EXPECT_EQ(source.head.rows.scores, RowScores::objectness);
  EXPECT_EQ(source.head.rows.boxes, RowBoxes::center);
  EXPECT_EQ(source.head.class_count, 80);
}

TEST(Outputs, YoloxHasOneRowPerCell) {
  auto given = results({{"output", {1, 3549, 85}}}, {416, 416});
  const auto source = recognize(given, {});
  EXPECT_EQ(source.layout, OutputLayout::yolox);
  EXPECT_EQ(source.head.rows.rows_per_cell, 1);
  EXPECT_EQ(source.head.rows.boxes, RowBoxes::offsets);
  given.has_exponential = true;
  EXPECT_EQ(recognize(given, {}).head.rows.boxes, RowBoxes::center);
  ModelNotes notes;
  notes.layout = OutputLayout::yolov5;
  EXPECT_EQ(recognize(given, notes).layout, OutputLayout::yolov5);
}

TEST(Outputs, QueryDetectors) {
  const NetworkResult boxes{"pred_boxes", {1, 300, 4}}, logits{"logits", {1, 300, 91}};
  const auto source = recognize(results({logits, boxes}), {});
  EXPECT_THAT(source.outputs, ElementsAre(1, 0));
  EXPECT_EQ(source.head.class_count, 91);
  EXPECT_EQ(source.head.rows.unit, RowUnit::shares);
  EXPECT_EQ(source.head.rows.scores, RowScores::logits);
  const NetworkResult probabilities{"scores", {1, 300, 91}, true};
  EXPECT_EQ(recognize(results({boxes, probabilities}), {}).head.rows.scores, RowScores::classes);
  const NetworkResult four{"logits", {1, 300, 4}};
  EXPECT_THAT(recognize(results({boxes, four}), {}).outputs, ElementsAre(0, 1));
}

TEST(Outputs, UltralyticsQueryDetectors) {
  auto notes = with_names(80);
  notes.head = "RTDETRDecoder";
  const auto all = recognize(results({{"output0", {1, 300, 84}}}), notes);
  EXPECT_EQ(all.head.rows.scores, RowScores::classes);
  EXPECT_EQ(all.head.rows.unit, RowUnit::shares);
  const auto best = recognize(results({{"output0", {1, 300, 6}}}), notes);
  EXPECT_EQ(best.head.rows.scores, RowScores::best);
  EXPECT_EQ(best.head.rows.boxes, RowBoxes::center);
  EXPECT_EQ(best.head.rows.unit, RowUnit::shares);
}

TEST(Outputs, BoxesScoresAndLabels) {
  const auto source =
      recognize(results({{"labels", {1, 300}}, {"boxes", {1, 300, 4}}, {"scores", {1, 300}}}), with_names(80));
  EXPECT_THAT(source.outputs, ElementsAre(1, 2, 0));
  EXPECT_EQ(source.head.rows.boxes, RowBoxes::corners);
  EXPECT_EQ(source.head.rows.unit, RowUnit::pixels);
}

TEST(Outputs, TheUserChoosesAmongThem) {
  auto notes = with_names(80);
  notes.outputs = {"second"};
  const auto given = results({{"first", {1, 84, 8400}}, {"second", {1, 84, 8400}}});
  EXPECT_THAT(recognize(given, notes).outputs, ElementsAre(1));
  notes.outputs = {"third"};
  EXPECT_EQ(message_of([&] { recognize(given, notes); }),
            "has no output 'third'; its outputs are 'first' 1×84×8400, 'second' 1×84×8400");
}

TEST(Outputs, OtherNetworksAreRefused) {
  const auto error = [](std::vector<NetworkResult> all, const ModelNotes& notes = {}) {
    return message_of([&] { recognize(results(std::move(all)), notes); });
  };
  EXPECT_THAT(error({{"output", {1, 512}}}), HasSubstr("one vector per image as its output ('output' 1×512)"));
  EXPECT_THAT(
      error({{"depth", {1, 1, 640, 640}}}),
      HasSubstr("not those of a known detector: 'depth' 1×1×640×640; if it is one, describe it in a YAML file "
                "beside it, of the same name, such as {layout: yolov8, names: [person, car], outputs: [depth]}"));
  EXPECT_THAT(error({{"output0", {1, 84, 8400}}}, with_names(70)),
              HasSubstr("has 80 classes, but 70 are named; write the 80 names into a YAML file beside it, of the same "
                        "name, such as {names: [person, car]}"));
  EXPECT_THAT(error({{"boxes", {1, 300, 4}}, {"logits", {1, 300, 80}}}, with_names(91)),
              HasSubstr("have 80 classes, but 91 are named"));
  EXPECT_THAT(error({{"output0", {1, 300, 6}}}), HasSubstr("do not tell how many classes it has"));
  ModelNotes other;
  other.task = "classify";
  EXPECT_THAT(error({{"output0", {1, 84, 8400}}}, other), HasSubstr("is a model for the task 'classify'"));
}

}  // namespace
}  // namespace onepass::model
