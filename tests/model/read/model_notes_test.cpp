#include "model/read/model_notes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::model {
namespace {

using test::message_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(ModelNotes, ReadsWhatUltralyticsRecordsInPythonsNotation) {
  ModelNotes notes;
  add_recorded({{"names", "{0: 'person', 1: 'traffic light', 3: \"driver's seat\"}"},
                {"imgsz", "[384, 640]"},
                {"stride", "32"},
                {"task", "detect"},
                {"head", "Detect"},
                {"layout", "something else"},
                {"args", "{'half': False}"}},
               notes);
  EXPECT_THAT(notes.names, ElementsAre("person", "traffic light", "", "driver's seat"));
  ASSERT_TRUE(notes.image_size);
  EXPECT_EQ(notes.image_size->height, 384);
  EXPECT_EQ(notes.image_size->width, 640);
  EXPECT_EQ(notes.stride, 32);
  EXPECT_EQ(notes.task, "detect");
  EXPECT_EQ(notes.head, "Detect");
  EXPECT_FALSE(notes.layout);
}

TEST(ModelNotes, DamagedRecordsNameTheKey) {
  const auto error = [](const char* key, const char* value) {
    ModelNotes notes;
    return message_of([&] { add_recorded({{key, value}}, notes); });
  };
  EXPECT_THAT(error("names", "{0: 'person'"), HasSubstr("its metadata are damaged (names)"));
  EXPECT_THAT(error("names", "{person: 0}"), HasSubstr("names: "));
  EXPECT_THAT(error("names", "{99999999: a}"), HasSubstr("names: class number 99999999 is out of range"));
  EXPECT_THAT(error("imgsz", "[]"), HasSubstr("imgsz: is an empty list"));
  EXPECT_THAT(error("imgsz", "[1e9, 640]"), HasSubstr("imgsz: 1e9 is not in the range from 1 to 8192"));
  EXPECT_THAT(error("stride", "0"), HasSubstr("stride: 0 is not in the range from 1 to 512"));
  EXPECT_THAT(error("stride", "nan"), HasSubstr("stride: "));
}

TEST(ModelNotes, TheUsersFileHasMoreKeysAndOverridesRecords) {
  const test::TemporaryFolder folder;
  ModelNotes notes;
  add_recorded_file(folder.write("metadata.yaml", "names: [a, b]\ntask: detect\nversion: 8\nlayout: 7\n"), notes);
  EXPECT_THAT(notes.names, ElementsAre("a", "b"));
  add_user_file(folder.write("model.yaml",
                             "names: [c]\nlayout: yolox\nfit: stretched\nchannels: bgr\nwhite: 255\n"
                             "mean: [1, 2, 3]\nstd: [4, 5, 6]\noutputs: [x, y]\nlayers: [n]\nimgsz: 416\n"),
                notes);
  EXPECT_THAT(notes.names, ElementsAre("c"));
  EXPECT_EQ(notes.task, "detect");
  EXPECT_EQ(notes.layout, OutputLayout::yolox);
  EXPECT_EQ(notes.fit, FrameFit::stretched);
  EXPECT_EQ(notes.bgr, true);
  EXPECT_EQ(notes.white, 255.0F);
  EXPECT_EQ(notes.mean, (std::array{1.0F, 2.0F, 3.0F}));
  EXPECT_EQ(notes.std, (std::array{4.0F, 5.0F, 6.0F}));
  EXPECT_THAT(notes.outputs, ElementsAre("x", "y"));
  EXPECT_THAT(notes.layers, ElementsAre("n"));
  EXPECT_EQ(notes.image_size->width, 416);
  ModelNotes none;
  add_user_file(folder.write("empty.yaml", ""), none);
  EXPECT_THAT(none.names, IsEmpty());
}

TEST(ModelNotes, MistakesOfTheUserNameFileKeyAndKnownValues) {
  const test::TemporaryFolder folder;
  const auto error = [&](const std::string& yaml) {
    ModelNotes notes;
    return message_of([&] { add_user_file(folder.write("model.yaml", yaml), notes); });
  };
  EXPECT_THAT(error("layuot: yolox"), HasSubstr("model.yaml: unknown key 'layuot' (did you mean 'layout'?)"));
  EXPECT_THAT(error("layout: yolo"), HasSubstr("model.yaml: layout: 'yolo' is unknown"));
  EXPECT_THAT(error("layout: yolo"), HasSubstr("give one of yolov8, yolov5, yolox, end2end, detr"));
  EXPECT_THAT(error("std: [1, 0, 1]"), HasSubstr("model.yaml: std: has a number that is not positive"));
  EXPECT_THAT(error("mean: [1, 2]"), HasSubstr("mean: is not a list of three numbers"));
  EXPECT_THAT(error("names: 5"), HasSubstr("names: has another form than expected"));
  EXPECT_THAT(error("- a\n"), HasSubstr("is not a map of keys to values"));
}

}  // namespace
}  // namespace onepass::model
