// Files as their programs write them, and files that are damaged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/registry.hpp"
#include "onepass/setting_error.hpp"
#include "support/message_of.hpp"
#include "support/readers.hpp"

namespace onepass::formats {
namespace {

using test::message_of;
using Readers = test::Readers;
using testing::HasSubstr;
/// Rows of the devkit's description: a car, a region that is not labeled, and a result with a score.
TEST_F(Readers, KittiTracking) {
  const auto read = read_text("0000.txt",
                              "0 -1 DontCare -1 -1 -10 219.31 188.49 245.5 218.56 -1000 -1000 -1000 -10 -1 -1 -1\n"
                              "0 2 Pedestrian 0 3 -2.52 1106.13 166.57 1204.47 323.87 1.71 0.83 1 6.1 1.8 6.5 -1.8\n"
                              "3 2 Cyclist 1 0 -2.52 1100 160 1200 320 1.71 0.83 1 6.1 1.8 6.5 -1.8 0.75\n");
  ASSERT_EQ(read.objects.size(), 3U);
  EXPECT_TRUE(read.objects[0].crowd);
  EXPECT_EQ(read.objects[0].id, -1);
  EXPECT_EQ(read.objects[1].frame, 1);
  EXPECT_EQ(read.objects[1].occlusion, 3);
  EXPECT_DOUBLE_EQ(read.objects[1].width, 98.34);
  EXPECT_EQ(read.objects[2].frame, 4);
  EXPECT_EQ(read.objects[2].truncation, 1);
  EXPECT_EQ(read.objects[2].score, 0.75);
  EXPECT_EQ(class_name(read.class_names, read.objects[2].class_id), "Cyclist");
  EXPECT_EQ(read.frame_count, 4);
}

TEST_F(Readers, KittiRowsThatAreWrong) {
  const std::string good = "0 2 Car 0 0 -10 1 2 30 40 -1 -1 -1 -1000 -1000 -1000 -10\n";
  EXPECT_THAT(refusal("a.txt", good + "1 2 Car 0 0 -10 1 2 30\n"), HasSubstr("a.txt:2: 9 columns, expected 17 to 18"));
  EXPECT_THAT(refusal("a.txt", good + "1 2 Car 0 0 x 1 2 0 40 -1 -1 -1 -1 -1 -1 -1\n"),
              HasSubstr("a.txt:2: a box of width -1"));
  EXPECT_THAT(refusal("a.txt", good + "1 2 Car 0 0 -10 1 2 3o 40 -1 -1 -1 -1 -1 -1 -1\n"),
              HasSubstr("a.txt:2: column 9: '3o' is not a finite number"));
  EXPECT_THAT(refusal("a.txt", good + good), HasSubstr("frame 1 has id 2 twice"));
}

TEST_F(Readers, VisDroneAndItsIgnoredRegions) {
  const auto read = read_text("uav.txt",
                              "1,0,593,43,174,190,0,0,0,0\n"
                              "1,0,10,10,20,20,0,0,0,0\n"
                              "2,7,100,200,30,60,1,4,0,2\n");
  ASSERT_EQ(read.objects.size(), 3U);
  EXPECT_TRUE(read.objects[0].crowd);
  EXPECT_EQ(class_name(read.class_names, read.objects[2].class_id), "car");
  EXPECT_EQ(read.objects[2].occlusion, 2);
  const auto wrong = folder_.write("wrong.txt", "1,0,593,43,174,190,0,0,0,0\n1,0,593,43,174,190,0,12,0,0\n");
  EXPECT_THAT(message_of([&] { formats::read(wrong, format_named("visdrone"), {}); }),
              HasSubstr("wrong.txt:2: class 12 is not one of 0 to 11"));
}

TEST_F(Readers, UavdtByTheNameOfItsFiles) {
  const auto whole = read_text("M0101_gt_whole.txt", "1,3,90,180,40,60,1,2,3\n");
  EXPECT_EQ(class_name(whole.class_names, whole.objects.at(0).class_id), "bus");
  EXPECT_EQ(whole.objects[0].occlusion, 1);
  const auto ignored = read_text("M0101_gt_ignore.txt", "1,1,90,180,40,60,1,-1,-1\n1,1,0,0,40,60,1,-1,-1\n");
  EXPECT_TRUE(ignored.objects.at(1).crowd);
}

TEST_F(Readers, MotWithItsSequence) {
  folder_.write("S/seqinfo.ini", "[sequence]\nseqLength=12\nframeRate=7\nimWidth=768\nimHeight=576\n");
  folder_.write("S/gt/gt.txt", "2,1,10.5,20,30,40,1,3,0.5\n");
  const auto read = formats::read(folder_ / "S", recognized(folder_ / "S"), {});
  EXPECT_EQ(read.name, "S");
  EXPECT_EQ(read.size, cv::Size(768, 576));
  EXPECT_EQ(read.frame_rate, 7);
  EXPECT_EQ(read.frame_count, 12);
  EXPECT_EQ(read.objects.at(0).class_id, 3);
  EXPECT_EQ(read.objects[0].left, 10.5);
}

/// A mark of 0 in ground truth: the row is not evaluated. Scores of results are no marks, also if one is 0.
TEST_F(Readers, MarksOfMotAreNoScores) {
  const auto truth = read_text("gt.txt", "1,1,10,20,30,40,1,1,0.5\n1,2,50,20,30,40,0,1,0.5\n");
  EXPECT_FALSE(truth.objects.at(0).ignored);
  EXPECT_TRUE(truth.objects.at(1).ignored);
  EXPECT_FALSE(truth.objects[1].score);
  const auto results = read_text("r.txt", "1,1,10,20,30,40,0.5,1,1\n1,2,50,20,30,40,0,1,1\n");
  EXPECT_FALSE(results.objects.at(1).ignored);
  EXPECT_EQ(results.objects[1].score, 0);
}

/// The three forms that trackers write: labels, labels with ids, labels with scores and ids.
TEST_F(Readers, YoloFolders) {
  const ReadOptions options{.size = {200, 100}};
  folder_.write("a/clip_1.txt", "0 0.5 0.5 0.1 0.2\n");
  folder_.write("a/clip_10.txt", "2 0.25 0.5 0.1 0.2\n");
  auto found = read(folder_ / "a", recognized(folder_ / "a"), options);
  EXPECT_EQ(found.frame_count, 10);
  EXPECT_EQ(found.objects.at(1).frame, 10);
  EXPECT_DOUBLE_EQ(found.objects[1].left, 40);
  EXPECT_DOUBLE_EQ(found.objects[1].height, 20);
  EXPECT_EQ(found.objects[1].id, -1);
  EXPECT_FALSE(found.objects[1].score);
  folder_.write("b/0.txt", "0 0.5 0.5 0.1 0.2 7\n");
  found = read(folder_ / "b", recognized(folder_ / "b"), options);
  EXPECT_EQ(found.objects.at(0).id, 7);
  EXPECT_EQ(found.objects[0].frame, 1);
  EXPECT_FALSE(found.objects[0].score);
  folder_.write("c/0.txt", "0 0.5 0.5 0.1 0.2 0.7\n0 0.5 0.5 0.1 0.2 1\n");
  found = read(folder_ / "c", recognized(folder_ / "c"), options);
  EXPECT_EQ(found.objects.at(1).id, -1);
  EXPECT_EQ(found.objects[1].score, 1);
  folder_.write("d/classes.txt", "person\ncar\n");
  folder_.write("d/x3.txt", "1 0.5 0.5 0.1 0.2 0.7 9\n");
  found = read(folder_ / "d", recognized(folder_ / "d"), options);
  EXPECT_EQ(found.objects.at(0).id, 9);
  EXPECT_EQ(class_name(found.class_names, 1), "car");
  EXPECT_THAT(message_of([&] { read(folder_ / "d", recognized(folder_ / "d"), {}); }), HasSubstr("(setting: size)"));
  folder_.write("e/x3.txt", "1 0.5\n");
  EXPECT_THAT(message_of([&] { read(folder_ / "e", format_named("yolo"), options); }),
              HasSubstr("x3.txt:1: 2 columns, expected 5 to 7"));
  folder_.write("f/x03.txt", "");
  folder_.write("f/x3.txt", "");
  EXPECT_THAT(message_of([&] { read(folder_ / "f", format_named("yolo"), options); }), HasSubstr("has the same frame"));
}

constexpr const char* two_videos = R"({"videos": [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}],
 "categories": [{"id": 3, "name": "person"}],
 "images": [{"id": 10, "video_id": 1, "frame_id": 0, "width": 64, "height": 48}, {"id": 11, "video_id": 2, "frame_id": 4}],
 "annotations": [{"image_id": 10, "category_id": 3, "bbox": [1, 2, 3.5, 4], "track_id": 5, "iscrowd": 1},
                 {"image_id": 11, "category_id": 3, "bbox": [1, 2, 3, 4], "instance_id": 6, "score": 0.5}]})";

TEST_F(Readers, CocoVideos) {
  auto found = read_text("a.json", two_videos, {.video = "a"});
  EXPECT_EQ(found.name, "a");
  EXPECT_EQ(found.size, cv::Size(64, 48));
  ASSERT_EQ(found.objects.size(), 1U);
  EXPECT_TRUE(found.objects[0].crowd);
  EXPECT_EQ(found.objects[0].id, 5);
  EXPECT_EQ(found.objects[0].frame, 1);
  found = read_text("a.json", two_videos, {.video = "b"});
  EXPECT_EQ(found.objects.at(0).id, 6);
  EXPECT_EQ(found.objects[0].score, 0.5);
  EXPECT_THAT(refusal("a.json", two_videos), HasSubstr("has several videos: choose one; it has a, b"));
}

TEST_F(Readers, CocoResultsOfADetector) {
  const auto found = read_text("r.json", R"([{"image_id": 0, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.5},
                                             {"image_id": 2, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.5}])");
  EXPECT_EQ(found.objects.at(1).frame, 3);
  EXPECT_EQ(found.objects[1].id, -1);
}

TEST_F(Readers, JsonThatIsWrongNamesThePlace) {
  const auto with = [](const std::string& annotation) {
    return R"({"images": [{"id": 1}], "annotations": [)" + annotation + "]}";
  };
  EXPECT_THAT(refusal("a.json", with(R"({"image_id": 1, "category_id": 1, "bbox": [1, 2, "3", 4]})")),
              HasSubstr("a.json: annotations[0].bbox[2]: is not a number"));
  EXPECT_THAT(refusal("a.json", with(R"({"image_id": 1, "category_id": 1, "bbox": [1, 2, 3]})")),
              HasSubstr("annotations[0].bbox: is not [left, top, width, height]"));
  EXPECT_THAT(refusal("a.json", with(R"({"image_id": 1, "category_id": 1, "bbox": [1, 2, -3, 4]})")),
              HasSubstr("annotations[0]: a box of width -3"));
  EXPECT_THAT(refusal("a.json", with(R"({"image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4]})")),
              HasSubstr("annotations[0]: its image_id is not the id of an image"));
  EXPECT_THAT(refusal("a.json", with(R"({"category_id": 1, "bbox": [1, 2, 3, 4]})")),
              HasSubstr("annotations[0]: has no 'image_id'"));
  EXPECT_THAT(refusal("a.json", "{\"images\": [],\n\"annotations\": [1,]}"), HasSubstr("a.json:2: is not valid JSON"));
  EXPECT_THAT(refusal("a.json", "{\"images\": {}, \"annotations\": []}"), HasSubstr("images: is not a list"));
}

TEST_F(Readers, ScalabelOfBdd100k) {
  const auto found = read_text("b.json", R"([
    {"name": "b-1.jpg", "videoName": "b", "frameIndex": 1, "labels": [
      {"id": "00102010", "category": "car", "attributes": {"crowd": false, "occluded": true},
       "box2d": {"x1": 10, "x2": 30, "y1": 5, "y2": 50}},
      {"id": "sign-a", "category": "traffic sign", "box2d": {"x1": 1, "x2": 3, "y1": 5, "y2": 6}},
      {"id": "lane", "category": "lane", "poly2d": []}]},
    {"name": "b-0.jpg", "videoName": "b", "frameIndex": 0, "labels": null}])");
  ASSERT_EQ(found.objects.size(), 2U);
  EXPECT_EQ(found.objects[0].frame, 2);
  EXPECT_EQ(found.objects[0].id, 102010);
  EXPECT_EQ(found.objects[0].width, 20);
  EXPECT_EQ(found.objects[0].occlusion, 1);
  EXPECT_EQ(found.objects[1].id, 102011) << "texts are numbered above all numbers";
  EXPECT_EQ(class_name(found.class_names, found.objects[1].class_id), "traffic sign");
}

TEST_F(Readers, JsonLinesOfOnepass) {
  const auto found = read_text(
      "a.jsonl",
      R"({"index": 4, "time": 0.1, "source": "street", "tracks": [{"id": 1, "class": 0, "class_name": "person", "box": [1, 2, 3, 4], "score": 0.91, "origin": "detected", "state": "confirmed"}]})"
      "\n");
  EXPECT_EQ(found.name, "street");
  EXPECT_EQ(found.objects.at(0).frame, 5);
  EXPECT_EQ(found.objects[0].score, 0.91);
  EXPECT_THAT(refusal("a.jsonl", "{\"index\": 0, \"tracks\": []}\n{\"index\": 1, \"tracks\": [{\"id\": 1}]}\n"),
              HasSubstr("a.jsonl:2: tracks[0]: has no 'box'"));
}

/// The masks of pycocotools for the lower right 2 x 2 pixels of an image of 3 x 3, and for none.
TEST_F(Readers, MotsAndItsMasks) {
  const auto read_mots = [&](const std::string& text) {
    return formats::read(folder_.write("m.txt", text), format_named("mots"), {});
  };
  const auto found = read_mots("0 2001 2 3 3 4210\n4 10000 10 3 3 9\n");
  ASSERT_EQ(found.objects.size(), 2U);
  EXPECT_EQ(found.objects[0].frame, 1);
  EXPECT_EQ(found.objects[1].frame, 5);
  EXPECT_EQ(found.objects[0].id, 2001);
  EXPECT_EQ(found.objects[0].left, 1);
  EXPECT_EQ(found.objects[0].height, 2);
  EXPECT_TRUE(found.objects[1].crowd);
  EXPECT_THAT(message_of([&] { read_mots("1 2001 2 3 3 4210\n1 2002 2 3 3 4\n"); }), HasSubstr("m.txt:2: "));
  EXPECT_THAT(message_of([&] { read_mots("1 2001 2 3 3 4210\n1 2002 2 3 70000 4\n"); }),
              HasSubstr("m.txt:2: '70000' is not a whole number up to"));
  EXPECT_EQ(recognized(folder_.write("n.txt", "1 2002 2 1080 1920 kWf0`0oP1\n")).name, "mots");
}

TEST_F(Readers, UnknownFormatsListAll) {
  EXPECT_THAT(refusal("a.txt", "hello\n"),
              HasSubstr("the format is not recognized; it is none of coco (COCO video JSON), csv"));
  EXPECT_THAT(message_of([] { format_named("coca"); }), HasSubstr("'coca' is not a format (did you mean 'coco'?)"));
  EXPECT_THAT(message_of([] { suggested("a.doc"); }), HasSubstr("its extension names no format"));
}

TEST_F(Readers, HomeMadeDetectionsAreNotTakenForVisDrone) {
  const auto path = folder_.write("det.txt", "1,-1,593,43,174,190,0.9,0,-1,-1\n2,-1,593,43,174,190,0.9,2,-1,-1\n");
  EXPECT_EQ(recognized(path).name, "mot");
}

TEST_F(Readers, LossesAreTold) {
  const auto given = read_text("a.json", two_videos, {.video = "b"});
  EXPECT_THAT(losses(given, format_named("mot")),
              testing::ElementsAre("mot keeps no class names (their numbers stay)"));
  EXPECT_THAT(losses(given, format_named("cvat")), testing::ElementsAre("cvat keeps no scores"));
  EXPECT_THAT(losses(given, format_named("coco")), testing::IsEmpty());
}

}  // namespace
}  // namespace onepass::formats
