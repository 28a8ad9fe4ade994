#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/run_program.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::cli {
namespace {

using test::read_file;
using test::run_onepass;
using test::TemporaryFolder;
using testing::HasSubstr;
using testing::Not;

class Convert : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  test::ProgramResult convert(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "convert");
    return run_onepass(arguments);
  }

  /// A sequence without images, in which three people walk.
  std::string sequence() const {
    std::string rows;
    for (int frame = 1; frame <= 20; ++frame) {
      for (int person = 1; person <= 3; ++person)
        rows += std::to_string(frame) + ",-1," + std::to_string(100 * person + 3 * frame) + ",50,40,80,0.9,0\n";
    }
    folder_.write("walk/det/det.txt", rows);
    folder_.write("walk/seqinfo.ini", "[Sequence]\nseqLength=20\nframeRate=10\nimWidth=640\nimHeight=480\n");
    return path("walk");
  }

  TemporaryFolder folder_;
};

TEST_F(Convert, SaysWhatIsLostAndWritesTheRest) {
  folder_.write(
      "a.csv",
      "frame,id,class,class_name,left,top,width,height,score\n1,4,0,person,1.5,2,3,4,0.5\n3,4,2,car,5,6,7,8,0.25\n");
  const auto result = convert({path("a.csv"), path("a.xml")});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("csv to cvat: 2 boxes, 1 identities, 3 frames\n  lost: cvat keeps no scores\n"));
  EXPECT_THAT(result.err, HasSubstr("lost: a track has one class in cvat: changes of class"));
  EXPECT_THAT(read_file(folder_ / "a.xml"), HasSubstr("<track id=\"4\" label=\"person\""));
}

TEST_F(Convert, SaysThatPredictedBoxesLookLikeOthersAfterwards) {
  const auto row = [](const char* origin) {
    return fmt::format(R"({{"index":0,"tracks":[{{"id":1,"class":0,"box":[1,2,3,4],"origin":"{}"}}]}})", origin);
  };
  folder_.write("seen.jsonl", row("detected") + "\n");
  folder_.write("guessed.jsonl", row("predicted") + "\n");
  const auto* const loss = "not read: which boxes are not detected but predicted or interpolated";
  EXPECT_THAT(convert({path("seen.jsonl"), path("seen.csv")}).err, Not(HasSubstr("not read")));
  EXPECT_THAT(convert({path("guessed.jsonl"), path("guessed.csv")}).err, HasSubstr(loss));
}

TEST_F(Convert, ClassesAreChosenAndRenamed) {
  folder_.write(
      "a.csv",
      "frame,id,class,class_name,left,top,width,height,score\n1,4,0,person,1.5,2,3,4,0.5\n1,5,2,car,5,6,7,8,\n");
  ASSERT_EQ(convert({path("a.csv"), path("gt.txt"), "--classes", "person=1"}).exit_code, 0);
  EXPECT_EQ(read_file(folder_ / "gt.txt"), "1,4,1.5,2,3,4,0.5,1,1\n");
  const auto wrong = convert({path("a.csv"), path("b.txt"), "--classes", "persons"});
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("has no class 'persons' (did you mean 'person'?)"));
  EXPECT_THAT(wrong.err, HasSubstr("see --classes"));
}

TEST_F(Convert, RefusesBeforeItWrites) {
  folder_.write("a.txt", "1,4,1,2,3,4,0.5\n");
  EXPECT_THAT(convert({path("a.txt"), path("a.doc")}).err,
              HasSubstr("its extension names no format; give one of coco"));
  EXPECT_THAT(convert({path("a.txt"), path("b.json"), "--to", "coca"}).err, HasSubstr("did you mean 'coco'?"));
  EXPECT_THAT(convert({path("a.txt"), path("a.txt")}).err, HasSubstr("also an input"));
  EXPECT_THAT(convert({path("a.txt"), path("b.json"), "--size", "12"}).err, HasSubstr("not a size such as 1920x1080"));
  const auto yolo = convert({path("a.txt"), path("labels/")});
  EXPECT_EQ(yolo.exit_code, 1);
  EXPECT_THAT(yolo.err, HasSubstr("see --size"));
  folder_.write("c.txt", "nothing of this kind");
  EXPECT_THAT(convert({path("c.txt"), path("b.json")}).err,
              HasSubstr("the format is not recognized; it is none of coco"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "b.json"));
}

/// 20 frames with 5 boxes each, of which two have the mark 0; the tracker has found one.
TEST_F(Convert, WhatIsNotEvaluatedStaysSoInEveryFormatThatCanSayIt) {
  std::string truth, result;
  for (int frame = 1; frame <= 20; ++frame) {
    for (int id = 1; id <= 5; ++id)
      truth += fmt::format("{},{},{},50,40,80,{},1,1\n", frame, id, 100 * id, id > 3 ? 0 : 1);
    result += fmt::format("{},1,100,50,40,80,1,1,1\n", frame);
  }
  folder_.write("gt/walk.txt", truth);
  folder_.write("results/walk.txt", result);
  const auto misses = [&](const std::string& file) {
    const auto scores =
        run_onepass({"eval", "--gt", file, "--results", path("results"), "--preprocess", "none", "--json", "-"});
    EXPECT_EQ(scores.exit_code, 0) << scores.err;
    const auto json = nlohmann::json::parse(scores.out, nullptr, false);
    return json.is_discarded() ? -1 : json["results"]["COMBINED"]["CLEAR"]["CLR_FN"].get<double>();
  };
  for (const std::string format : {"coco", "csv", "cvat", "jsonl", "kitti", "scalabel", "visdrone"}) {
    SCOPED_TRACE(format);
    const auto file = path(format + "/walk" + (format == "cvat" ? ".xml" : ".txt"));
    std::filesystem::create_directory(folder_ / format);
    const auto made = convert({path("gt/walk.txt"), file, "--to", format, "--names", "nothing,person"});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    EXPECT_EQ(misses(file), 40);
    EXPECT_EQ(made.err.find("they count"), std::string::npos) << made.err;
  }
  const auto counted = convert({path("gt/walk.txt"), path("labels/"), "--size", "640x480"});
  EXPECT_THAT(counted.err, HasSubstr("yolo keeps no marks of objects that are not evaluated (they count in"));
}

TEST_F(Convert, TracksAreSavedAndDetectionsReadInOtherFormats) {
  const auto source = sequence();
  ASSERT_EQ(convert({source, path("det.json")}).exit_code, 0);
  const auto result = run_onepass({"track", "--source", source, "--detections", path("det.json"), "--save-tracks",
                                   path("t.xml"), "--save-mot", path("t.txt")});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("--save-tracks: cvat keeps no scores"));
  ASSERT_EQ(convert({path("t.xml"), path("back.txt")}).exit_code, 0);
  const auto boxes = [](const std::string& rows) { return std::ranges::count(rows, '\n'); };
  EXPECT_GE(boxes(read_file(folder_ / "t.txt")), 50);
  EXPECT_EQ(boxes(read_file(folder_ / "back.txt")), boxes(read_file(folder_ / "t.txt")));
  ASSERT_EQ(run_onepass({"track", "--source", source, "--detections", source + "/det/det.txt", "--save-mot",
                         path("direct.txt")})
                .exit_code,
            0);
  EXPECT_EQ(read_file(folder_ / "direct.txt"), read_file(folder_ / "t.txt")) << "the same detections from both files";
}

/// tests/python/parquet_test.py runs what the message says.
TEST_F(Convert, NamesWhatReadsAndWritesParquet) {
  folder_.write("a.txt", "1,4,1,2,3,4,0.5\n");
  const auto way = HasSubstr(
      "Parquet is read and written by the Python package: python3 -m onepass.parquet tracks.csv "
      "tracks.parquet (it needs pyarrow)\n");
  EXPECT_THAT(convert({path("a.txt"), path("b"), "--to", "parquet"}).err, way);
  EXPECT_THAT(convert({path("a.txt"), path("b.parquet")}).err, way);
  EXPECT_THAT(convert({path("b.parquet"), path("b.csv")}).err, way);
  EXPECT_THAT(convert({path("a.txt"), path("b.csv"), "--from", "parquet"}).err, way);
  folder_.write("c.parquet", "PAR1");
  folder_.write("c.bin", "PAR1");
  for (const auto& file : {path("c.parquet"), path("c.bin")}) {
    EXPECT_THAT(run_onepass({"track", "--source", sequence(), "--detections", file, "--save-mot", path("t.txt")}).err,
                way);
    EXPECT_THAT(run_onepass({"eval", "--gt", file, "--results", path("a.txt")}).err, way);
    EXPECT_THAT(run_onepass({"eval", "--gt", path("a.txt"), "--results", file}).err, way);
  }
}

TEST_F(Convert, RefusesMotsWithoutMasks) {
  folder_.write("a.csv", "frame,id,class,class_name,left,top,width,height,score\n1,4,0,person,1.5,2,3,4,0.5\n");
  const auto result = convert({path("a.csv"), path("m.txt"), "--to", "mots"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("a.csv: no masks in this file, and mots keeps only objects with masks\n"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "m.txt"));
}

TEST_F(Convert, SettingsOfFilesNeedTheFile) {
  const auto source = sequence();
  const auto track = [&](std::vector<std::string> more) {
    more.insert(more.begin(),
                {"track", "--source", source, "--detections", source + "/det/det.txt", "--save-mot", path("x.txt")});
    const auto result = run_onepass(more);
    EXPECT_EQ(result.exit_code, 2);
    return result.err;
  };
  EXPECT_THAT(track({"--format", "kitti"}), HasSubstr("--format has no effect without --save-tracks"));
  EXPECT_THAT(track({"--save-tracks", path("y.json"), "--format", "pascal"}), HasSubstr("'pascal' is not a format"));
  EXPECT_THAT(track({"--save-tracks", path("y.csv"), "--format", "coco"}),
              HasSubstr("y.csv contradicts --format coco, which writes .json files"));
  EXPECT_THAT(track({"--save-tracks", path("y.xml"), "--format", "yolo"}), HasSubstr("which writes a folder"));
  EXPECT_THAT(track({"--save-tracks", path("y.dat")}), HasSubstr("its extension names no format; give --format"));
  EXPECT_THAT(track({"--crops", "all"}), HasSubstr("--crops has no effect without --save-crops"));
  EXPECT_THAT(track({"--blur"}), HasSubstr("--blur has no effect without an output that has pictures"));
  EXPECT_THAT(track({"--blur-part", "upper"}), HasSubstr("--blur-part has no effect without --blur"));
  EXPECT_THAT(track({"--crops", "every"}), HasSubstr("--crops: 'every' is not one of best, all; see"));
  EXPECT_THAT(track({"--memory-scope", "runs"}), HasSubstr("'runs' is not one of source, run (did you mean 'run'?)"));
}

}  // namespace
}  // namespace onepass::cli
