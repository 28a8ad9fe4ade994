// Runs onepass stitch on pieces that onepass track has made.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

#include "batch/unit_lock.hpp"
#include "cli/batch/staged_outputs.hpp"
#include "support/crossing_scene.hpp"
#include "support/ffmpeg.hpp"
#include "support/message_of.hpp"
#include "support/run_program.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Stitch : public testing::Test {
 protected:
  Stitch() : sequence_(write_crossing(folder_)), out_((folder_ / "out").string() + "/") {}

  ProgramResult track(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"track",      "--source", sequence_, "--detections", sequence_ / "det/det.txt",
                                       "--save-mot", out_,       "--split", "1s",           "--overlap",
                                       "0.5s"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_onepass(arguments);
  }
  ProgramResult stitch(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"stitch", out_ + sequence_.filename().string() + ".pieces"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_onepass(arguments);
  }
  /// Names of hidden files and locks, which nothing may leave behind.
  std::vector<std::string> leftovers() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) {
      const auto name = entry.path().filename().string();
      if (name.starts_with(".") || name.ends_with(".lock") || name.ends_with(".part")) names.push_back(name);
    }
    return names;
  }

  TemporaryFolder folder_;
  fs::path sequence_;
  std::string out_;
};

TEST_F(Stitch, KeepsFormerResultsUntilTheNewOnesAreComplete) {
  ASSERT_EQ(track({"--shard", "1/1"}).exit_code, 0);
  const auto former = folder_.write("day.txt", "former");
  const std::vector<std::string> to_it{"--save-mot", former};
  EXPECT_EQ(stitch(to_it).exit_code, 2) << "it exists";
  const auto failed =
      stitch({"--save-mot", former, "--overwrite", "--save-heatmap", folder_ / "day.png", "--source", sequence_});
  EXPECT_EQ(failed.exit_code, 1) << failed.err;
  EXPECT_THAT(failed.err, HasSubstr("img1")) << "the sequence has no images";
  EXPECT_EQ(read_file(former), "former");
  EXPECT_FALSE(fs::exists(folder_ / "day.png"));
  EXPECT_THAT(leftovers(), IsEmpty());
  EXPECT_EQ(stitch({"--save-mot", former, "--overwrite"}).exit_code, 0);
  EXPECT_THAT(read_file(former), HasSubstr("\n100,1,"));
  EXPECT_THAT(leftovers(), IsEmpty());
}

TEST_F(Stitch, ReplacesTheFilesOfAFormerRunInAFolder) {
  ASSERT_EQ(track({"--shard", "1/1"}).exit_code, 0);
  const auto labels = folder_ / "labels" / sequence_.filename();
  const auto command = [&](std::vector<std::string> more) {
    more.insert(more.end(), {"--save-tracks", folder_ / "labels", "--format", "yolo"});
    return stitch(more);
  };
  ASSERT_EQ(command({}).exit_code, 0);
  const auto name = [&](int frame) { return sequence_.filename().string() + "_" + std::to_string(frame) + ".txt"; };
  const auto first = read_file(labels / name(1));
  EXPECT_FALSE(first.empty());
  for (const auto& file : {name(999), name(1)}) folder_.write(fs::relative(labels / file, folder_.path()), "old");
  folder_.write(fs::relative(labels / "notes.md", folder_.path()), "mine");
  const auto refused = command({});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("this folder is not empty; use --overwrite"));
  EXPECT_EQ(command({"--overwrite"}).exit_code, 0);
  EXPECT_EQ(read_file(labels / name(1)), first);
  EXPECT_FALSE(fs::exists(labels / name(999)));
  EXPECT_EQ(read_file(labels / "notes.md"), "mine");
  EXPECT_THAT(leftovers(), IsEmpty());
}

TEST_F(Stitch, ContinuesAfterOutputsThatCouldNotBeMoved) {
  ASSERT_EQ(track({"--shard", "1/1"}).exit_code, 0);
  const std::vector<std::string> to_both{"--save-mot",       folder_ / "day.txt", "--save-tracks",
                                         folder_ / "labels", "--format",          "yolo"};
  auto overwrite = to_both;
  overwrite.emplace_back("--overwrite");
  folder_.write("day.txt", "former");
  const auto name = sequence_.filename().string();
  const auto in_the_way = folder_ / "labels" / name / (name + "_1.txt");
  fs::create_directories(in_the_way / "folder");
  const auto failed = stitch(overwrite);
  EXPECT_EQ(failed.exit_code, 1) << failed.err;
  EXPECT_THAT(failed.err, HasSubstr("crossing_1.txt"));
  fs::remove_all(in_the_way);
  const auto again = stitch(to_both);
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(read_file(folder_ / "day.txt"), HasSubstr("\n100,1,"));
  EXPECT_TRUE(fs::is_regular_file(in_the_way));
  EXPECT_THAT(leftovers(), IsEmpty());
}

TEST(StagedOutputs, ReplaceNothingIfOneWasNotWritten) {
  const TemporaryFolder folder;
  cli::OutputPaths places;
  places.files.resize(cli::sink_outputs().size());
  places.events = folder.write("events.jsonl", "former");
  places.counts = folder / "counts.csv";
  cli::StagedOutputs staged(places);
  folder.write(fs::path(staged.paths().events).filename(), "new");
  EXPECT_THAT(message_of([&] { staged.put_in_place({}, {}); }), HasSubstr("counts.csv: was not written"));
  EXPECT_EQ(read_file(places.events), "former");
  folder.write(fs::path(staged.paths().counts).filename(), "counts");
  staged.put_in_place({}, {});
  EXPECT_EQ(read_file(places.events) + read_file(places.counts), "newcounts");
}

TEST_F(Stitch, LeavesOutputsToTheProcessThatWritesThem) {
  ASSERT_EQ(track({"--shard", "1/1"}).exit_code, 0);
  const auto expect_busy = [&](const std::string& lock_file, const std::vector<std::string>& outputs) {
    const batch::UnitLock lock(folder_ / lock_file);
    const auto busy = stitch(outputs);
    EXPECT_EQ(busy.exit_code, 75) << busy.err;
    EXPECT_THAT(busy.err, HasSubstr("is being tracked by process"));
    EXPECT_FALSE(fs::exists(folder_ / "day.txt"));
  };
  expect_busy("day.txt.lock", {"--save-mot", folder_ / "day.txt"});
  expect_busy("m.json.lock", {"--save-mot", folder_ / "day.txt", "--manifest", folder_ / "m.json"});
  EXPECT_EQ(stitch({"--save-mot", folder_ / "day.txt", "--manifest", folder_ / "m.json"}).exit_code, 0);
  EXPECT_FALSE(fs::exists(folder_ / "m.json.lock"));
}

TEST_F(Stitch, RefusesBeforeItTracks) {
  folder_.write("out/" + sequence_.filename().string() + ".txt", "precious");
  const auto refused = track({});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("this file already exists; use --overwrite"));
  EXPECT_FALSE(fs::exists(out_ + sequence_.filename().string() + ".pieces")) << "nothing was tracked";
  EXPECT_EQ(track({"--overwrite"}).exit_code, 0);
  const auto whole = read_file(out_ + sequence_.filename().string() + ".txt");
  folder_.write("out/" + sequence_.filename().string() + ".txt", "damaged");
  EXPECT_EQ(track({"--skip-existing"}).exit_code, 0) << "its manifest says that a unit has made it";
  EXPECT_EQ(read_file(out_ + sequence_.filename().string() + ".txt"), whole);
}

TEST_F(Stitch, ChecksItsOptionsLikeTrack) {
  ASSERT_EQ(track({"--shard", "1/1"}).exit_code, 0);
  const auto error_of = [&](const std::vector<std::string>& more) {
    const auto result = stitch(more);
    EXPECT_EQ(result.exit_code, 2) << result.err;
    return result.err;
  };
  EXPECT_THAT(error_of({"--save-jsonl", "redis://127.0.0.1:1/tracks"}), HasSubstr("cannot publish to Redis or Kafka"));
  EXPECT_THAT(error_of({"--save-mot", "kafka://127.0.0.1/tracks"}), HasSubstr("--save-mot writes a file"));
  EXPECT_THAT(error_of({"--save-mot", folder_ / "a.txt", "--format", "kitti"}),
              HasSubstr("--format has no effect without --save-tracks"));
  EXPECT_THAT(error_of({"--save-tracks", folder_ / "a", "--format", "kity"}), HasSubstr("--format"));
  EXPECT_THAT(error_of({"--save-mot", folder_ / "a.txt", "--crops", "all"}), HasSubstr("--crops has no effect"));
  const auto zones = folder_.write("zones.yaml", "zones:\n  - name: door\n    line: [[0.5, 0], [0.5, 1]]\n");
  EXPECT_THAT(error_of({"--zones", zones, "--save-counts", zones, "--overwrite"}), HasSubstr("is also an input"));
  EXPECT_THAT(error_of({"--save-tracks", folder_ / "a.xml", "--format", "coco"}), HasSubstr("contradicts"));
  EXPECT_THAT(run_onepass({"stitch", "--help"}).out, Not(HasSubstr("--blur")));
  EXPECT_THAT(error_of({"--save-jsonl", "-", "--manifest", folder_ / "m.json"}), HasSubstr("cannot be '-'"));
}

TEST_F(Stitch, SaysWhatTheFormatLoses) {
  ASSERT_EQ(track({"--shard", "1/1"}).exit_code, 0);
  const auto result = stitch({"--save-tracks", folder_ / "a.json", "--format", "label-studio"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("onepass: warning: --save-tracks: "));
}

TEST_F(Stitch, ShowsTheStreamThatWasTracked) {
  const auto video = folder_ / "two.mkv";
  ffmpeg({"-f", "lavfi", "-i", "color=red:size=64x48:rate=30:duration=2", "-f", "lavfi", "-i",
          "color=blue:size=128x96:rate=30:duration=2", "-map", "0", "-map", "1", video});
  const auto tracked =
      run_onepass({"track", "--source", video, "--stream", "1", "--detections", sequence_ / "det/det.txt", "--manifest",
                   out_, "--split", "1s", "--overlap", "0.5s", "--shard", "1/1"});
  ASSERT_EQ(tracked.exit_code, 0) << tracked.err;
  const auto result =
      run_onepass({"stitch", out_ + "two.pieces", "--source", video, "--save-heatmap", folder_ / "two.png"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(cv::imread(folder_ / "two.png").size(), cv::Size(128, 96));

  const auto other = folder_ / "other.mkv";
  ffmpeg({"-f", "lavfi", "-i", "color=red:size=128x96:rate=30:duration=2", other});
  const auto refused =
      run_onepass({"stitch", out_ + "two.pieces", "--source", other, "--save-heatmap", folder_ / "other.png"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("other.mkv: is not the source that the pieces were tracked in"));
  EXPECT_FALSE(fs::exists(folder_ / "other.png"));
}

}  // namespace
}  // namespace onepass::test
