// Evaluates small scenes in files of other formats, whose scores can be counted by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eval/benchmark/evaluation.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::eval {
namespace {

using test::message_of;
using test::TemporaryFolder;
using testing::Contains;
using testing::HasSubstr;

const Scores& scores_of(const Evaluation& evaluation, const std::string& class_name) {
  for (const auto& evaluated : evaluation.trackers.at(0).classes) {
    if (evaluated.name == class_name) return evaluated.combined;
  }
  throw std::runtime_error("no class " + class_name);
}

std::string kitti(int frame, int id, const std::string& type, int truncated, int occluded, const std::string& box) {
  return std::to_string(frame) + " " + std::to_string(id) + " " + type + " " + std::to_string(truncated) + " " +
         std::to_string(occluded) + " -10 " + box + " -1 -1 -1 -1000 -1000 -1000 -10\n";
}

class FileEvaluation : public testing::Test {
 protected:
  Evaluation run(const std::string& classes = "") const {
    return evaluate({.truth = folder_ / "gt", .results = {folder_ / "results"}, .classes = classes});
  }
  TemporaryFolder folder_;
};

/// The rules of KITTI, one box for each.
TEST_F(FileEvaluation, KittiLeavesOutWhatDoesNotCount) {
  folder_.write("gt/label_02/0000.txt", kitti(0, 1, "Car", 0, 0, "0 0 50 40") +         // found
                                            kitti(0, 2, "Car", 1, 0, "100 0 150 40") +  // truncated: not missed
                                            kitti(0, 3, "Car", 0, 3, "200 0 250 40") +  // hidden, and found: no error
                                            kitti(0, 4, "Van", 0, 0, "300 0 350 40") +  // found as a car: no error
                                            kitti(0, 5, "Car", 0, 1, "400 0 450 40") +  // missed
                                            kitti(0, -1, "DontCare", -1, -1, "500 0 600 100") +
                                            kitti(2, 1, "Car", 0, 0, "0 0 50 40"));
  folder_.write("results/0000.txt", kitti(0, 11, "Car", -1, -1, "0 0 50 40") +
                                        kitti(0, 13, "Car", -1, -1, "200 0 250 40") +
                                        kitti(0, 14, "Car", -1, -1, "300 0 350 40") +
                                        kitti(0, 15, "Car", -1, -1, "510 10 560 60") +  // in a DontCare region
                                        kitti(0, 16, "Car", -1, -1, "700 0 750 25") +   // 25 pixels high
                                        kitti(0, 17, "Car", -1, -1, "800 0 850 26") +   // an error
                                        kitti(3, 11, "Car", -1, -1, "0 0 50 40"));      // after the last truth
  const auto evaluation = run();
  EXPECT_EQ(evaluation.benchmark, "KITTI");
  const auto& car = scores_of(evaluation, "car").clear;
  EXPECT_EQ(car.true_positives, 1);
  EXPECT_EQ(car.false_negatives, 2);
  EXPECT_EQ(car.false_positives, 2);
  EXPECT_EQ(scores_of(evaluation, "pedestrian").clear.true_positives, 0);
}

TEST_F(FileEvaluation, VisDroneIgnoresRegions) {
  folder_.write("gt/uav1.txt", "1,0,500,0,100,100,0,0,0,0\n1,1,0,0,50,40,1,4,0,1\n1,2,100,0,50,40,1,1,0,0\n");
  folder_.write("results/uav1.txt",
                "1,7,0,0,50,40,0.9,4,-1,-1\n1,8,510,10,50,40,0.9,4,-1,-1\n1,9,100,0,50,40,0.9,4,-1,-1\n");
  const auto evaluation = run();
  EXPECT_EQ(evaluation.benchmark, "VisDrone");
  EXPECT_EQ(scores_of(evaluation, "car").clear.true_positives, 1);
  EXPECT_EQ(scores_of(evaluation, "car").clear.false_positives, 1) << "a car where a pedestrian is";
  EXPECT_EQ(scores_of(evaluation, "pedestrian").clear.false_negatives, 1);
}

TEST_F(FileEvaluation, UavdtHasItsRegionsInAFileOfTheirOwn) {
  folder_.write("gt/M0101_gt.txt", "1,1,0,0,50,40,1,-1,-1\n");
  folder_.write("gt/M0101_gt_ignore.txt", "1,1,500,0,100,100,1,-1,-1\n");
  folder_.write("results/M0101.txt", "1,4,0,0,50,40,1,-1,-1\n1,5,510,10,50,40,1,-1,-1\n");
  const auto evaluation = run();
  EXPECT_EQ(evaluation.benchmark, "UAVDT");
  EXPECT_EQ(scores_of(evaluation, "vehicle").clear.true_positives, 1);
  EXPECT_EQ(scores_of(evaluation, "vehicle").clear.false_positives, 0);
}

constexpr const char* coco = R"({"images": [{"id": 1, "frame_id": 0}], "categories": [{"id": 1, "name": "person"},
 {"id": 2, "name": "Car"}], "annotations": [{"image_id": 1, "category_id": 1, "bbox": [0, 0, 50, 40], "track_id": 1},
 {"image_id": 1, "category_id": 2, "bbox": [100, 0, 50, 40], "track_id": 2}]})";

TEST_F(FileEvaluation, CustomClassesOfAnyFormat) {
  folder_.write("gt/a.json", coco);
  folder_.write("results/a.csv",
                "frame,id,class,class_name,left,top,width,height,score\n"
                "1,5,0,pedestrian,0,0,50,40,0.9\n1,6,3,car,101,0,50,40,0.9\n");
  const auto evaluation = run("person=pedestrian,car");
  EXPECT_EQ(evaluation.benchmark, "custom");
  ASSERT_EQ(evaluation.trackers.at(0).classes.size(), 2U);
  EXPECT_EQ(scores_of(evaluation, "pedestrian").clear.true_positives, 1);
  EXPECT_EQ(scores_of(evaluation, "car").clear.true_positives, 1);
  const auto all = run();
  EXPECT_EQ(all.benchmark, "none");
  EXPECT_EQ(scores_of(all, "object").clear.true_positives, 2);
}

TEST_F(FileEvaluation, ResultsMustHaveIdsAndKnownClasses) {
  folder_.write("gt/a.json", coco);
  folder_.write("results/a.json", R"([{"image_id": 1, "category_id": 1, "bbox": [0, 0, 50, 40], "score": 0.5}])");
  EXPECT_THAT(message_of([&] { run(); }), HasSubstr("1 of 1 boxes have no id"));
  folder_.write("birds/a.csv", "frame,id,class,class_name,left,top,width,height,score\n1,5,14,bird,0,0,50,40,0.9\n");
  const auto birds = [&] { evaluate({.truth = folder_ / "gt", .results = {folder_ / "birds"}, .benchmark = "KITTI"}); };
  EXPECT_THAT(message_of(birds), HasSubstr("does not have the class bird; rename classes, such as person=pedestrian"));
}

/// The car of the results is neither an error nor a reason to stop.
TEST_F(FileEvaluation, ClassesThatAreNotChosenAreLeftOut) {
  folder_.write("gt/a.json", coco);
  folder_.write("results/a.json", coco);
  const auto evaluation = run("person");
  ASSERT_EQ(evaluation.trackers.at(0).classes.size(), 1U);
  EXPECT_EQ(scores_of(evaluation, "person").clear.true_positives, 1);
  EXPECT_EQ(scores_of(evaluation, "person").clear.false_positives, 0);
  EXPECT_THAT(evaluation.warnings, Contains(HasSubstr("results/a.json: not evaluated: Car")));

  folder_.write("kitti/0000.txt", kitti(0, 1, "Pedestrian", 0, 0, "0 0 50 40"));
  folder_.write("mine/0000.csv",
                "frame,id,class,class_name,left,top,width,height,score\n"
                "1,5,0,person,0,0,50,40,0.9\n1,6,14,bird,100,0,50,40,0.9\n");
  const auto mine =
      evaluate({.truth = folder_ / "kitti", .results = {folder_ / "mine"}, .classes = "person=pedestrian"});
  EXPECT_EQ(mine.benchmark, "KITTI");
  EXPECT_EQ(scores_of(mine, "pedestrian").clear.true_positives, 1);
  EXPECT_THAT(mine.warnings, Contains(HasSubstr("not evaluated: bird")));
}

/// Two boxes found, one missed, one error; the second error is after the last row of the ground truth.
TEST_F(FileEvaluation, FoldersOfMotTextNeedNoClasses) {
  const std::string results = "1,7,0,0,50,40,0.9,-1,-1,-1\n2,7,0,0,50,40,0.9,-1,-1,-1\n3,7,0,0,50,40,0.9,-1,-1,-1\n";
  folder_.write("gt/seven.txt", "1,1,0,0,50,40,1\n2,1,0,0,50,40,1\n2,2,200,0,50,40,1\n");
  folder_.write("gt/ten.txt", "1,1,0,0,50,40,1,-1,-1,-1\n2,1,0,0,50,40,1,-1,-1,-1\n2,2,200,0,50,40,1,-1,-1,-1\n");
  folder_.write("gt/README.txt", "Two walks, seen from a window\n");
  folder_.write("results/seven.txt", results);
  folder_.write("results/ten.txt", results);
  for (const std::string given : {"", "none"}) {
    const auto evaluation = evaluate({.truth = folder_ / "gt", .results = {folder_ / "results"}, .benchmark = given});
    EXPECT_EQ(evaluation.benchmark, "none");
    const auto& object = evaluation.trackers.at(0).classes.at(0);
    ASSERT_EQ(object.sequences.size(), 2U) << given;
    for (const auto& sequence : object.sequences) {
      EXPECT_EQ(sequence.frame_count, 3) << sequence.name;
      EXPECT_EQ(sequence.scores.clear.true_positives, 2) << sequence.name;
      EXPECT_EQ(sequence.scores.clear.false_negatives, 1) << sequence.name;
      EXPECT_EQ(sequence.scores.clear.false_positives, 1) << sequence.name;
    }
  }
}

/// Class 2, a person on a vehicle, does not count in MOT17.
TEST_F(FileEvaluation, FilesOfMotTextBelongToTheBenchmarkOfTheirNames) {
  const std::string rows = "1,1,0,0,50,40,1,1,1\n1,2,200,0,50,40,1,2,1\n";
  const std::string results = "1,1,0,0,50,40,1,-1,-1,-1\n1,2,200,0,50,40,1,-1,-1,-1\n";
  folder_.write("gt/MOT17-02.txt", rows);
  folder_.write("results/MOT17-02.txt", results);
  const auto evaluation = run();
  EXPECT_EQ(evaluation.benchmark, "MOT17");
  EXPECT_EQ(scores_of(evaluation, "pedestrian").clear.true_positives, 1);
  EXPECT_EQ(scores_of(evaluation, "pedestrian").clear.false_positives, 0);

  folder_.write("mine/street.txt", rows);
  const auto mine = evaluate({.truth = folder_ / "mine", .results = {folder_.write("street.txt", results)}});
  EXPECT_EQ(mine.benchmark, "none");
  EXPECT_EQ(scores_of(mine, "object").clear.true_positives, 2);
}

TEST_F(FileEvaluation, ClassesOfMotTextAreNumbers) {
  folder_.write("gt/street.txt", "1,1,0,0,50,40,1,1,1\n1,2,200,0,50,40,1,3,1\n");
  folder_.write("results/street.txt", "1,1,0,0,50,40,1,1,1\n1,2,200,0,50,40,1,3,1\n1,3,400,0,50,40,1,3,1\n");
  const auto evaluation = run("1=person,3=car");
  EXPECT_EQ(scores_of(evaluation, "person").clear.true_positives, 1);
  EXPECT_EQ(scores_of(evaluation, "car").clear.true_positives, 1);
  EXPECT_EQ(scores_of(evaluation, "car").clear.false_positives, 1);
}

/// The file of a sequence has the length and the benchmark of its sequence.
TEST_F(FileEvaluation, TheFileOfASequenceIsThatSequence) {
  const auto truth = folder_.write("gt/MOT17-02/gt/gt.txt", "1,1,0,0,50,40,1,1,1\n");
  folder_.write("gt/MOT17-02/seqinfo.ini", "[sequence]\nseqLength=4\n");
  const auto results = folder_.write("results/any.txt", "4,1,0,0,50,40,1,-1,-1,-1\n");
  for (const auto& given : {truth, truth.parent_path()}) {
    const auto evaluation = evaluate({.truth = given, .results = {results}});
    EXPECT_EQ(evaluation.benchmark, "MOT17") << given;
    EXPECT_EQ(evaluation.trackers.at(0).classes.at(0).sequences.at(0).frame_count, 4) << given;
  }
}

TEST_F(FileEvaluation, ASequenceOfMotTextStaysOne) {
  folder_.write("gt/MOT17-02/gt/gt.txt", "1,1,0,0,50,40,1,1,1\n");
  folder_.write("results/MOT17-02.txt", "1,1,0,0,50,40,1,-1,-1,-1\n");
  EXPECT_EQ(run().benchmark, "MOT17");
}

}  // namespace
}  // namespace onepass::eval
