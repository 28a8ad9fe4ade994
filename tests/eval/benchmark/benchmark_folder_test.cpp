#include "eval/benchmark/benchmark_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eval/benchmark/evaluation.hpp"
#include "eval/benchmark/label_file.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::eval {
namespace {

using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* truth_rows = "1,1,0,0,10,10,1,1,1\n2,1,0,0,10,10,1,1,1\n";
constexpr const char* result_rows = "1,4,0,0,10,10,0.9,-1,-1,-1\n2,4,0,0,10,10,0.9,-1,-1,-1\n";

void add_sequence(const TemporaryFolder& folder, const std::string& path) {
  folder.write(path + "/gt/gt.txt", truth_rows);
  folder.write(path + "/seqinfo.ini", "[Sequence]\nname = x\nseqLength = 2\r\n");
}

std::vector<std::string> names_of(const std::vector<SequenceFolder>& sequences) {
  std::vector<std::string> names;
  for (const auto& sequence : sequences) names.push_back(sequence.name);
  return names;
}

std::vector<std::string> evaluated_names(const EvaluatedTracker& tracker) {
  std::vector<std::string> names;
  for (const auto& sequence : tracker.classes.front().sequences) names.push_back(sequence.name);
  return names;
}

template <typename Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST(BenchmarkFolder, FindsSequencesSplitsAndSeqmaps) {
  const TemporaryFolder folder;
  add_sequence(folder, "MOT17-train/MOT17-04");
  add_sequence(folder, "MOT17-train/MOT17-02");
  add_sequence(folder, "MOT17-test/MOT17-01");
  folder.write("MOT17-train/notes/readme.txt", "no sequence");
  folder.write("seqmaps/MOT17-test.txt", "name\nMOT17-01\n");
  const auto train = find_sequences(folder / "MOT17-train", {});
  EXPECT_THAT(names_of(train), ElementsAre("MOT17-02", "MOT17-04"));
  EXPECT_EQ(train[0].frame_count, 2);
  EXPECT_THAT(names_of(find_sequences(folder.path(), {.seqmap = {}, .split = "train"})),
              ElementsAre("MOT17-02", "MOT17-04"));
  EXPECT_THAT(names_of(find_sequences(folder.path(), {.seqmap = {}, .split = "test"})), ElementsAre("MOT17-01"));
  EXPECT_THAT(names_of(find_sequences(folder / "MOT17-train",
                                      {.seqmap = folder.write("map.txt", "\r\nMOT17-04\r\n"), .split = ""})),
              ElementsAre("MOT17-04"));
  EXPECT_THAT(names_of(find_sequences(folder / "MOT17-train/MOT17-04/", {})), ElementsAre("MOT17-04"));
}

TEST(BenchmarkFolder, ReportsMissingFiles) {
  const TemporaryFolder folder;
  add_sequence(folder, "MOT17-train/MOT17-02");
  EXPECT_THAT(message_of([&] { find_sequences(folder / "none", {}); }), HasSubstr("none: no such ground truth folder"));
  EXPECT_THAT(message_of([&] { find_sequences(folder.path(), {}); }),
              HasSubstr("contains no sequence, but MOT17-train does; give that folder or its split (setting: split)"));
  EXPECT_THAT(message_of([&] { find_sequences(folder.path(), {.seqmap = {}, .split = "val"}); }),
              HasSubstr("has no split 'val'"));
  const auto map = folder.write("map.txt", "name\nMOT17-02\nMOT17-99\n");
  EXPECT_THAT(message_of([&] { find_sequences(folder / "MOT17-train", {.seqmap = map, .split = ""}); }),
              HasSubstr("MOT17-99: no such sequence; it is listed in"));
  const auto twice = folder.write("twice.txt", "MOT17-02\nMOT17-02\n");
  EXPECT_THAT(message_of([&] { find_sequences(folder / "MOT17-train", {.seqmap = twice, .split = ""}); }),
              HasSubstr("twice.txt:2: sequence MOT17-02 is listed twice"));
  folder.write("bad/A/seqinfo.ini", "[Sequence]\nseqLength=many\n");
  EXPECT_THAT(message_of([&] { find_sequences(folder / "bad", {}); }),
              HasSubstr("seqinfo.ini:2: seqLength: 'many' is not a number from 1 to"));
  folder.write("bad/A/seqinfo.ini", "[Sequence]\nname=A\n");
  EXPECT_THAT(message_of([&] { find_sequences(folder / "bad", {}); }), HasSubstr("no seqLength in [Sequence]"));
  folder.write("notes/README.txt", "Three walks, seen from a window\n");
  EXPECT_THAT(message_of([&] { find_sequences(folder / "notes", {}); }),
              HasSubstr("notes: contains no sequence; expected SEQ/gt/gt.txt and SEQ/seqinfo.ini, or files SEQ.txt"));
  folder.write("header/notes.txt", "Mine\n");
  folder.write("header/street.txt", "frame,id,left,top,width,height\n1,1,0,0,50,40,1,-1,-1,-1\n");
  EXPECT_THAT(message_of([&] { find_sequences(folder / "header", {}); }),
              HasSubstr("; street.txt is not recognized: line 1 is no row of numbers: 'frame,id,left,top,width,heig"));
  folder.write("columns/a.parquet", "PAR1");
  EXPECT_THAT(message_of([&] { find_sequences(folder / "columns", {}); }), HasSubstr("python3 -m onepass.parquet"));
  EXPECT_THAT(message_of([&] { find_trackers(folder / "columns", ""); }), HasSubstr("python3 -m onepass.parquet"));
  EXPECT_THAT(message_of([&] { find_trackers(folder / "bad", ""); }), HasSubstr("contains no results"));
}

TEST(BenchmarkFolder, FindsTrackersInEveryLayout) {
  const TemporaryFolder folder;
  folder.write("plain/S.txt", "");
  folder.write("layout/MOT17-train/b/data/S.txt", "");
  folder.write("layout/MOT17-train/a/data/S.txt", "");
  folder.write("layout/MOT17-train/a/pedestrian_summary.txt", "");
  const auto plain = find_trackers(folder / "plain", "");
  ASSERT_EQ(plain.size(), 1U);
  EXPECT_EQ(plain[0].name, "plain");
  const auto several = find_trackers(folder / "layout", "train");
  ASSERT_EQ(several.size(), 2U);
  EXPECT_EQ(several[0].name, "a");
  EXPECT_EQ(several[0].folder, folder / "layout/MOT17-train/a/data");
  EXPECT_THAT(several[0].sequences, ElementsAre("S"));
  const auto single = find_trackers(folder / "plain/S.txt", "");
  ASSERT_EQ(single.size(), 1U);
  EXPECT_EQ(find_result(single[0], "any name")->path, folder / "plain/S.txt");
}

TEST(BenchmarkFolder, DetectorSuffixesAreMatchedSensibly) {
  const TrackerFolder tracker{"t", "/r", {"MOT17-02-FRCNN", "MOT17-04-DPM", "MOT17-04-SDP", "MOT17-05"}, {}};
  EXPECT_EQ(find_result(tracker, "MOT17-02-FRCNN")->path, "/r/MOT17-02-FRCNN.txt");
  EXPECT_TRUE(find_result(tracker, "MOT17-02-FRCNN")->exact_name);
  EXPECT_EQ(find_result(tracker, "MOT17-02")->path, "/r/MOT17-02-FRCNN.txt");
  EXPECT_FALSE(find_result(tracker, "MOT17-02")->exact_name);
  EXPECT_EQ(find_result(tracker, "MOT17-05-SDP")->path, "/r/MOT17-05.txt");
  EXPECT_FALSE(find_result(tracker, "MOT17-09").has_value());
  EXPECT_THAT(message_of([&] { find_result(tracker, "MOT17-04-FRCNN"); }),
              HasSubstr("MOT17-04-DPM.txt and MOT17-04-SDP.txt could both be the results of MOT17-04-FRCNN"));
}

TEST(BenchmarkFolder, TheSameGroundTruthIsEvaluatedOncePerTracker) {
  const TemporaryFolder folder;
  for (const std::string detector : {"DPM", "FRCNN", "SDP"}) add_sequence(folder, "gt/MOT17-02-" + detector);
  folder.write("private/MOT17-02.txt", result_rows);
  folder.write("public/MOT17-02-DPM.txt", result_rows);
  folder.write("public/MOT17-02-SDP.txt", result_rows);
  const auto evaluation = evaluate({.truth = folder / "gt", .results = {folder / "private", folder / "public"}});
  EXPECT_THAT(evaluated_names(evaluation.trackers[0]), ElementsAre("MOT17-02-DPM"));
  EXPECT_THAT(evaluated_names(evaluation.trackers[1]), ElementsAre("MOT17-02-DPM", "MOT17-02-SDP"));
  EXPECT_EQ(evaluation.trackers[0].classes[0].combined.count.truth_boxes, 2);
  EXPECT_EQ(evaluation.warnings.size(), 4U);
}

TEST(BenchmarkFolder, MissingFilesAreNamedOrCountAsEmpty) {
  const TemporaryFolder folder;
  add_sequence(folder, "gt/MOT17-02");
  add_sequence(folder, "gt/MOT17-04");
  folder.write("gt/MOT17-05/seqinfo.ini", "[Sequence]\nseqLength=3\n");
  folder.write("results/MOT17-02.txt", result_rows);
  folder.write("results/MOT17-05.txt", result_rows);
  folder.write("results/other.txt", result_rows);
  EvaluationOptions options{.truth = folder / "gt", .results = {folder / "results"}};
  EXPECT_THAT(message_of([&] { evaluate(options); }),
              HasSubstr("MOT17-04.txt: no such result file (setting: allow_missing)"));
  folder.write("results/MOT17-04.txt", "");
  EXPECT_THAT(message_of([&] { evaluate(options); }), HasSubstr("MOT17-05/gt/gt.txt: no such ground truth file"));
  std::filesystem::remove(folder / "results/MOT17-04.txt");
  options.missing = Missing::count_as_empty;
  const auto evaluation = evaluate(options);
  const auto& combined = evaluation.trackers[0].classes[0].combined;
  EXPECT_EQ(combined.clear.true_positives, 2);
  EXPECT_EQ(combined.clear.false_negatives, 2);
  EXPECT_EQ(combined.clear.false_positives, 2);
  EXPECT_EQ(evaluation.warnings.size(), 3U);  // the unused file, and the two that are missing
}

TEST(BenchmarkFolder, OnlyFilesThatCouldBeResultsAreReportedAsUnused) {
  const TemporaryFolder folder;
  add_sequence(folder, "gt/MOT17-02");
  folder.write("results/MOT17-02.txt", result_rows);
  folder.write("results/MOT17-99.txt", result_rows);
  folder.write("results/README.txt", "Results of a tracker, its settings, a date, a place, a name\n");
  folder.write("results/pedestrian_summary.txt", "HOTA DetA AssA\n60.1 61.2 62.3\n");
  const auto evaluation = evaluate({.truth = folder / "gt", .results = {folder / "results"}});
  ASSERT_EQ(evaluation.warnings.size(), 1U);
  EXPECT_THAT(evaluation.warnings[0], testing::EndsWith("belong to no evaluated sequence: MOT17-99.txt"));
}

TEST(BenchmarkFolder, FilesAreCheckedAgainstTheirSequence) {
  const TemporaryFolder folder;
  add_sequence(folder, "gt/MOT17-02");
  const auto error_with = [&](const std::string& truth, const std::string& result) {
    folder.write("gt/MOT17-02/gt/gt.txt", truth);
    folder.write("results/MOT17-02.txt", result);
    return message_of([&] { evaluate({.truth = folder / "gt", .results = {folder / "results"}}); });
  };
  EXPECT_EQ(error_with(truth_rows, result_rows), "");
  EXPECT_THAT(error_with(truth_rows, "1,4,0,0,1,1,1\n3,4,0,0,1,1,1\n"),
              HasSubstr("MOT17-02.txt:2: column 1 (frame): '3' is not a frame from 1 to 2, the sequence's length"));
  EXPECT_THAT(error_with(truth_rows, "2,4,0,0,1,1,1\n1,4,0,0,1,1,1\n2,4,5,0,1,1,1\n"),
              HasSubstr("MOT17-02.txt:3: frame 2 has id 4 a second time (first in line 1)"));
  EXPECT_THAT(error_with(truth_rows, "1,4,0,0,1,1,1,3\n"), HasSubstr("MOT17-02.txt:1: class 3 in the results"));
  EXPECT_THAT(error_with("1,1,0,0,1,1,1,77,1\n", result_rows),
              HasSubstr("gt.txt:1: class 77 is not a class of the benchmark MOT17"));
  EXPECT_THAT(error_with("1,1,0,0,1,1,1\n", result_rows),
              HasSubstr("gt.txt:1: 7 columns, but the benchmark MOT17 needs the class in column 8"));
}

TEST(BenchmarkFolder, ALengthBeyondReasonIsRefused) {
  const TemporaryFolder folder;
  add_sequence(folder, "gt/MOT17-02");
  folder.write("gt/MOT17-02/seqinfo.ini", "[Sequence]\nseqLength=10000001\n");
  folder.write("results/MOT17-02.txt", result_rows);
  EXPECT_THAT(message_of([&] { evaluate({.truth = folder / "gt", .results = {folder / "results"}}); }),
              HasSubstr("MOT17-02/seqinfo.ini: seqLength 10000001 exceeds the maximum of 10000000 frames"));
}

TEST(BenchmarkFolder, EmptyBoxesAndUnknownLengthsAreWarnings) {
  const TemporaryFolder folder;
  folder.write("gt/mine/gt/gt.txt", truth_rows);
  folder.write("results/mine.txt", "1,4,0,0,0,10,1\n2,4,0,0,0,10,1\n");
  const auto evaluation = evaluate({.truth = folder / "gt", .results = {folder / "results"}});
  ASSERT_EQ(evaluation.warnings.size(), 3U);
  EXPECT_THAT(evaluation.warnings[0], HasSubstr("evaluated as MOT17"));
  EXPECT_THAT(evaluation.warnings[1], HasSubstr("the sequence is assumed to end with frame 2"));
  EXPECT_THAT(evaluation.warnings[2], HasSubstr("mine.txt:1: a box of width or height 0 matches nothing (2 in"));
}

TEST(TruthMarks, ThatLeaveOutRowsAreWarnings) {
  const TemporaryFolder folder;
  std::vector<std::string> warnings;
  const auto marks_of = [&](const std::string& rows, const std::string& benchmark = "none") {
    warnings.clear();
    const auto truth = read_truth(folder.write("gt.txt", rows), 2, known_benchmark(benchmark),
                                  [&](const std::string& line) { warnings.push_back(line); });
    return truth.boxes.size();
  };
  EXPECT_EQ(marks_of("1,1,0,0,9,9,0\n2,1,0,0,9,9,0\n"), 2U);
  EXPECT_THAT(warnings, ElementsAre(testing::EndsWith(
                            "gt.txt: all 2 rows are marked 0 in column 7, which means that they are not evaluated")));
  marks_of("1,1,0,0,9,9,1\n1,2,0,0,9,9,0\n2,1,0,0,9,9,0.87\n2,2,0,0,9,9,0.5\n");
  EXPECT_THAT(warnings, ElementsAre(HasSubstr(
                            "gt.txt: 2 of 4 rows have a mark between 0 and 1 in column 7, such as 0.87; they are "
                            "evaluated, but TrackEval takes the mark as 0")));
  marks_of("1,1,0,0,9,9,1\n1,2,0,0,9,9,0\n2,1,0,0,9,9,-1\n2,2,0,0,9,9,2\n");
  EXPECT_THAT(warnings, IsEmpty());
}

TEST(TruthColumns, NameTheWayOut) {
  const TemporaryFolder folder;
  const auto error_of = [&](const std::string& rows) {
    return message_of(
        [&] { read_truth(folder.write("gt.txt", rows), 2, known_benchmark("MOT17"), [](const std::string&) {}); });
  };
  EXPECT_THAT(
      error_of("1,1,0,0,9,9,1\n"),
      HasSubstr("gt.txt:1: 7 columns, but the benchmark MOT17 needs the class in column 8; the benchmark 'none' "
                "evaluates all boxes, whatever their class (setting: benchmark)"));
  EXPECT_THAT(error_of("1,1,0,0,9,9,1,-1,-1,-1\n"),
              HasSubstr("gt.txt:1: class -1, but the benchmark MOT17 needs the class in column 8; the benchmark 'none' "
                        "evaluates all boxes, whatever their class (setting: benchmark)"));
}

TEST(BenchmarkDescription, IsReadFromYaml) {
  const TemporaryFolder folder;
  const auto file = folder.write("traffic.yaml",
                                 "labels: {car: 1, van: 2, person: 3, sitting: 4, crowd: 9}\n"
                                 "evaluate: [car, person]\n"
                                 "result_classes: true\n"
                                 "distractors: {car: [van], person: [sitting]}\n"
                                 "ignore: [crowd]\n"
                                 "match_overlap: 0.7\n");
  const auto benchmark = read_benchmark(file);
  EXPECT_EQ(benchmark.name, "traffic");
  const auto rules = benchmark.rules("person");
  EXPECT_EQ(rules.class_id, 3);
  EXPECT_THAT(rules.distractors, ElementsAre(4));
  EXPECT_THAT(rules.ignored, ElementsAre(9));
  EXPECT_EQ(rules.match_overlap, 0.7);
  EXPECT_EQ(rules.removal_overlap, 0.5);
  EXPECT_TRUE(rules.result_has_classes);
  const auto shared = read_benchmark(
      folder.write("b.yaml", "labels: {a: 1, b: 2, c: 3}\nevaluate: [a, b]\ndistractors: [c]\nresult_classes: true\n"));
  EXPECT_THAT(shared.rules("a").distractors, ElementsAre(3));
  EXPECT_THAT(shared.rules("b").distractors, ElementsAre(3));
}

TEST(BenchmarkDescription, MistakesAreNamed) {
  const TemporaryFolder folder;
  const auto error_of = [&](const std::string& yaml) {
    return message_of([&] { read_benchmark(folder.write("b.yaml", yaml)); });
  };
  EXPECT_EQ(error_of("labels: {a: 1}\nevaluate: [a]\n"), "");
  EXPECT_THAT(error_of("labels: {a: 1}\nevaluat: [a]\n"), HasSubstr("b.yaml:2: benchmark: unknown key 'evaluat'"));
  EXPECT_THAT(error_of("labels: {car: 1}\nevaluate: [cars]\n"),
              HasSubstr("b.yaml: evaluate: class 'cars' is not among labels (did you mean 'car'?)"));
  EXPECT_THAT(error_of("labels: {a: x}\nevaluate: [a]\n"), HasSubstr("class 'a' has no integer number"));
  EXPECT_THAT(error_of("labels: [a]\nevaluate: [a]\n"), HasSubstr("is not a map from class to number"));
  EXPECT_THAT(error_of("labels: {a: 1}\n"), HasSubstr("evaluate: name at least one class"));
  EXPECT_THAT(error_of("labels: {a: 1, b: 2}\nevaluate: [a, b]\ntruth_classes: false\n"),
              HasSubstr("several classes need truth_classes"));
  EXPECT_THAT(error_of("labels: {a: 1}\nevaluate: [a]\nmatch_overlap: 2\n"), HasSubstr("out of range"));
  EXPECT_THAT(error_of("labels: {a: 1"), HasSubstr("not YAML"));
  EXPECT_THAT(error_of("labels: {a: 1, a: 2}"), HasSubstr(":1: the key 'a' is given twice"));
  EXPECT_THAT(message_of([] { known_benchmark("MOT99"); }), HasSubstr("'MOT99' is not a benchmark: expected MOT15"));
}

TEST(BenchmarkDescription, BenchmarksAreRecognizedByTheirSequences) {
  EXPECT_EQ(benchmark_of({"MOT17-02-FRCNN", "MOT17-04-SDP"}), "MOT17");
  EXPECT_EQ(benchmark_of({"MOT20-01"}), "MOT20");
  EXPECT_EQ(benchmark_of({"TUD-Campus", "KITTI-17"}), "MOT15");
  EXPECT_EQ(benchmark_of({"dancetrack0004"}), "DanceTrack");
  EXPECT_EQ(benchmark_of({"v_00HRwkvvjtQ_c001"}), "SportsMOT");
  EXPECT_EQ(benchmark_of({"MOT17-02", "MOT20-01"}), "");
  EXPECT_THAT(known_benchmark("mot20").rules("pedestrian").distractors, ElementsAre(2, 7, 8, 12, 6));
  EXPECT_THAT(known_benchmark("MOT17").rules("pedestrian").distractors, ElementsAre(2, 7, 8, 12));
  EXPECT_THAT(known_benchmark("none").rules("object").distractors, IsEmpty());
}

TEST(Evaluation, SeveralClassesAreScoredOneByOneAndTogether) {
  const TemporaryFolder folder;
  folder.write("gt/S/gt/gt.txt", "1,1,0,0,10,10,1,1,1\n1,2,50,0,10,10,1,2,1\n1,3,90,0,10,10,1,2,1\n");
  folder.write("gt/S/seqinfo.ini", "[Sequence]\nseqLength=1\n");
  folder.write("results/S.txt", "1,1,0,0,10,10,1,1\n1,2,50,0,10,10,1,2\n");
  const auto yaml = folder.write("b.yaml", "labels: {a: 1, b: 2}\nevaluate: [a, b]\nresult_classes: true\n");
  const auto evaluation =
      evaluate({.truth = folder / "gt", .results = {folder / "results"}, .benchmark = yaml.string()});
  const auto& tracker = evaluation.trackers.front();
  ASSERT_EQ(tracker.classes.size(), 2U);
  EXPECT_DOUBLE_EQ(tracker.classes[0].combined.clear.mota, 1);
  EXPECT_DOUBLE_EQ(tracker.classes[1].combined.clear.mota, 0.5);
  EXPECT_DOUBLE_EQ(tracker.class_average->clear.mota, 0.75);
  EXPECT_DOUBLE_EQ(tracker.all_boxes->clear.mota, 2.0 / 3);
}

}  // namespace
}  // namespace onepass::eval
