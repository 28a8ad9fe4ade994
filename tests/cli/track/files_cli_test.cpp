// Runs onepass on files as people have them. The list of what was tried; each row has its right result.
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/run_program.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// A sequence of ten frames without images, with one person who stands still, and the path of its detections.
fs::path write_sequence(const TemporaryFolder& folder, const std::string& name, const std::string& ini = "") {
  folder.write(name + "/seqinfo.ini",
               ini.empty() ? "[Sequence]\nframeRate=25\nseqLength=10\nimWidth=640\nimHeight=360\n" : ini);
  std::string rows;
  for (int frame = 1; frame <= 10; ++frame) rows += std::to_string(frame) + ",-1,50,60,40,80,0.9,-1,-1,-1\n";
  return folder.write(name + "/det/det.txt", rows);
}

std::vector<std::string> files_below(const fs::path& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(fs::relative(entry.path(), folder).string());
  }
  std::ranges::sort(files);
  return files;
}

TEST(NamesFromData, DecideNoPath) {
  for (const std::string name : {"../outside", "/tmp/onepass-absolute", "a\x1b[2J", "..", "x/y"}) {
    const TemporaryFolder folder;
    const auto detections = write_sequence(
        folder, "CAM-1", "[Sequence]\nframeRate=25\nseqLength=10\nimWidth=640\nimHeight=360\nname=" + name + "\n");
    const auto result = run_onepass({"track", "--source", folder / "CAM-1", "--detections", detections, "--save-mot",
                                     (folder / "out/results").string() + "/", "--save-jsonl", "-"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(files_below(folder / "out"), ElementsAre("results/CAM-1.txt"));
    EXPECT_THAT(result.out, HasSubstr(R"("source":"CAM-1")"));
    EXPECT_THAT(result.out + result.err, Not(HasSubstr("\x1b")));
  }
}

TEST(NamesFromData, DoNotControlTheTerminal) {
  const TemporaryFolder folder;
  const std::string name = "gate\x1b]0;owned\x07\u009b31m";
  const auto detections = write_sequence(folder, name);
  const auto tracked =
      run_onepass({"track", "--source", folder / name, "--detections", detections, "--save-jsonl", "-"});
  EXPECT_EQ(tracked.exit_code, 0) << tracked.err;
  EXPECT_EQ(nlohmann::json::parse(tracked.out.substr(0, tracked.out.find('\n')))["source"], "gate_]0;owned__31m");
  const auto missing = run_onepass({"track", "--source", folder / name / "none", "--detections", detections});
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_THAT(missing.err, HasSubstr("gate\\u001b]0;owned\\u0007\\u009b31m/none: no such file or folder"));
  folder.write("bad.yaml", "tracker:\n  \"max\\x1b[2Jage\": 3\n");
  const auto bad = run_onepass({"config", "--config", folder / "bad.yaml"});
  EXPECT_EQ(bad.exit_code, 1);
  EXPECT_THAT(bad.err, HasSubstr("unknown key 'max\\u001b[2Jage'"));
  for (const auto& text : {tracked.out, tracked.err, missing.err, bad.err}) {
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_THAT(text, Not(HasSubstr("\u009b")));
  }
}

TEST(SequenceNames, AreThoseOfTheFoldersForEveryCommand) {
  const TemporaryFolder folder;
  const std::string copied = "[Sequence]\nname=S\nframeRate=25\nseqLength=10\nimWidth=640\nimHeight=360\n";
  std::string truth;
  for (int frame = 1; frame <= 10; ++frame) truth += std::to_string(frame) + ",1,50,60,40,80,1,1,1\n";
  for (const std::string name : {"A", "B"}) {
    const auto detections = write_sequence(folder, "data/" + name, copied);
    folder.write("data/" + name + "/gt/gt.txt", truth);
    const auto result = run_onepass({"track", "--source", folder / "data" / name, "--detections", detections,
                                     "--save-mot", (folder / "results").string() + "/"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
  }
  EXPECT_THAT(files_below(folder / "results"), ElementsAre("A.txt", "B.txt"));
  const auto scored = run_onepass(
      {"eval", "--gt", folder / "data", "--results", folder / "results", "--preprocess", "none", "--json", "-"});
  EXPECT_EQ(scored.exit_code, 0) << scored.err;
  EXPECT_EQ(nlohmann::json::parse(scored.out)["results"]["COMBINED"]["CLEAR"]["MOTA"], 1);
}

TEST(Seqmaps, MayBeCsvButNameFoldersOnly) {
  const TemporaryFolder folder;
  folder.write("data/A/gt/gt.txt", "1,1,50,60,40,80,1,1,1\n");
  folder.write("data/A/seqinfo.ini", "[Sequence]\nseqLength=1\n");
  folder.write("results/A.txt", "1,1,50,60,40,80,1,-1,-1,-1\n");
  const auto eval = [&](const std::string& seqmap) {
    return run_onepass({"eval", "--gt", folder / "data", "--results", folder / "results", "--preprocess", "none",
                        "--seqmap", folder.write("seqmap.txt", seqmap)});
  };
  EXPECT_EQ(eval("name\nA\n").exit_code, 0);
  EXPECT_EQ(eval("name,length\nA,1\n").exit_code, 0);
  EXPECT_THAT(eval("name\n../data/A\n").err, HasSubstr("seqmap.txt:2: '../data/A' is not the name of a sequence"));
  EXPECT_THAT(eval("/data/A\n").err, HasSubstr("seqmap.txt:1: '/data/A' is not the name of a sequence"));
}

/// Number of ids after one person was unseen for `gap` frames, with the settings of Ultralytics' bytetrack.yaml.
std::size_t ids_after_gap(int frame_rate, int gap, int buffer) {
  const TemporaryFolder folder;
  folder.write("s/seqinfo.ini",
               "[Sequence]\nframeRate=" + std::to_string(frame_rate) + "\nseqLength=120\nimWidth=640\nimHeight=360\n");
  std::string rows;
  for (int frame = 1; frame <= 120; ++frame) {
    if (frame <= 20 || frame > 20 + gap) rows += std::to_string(frame) + ",-1,100,100,60,150,0.9,-1,-1,-1\n";
  }
  const auto config = folder.write("bytetrack.yaml",
                                   "tracker_type: bytetrack\ntrack_high_thresh: 0.25\ntrack_low_thresh: 0.1\n"
                                   "new_track_thresh: 0.25\ntrack_buffer: " +
                                       std::to_string(buffer) + "\nmatch_thresh: 0.8\nfuse_score: True\n");
  const auto result = run_onepass({"track", "--source", folder / "s", "--detections", folder.write("det.txt", rows),
                                   "--config", config, "--save-mot", folder / "out.txt"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  std::istringstream lines(read_file(folder / "out.txt"));
  std::set<std::string> ids;
  for (std::string line; std::getline(lines, line);) {
    const auto first = line.find(',') + 1;
    ids.insert(line.substr(first, line.find(',', first) - first));
  }
  return ids.size();
}

TEST(UltralyticsBuffer, CountsFramesAtAnyRate) {
  for (const int frame_rate : {10, 25, 30, 60}) {
    EXPECT_EQ(ids_after_gap(frame_rate, 20, 30), 1U) << frame_rate;
    EXPECT_EQ(ids_after_gap(frame_rate, 29, 30), 1U) << frame_rate;
    EXPECT_EQ(ids_after_gap(frame_rate, 42, 30), 2U) << frame_rate;
    EXPECT_EQ(ids_after_gap(frame_rate, 42, 60), 1U) << frame_rate;
  }
}

TEST(PublicDetections, AreThoseOfTheSequence) {
  const TemporaryFolder folder;
  const auto detections_file = write_sequence(folder, "walk");
  const auto sequence = folder / "walk";
  const auto track = [&](const fs::path& source, const std::string& detections, const std::string& to) {
    return run_onepass({"track", "--source", source, "--detections", detections, "--save-mot", folder / to});
  };
  const auto with_name = track(sequence, "public", "a.txt");
  ASSERT_EQ(with_name.exit_code, 0) << with_name.err;
  ASSERT_EQ(track(sequence, detections_file, "b.txt").exit_code, 0);
  EXPECT_EQ(read_file(folder / "a.txt"), read_file(folder / "b.txt"));
  const auto none = track(folder.write("empty/seqinfo.ini", "").parent_path(), "public", "c.txt");
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("--detections public: there is no " + (folder / "empty/det/det.txt").string()));
}

TEST(Flags, OfOtherProgramsAreExplained) {
  const auto message_for = [](const std::string& flag) {
    return run_onepass({"track", "--source", "a", flag, "x"}).err;
  };
  EXPECT_THAT(message_for("--tracker"), HasSubstr("unknown flag '--tracker' (here it is --config)"));
  EXPECT_THAT(message_for("--weights"), HasSubstr("(here it is --model)"));
  EXPECT_THAT(message_for("--conf-thres"), HasSubstr("(here it is --conf)"));
  EXPECT_THAT(message_for("--sorce"), HasSubstr("did you mean '--source'"));
}

TEST(Device, NumbersMeanGpus) {
  const TemporaryFolder folder;
  const auto dump = run_onepass({"config", "--dump", "--config", folder.write("a.yaml", "detector: {device: 1}\n")});
  EXPECT_THAT(dump.out, HasSubstr("  device: cuda:1\n"));
}

}  // namespace
}  // namespace onepass::test
