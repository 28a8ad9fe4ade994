#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/run_program.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::cli {
namespace {

using nlohmann::json;
using test::read_file;
using test::run_onepass;
using test::TemporaryFolder;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// Two sequences of 20 frames with three people; tracker "good" is correct, "bad" swaps two ids halfway.
class EvalCommand : public testing::Test {
 protected:
  EvalCommand() {
    for (const std::string name : {"MOT17-02", "MOT17-04"}) {
      folder_.write("gt/" + name + "/gt/gt.txt", rows(0, ",1,1,1"));
      folder_.write("gt/" + name + "/seqinfo.ini", "[Sequence]\nseqLength=20\n");
      folder_.write("results/good/data/" + name + ".txt", rows(0, ",0.9,-1,-1,-1"));
      folder_.write("results/bad/data/" + name + ".txt", rows(11, ",0.9,-1,-1,-1"));
    }
  }

  /// From frame `mixed_from` on (0: never), the ids of people 1 and 2 are swapped.
  static std::string rows(int mixed_from, const std::string& rest) {
    std::string text;
    for (int frame = 1; frame <= 20; ++frame) {
      for (int walker = 1; walker <= 3; ++walker) {
        const bool mixed = mixed_from > 0 && frame >= mixed_from && walker < 3;
        text += std::to_string(frame) + "," + std::to_string(mixed ? 3 - walker : walker) + "," +
                std::to_string(100 * walker + frame) + ",50,40,80" + rest + "\n";
      }
    }
    return text;
  }

  test::ProgramResult eval(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"eval", "--gt", (folder_ / "gt").string()});
    return run_onepass(arguments);
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  TemporaryFolder folder_;
};

TEST_F(EvalCommand, PrintsATableAndWritesJsonAndCsv) {
  const auto result = eval({"--results", path("results"), "--json", path("s.json"), "--csv", path("s.csv")});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, StartsWith("bad: pedestrian"));
  EXPECT_THAT(result.out, HasSubstr("good: pedestrian"));
  EXPECT_THAT(result.out, HasSubstr("all trackers"));
  EXPECT_THAT(result.out, HasSubstr("COMBINED          100.000  100.000  100.000"));
  EXPECT_THAT(result.err, HasSubstr("4 result files scored in"));
  const auto scores = json::parse(read_file(path("s.json")));
  EXPECT_EQ(scores["bad"]["COMBINED"]["CLEAR"]["IDSW"], 4);
  EXPECT_EQ(scores["bad"]["MOT17-02"]["HOTA"]["HOTA"].size(), 19U);
  EXPECT_DOUBLE_EQ(scores["bad"]["MOT17-02"]["Identity"]["IDF1"], 40.0 / 60);
  const auto csv = read_file(path("s.csv"));
  EXPECT_THAT(csv, StartsWith("tracker,class,sequence,HOTA_TP,"));
  EXPECT_THAT(csv, HasSubstr("\nbad,pedestrian,COMBINED,120,"));
}

TEST_F(EvalCommand, StandardOutputIsJsonAloneWhenAskedFor) {
  const auto result = eval({"--results", path("results"), "--json", "-", "--metrics", "CLEAR"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto scores = json::parse(result.out);
  EXPECT_TRUE(scores["good"]["COMBINED"].contains("CLEAR"));
  EXPECT_FALSE(scores["good"]["COMBINED"].contains("HOTA"));
}

TEST_F(EvalCommand, ComparesByASeededBootstrap) {
  const std::vector<std::string> arguments{
      "--results", path("results/good"), "--against",    path("results/bad"), "--seed",
      "3",         "--comparison-json",  path("c.json"), "--overwrite"};
  const auto result = eval(arguments);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("good against bad: pedestrian (2 sequences"));
  EXPECT_EQ(result.out, eval(arguments).out);
  const auto comparison = json::parse(read_file(path("c.json"))).at(0);
  const auto& switches = comparison["scores"]["IDSW"];
  EXPECT_EQ(switches["ours"], 0);
  EXPECT_EQ(switches["theirs"], 4);
  EXPECT_EQ(switches["by_sequence"]["MOT17-02"], -2);
  EXPECT_EQ(switches["low"], -4);  // both sequences are equal, and so is every resample
  EXPECT_EQ(switches["high"], -4);
  EXPECT_EQ(switches["verdict"], "better");
  EXPECT_EQ(comparison["scores"]["MOTP"]["verdict"], "within noise");
}

TEST_F(EvalCommand, TheReportStandsAlone) {
  const auto result = eval({"--results", path("results"), "--report", path("report")});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto page = read_file(path("report/index.html"));
  EXPECT_THAT(page, StartsWith("<!DOCTYPE html>"));
  EXPECT_THAT(page, Not(ContainsRegex("(src|href)=\"[^#]")));
  EXPECT_THAT(page, HasSubstr("<td>11</td><td>1</td><td>1</td><td>2</td><td>10</td><td>10</td>"
                              "<td>111.0, 50.0, 40.0 × 80.0</td>"));
}

TEST_F(EvalCommand, ReportsBadInputWithFileAndLine) {
  folder_.write("results/good/data/MOT17-04.txt", "1,1,0,0,10,10,0.9\n1,2,0,0,-10,10,0.9\n");
  const auto result = eval({"--results", path("results/good")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, HasSubstr("MOT17-04.txt:2: column 5 (width): '-10' is negative"));
}

TEST_F(EvalCommand, ListsAndCountsItsWarnings) {
  std::filesystem::remove(folder_ / "results/good/data/MOT17-04.txt");
  const auto result = eval({"--results", path("results/good"), "--allow-missing"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.err, HasSubstr("onepass: warning: " + path("results/good/data") + ": no result for MOT17-04"));
  EXPECT_THAT(result.err, HasSubstr("1 warning\n"));
}

TEST_F(EvalCommand, ReplacesFilesOnlyWithOverwrite) {
  const auto results = path("results/good");
  for (const std::string option : {"--json", "--csv", "--comparison-json"}) {
    folder_.write("kept", "precious");
    std::vector<std::string> arguments{"--results", results, "--against", path("results/bad"), option, path("kept")};
    const auto refused = eval(arguments);
    EXPECT_EQ(refused.exit_code, 2) << option;
    EXPECT_EQ(refused.err, "onepass: " + path("kept") + ": this file already exists; use --overwrite to replace it\n");
    EXPECT_EQ(read_file(path("kept")), "precious");
    arguments.push_back("--overwrite");
    EXPECT_EQ(eval(arguments).exit_code, 0) << option;
    EXPECT_THAT(read_file(path("kept")), HasSubstr("IDSW"));
    EXPECT_FALSE(std::filesystem::exists(path("kept.part")));
  }
  folder_.write("report/index.html", "precious");
  EXPECT_EQ(eval({"--results", results, "--report", path("report")}).exit_code, 2);
  EXPECT_EQ(read_file(path("report/index.html")), "precious");
  EXPECT_EQ(eval({"--results", results, "--report", path("report"), "--overwrite"}).exit_code, 0);
  EXPECT_THAT(read_file(path("report/index.html")), StartsWith("<!DOCTYPE html>"));
}

TEST_F(EvalCommand, AFullStandardOutputIsAnError) {
  const auto results = path("results/good");
  const std::vector<std::vector<std::string>> outputs{
      {}, {"--json", "-"}, {"--csv", "-"}, {"--against", path("results/bad"), "--comparison-json", "-"}};
  for (auto arguments : outputs) {
    const auto what = arguments.empty() ? "the table" : arguments.back();
    arguments.insert(arguments.begin(), {"eval", "--gt", path("gt"), "--results", results});
    const auto result = run_onepass(arguments, "/dev/full");
    EXPECT_EQ(result.exit_code, 75) << what << ": a full disk may go away";
    EXPECT_THAT(result.err, HasSubstr("onepass: standard output: cannot be written: No space left on device\n"));
  }
}

/// Home-made ground truth under a benchmark's name: both errors name the same way out, and it works.
TEST_F(EvalCommand, TheAdviceForGroundTruthWithoutClassesWorks) {
  for (const auto* rest : {",1", ",1,-1,-1,-1"}) {
    folder_.write("gt/MOT17-02/gt/gt.txt", rows(0, rest));
    for (const std::string benchmark : {"", "MOT20"}) {
      std::vector<std::string> arguments{"--results", path("results/good")};
      if (!benchmark.empty()) arguments.insert(arguments.end(), {"--benchmark", benchmark});
      EXPECT_THAT(eval(arguments).err, HasSubstr("; the benchmark 'none' evaluates all boxes, whatever their class; "
                                                 "see --benchmark\n"));
    }
    const std::vector<std::vector<std::string>> ways{
        {"--benchmark", "none"}, {"--preprocess", "none"}, {"--preprocess", "none", "--benchmark", "none"}};
    for (auto arguments : ways) {
      arguments.insert(arguments.end(), {"--results", path("results/good")});
      const auto result = eval(arguments);
      EXPECT_EQ(result.exit_code, 0) << result.err;
      EXPECT_THAT(result.out, StartsWith("good: object"));
    }
  }
}

TEST_F(EvalCommand, ItsHelpNamesEveryBenchmark) {
  const auto help = run_onepass({"eval", "--help"}).out;
  const auto refused = eval({"--results", path("results"), "--benchmark", "MOT99"}).err;
  const std::string before = "is not a benchmark: expected ";
  ASSERT_THAT(refused, HasSubstr(before));
  const auto begin = refused.find(before) + before.size();
  std::istringstream names(refused.substr(begin, refused.find(" or a YAML file") - begin));
  int count = 0;
  for (std::string name; std::getline(names >> std::ws, name, ','); ++count) EXPECT_THAT(help, HasSubstr(name));
  EXPECT_GE(count, 14);
}

TEST_F(EvalCommand, UsageErrorsEndWithTwo) {
  EXPECT_EQ(eval({}).exit_code, 2);
  EXPECT_EQ(eval({"--results", path("results"), "--metrics", "HOTA,VACE"}).exit_code, 2);
  EXPECT_EQ(eval({"--results", path("results"), "--preprocess", "none", "--benchmark", "MOT17"}).exit_code, 2);
  EXPECT_EQ(eval({"--results", path("results"), "--json", "-", "--csv", "-"}).exit_code, 2);
  EXPECT_EQ(eval({"--results", path("results"), "--json", path("s"), "--csv", path("s")}).exit_code, 2);
}

}  // namespace
}  // namespace onepass::cli
