// Runs onepass track with units, and onepass stitch.
#include <signal.h>

#include <cstdio>
#include <map>
#include <memory>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "batch/unit_lock.hpp"
#include "support/crossing_scene.hpp"
#include "support/run_program.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using Json = nlohmann::json;

class Batch : public testing::Test {
 protected:
  Batch() : sequence_(write_crossing(folder_)), out_((folder_ / "out").string() + "/") {}

  ProgramResult run(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"track",      "--source", sequence_, "--detections", sequence_ / "det/det.txt",
                                       "--save-mot", out_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_onepass(arguments);
  }
  std::string name() const { return sequence_.filename().string(); }
  fs::path result(const std::string& extension) const { return fs::path(out_) / (name() + extension); }
  Json manifest() const { return Json::parse(read_file(result(".manifest.json"))); }
  std::string whole() const {  // the result of a run without units
    const auto path = folder_ / "whole.txt";
    if (!fs::exists(path))
      run_onepass({"track", "--source", sequence_, "--detections", sequence_ / "det/det.txt", "--save-mot", path});
    return read_file(path);
  }

  /// Checks that everybody has the identity of a run without pieces in every frame. The filter of a piece knows less of
  /// the past, so that boxes may differ slightly, and some frames without detections have none.
  void expect_the_same_people(const fs::path& stitched) const {
    const auto left_edges = [](const std::string& text) {
      std::map<std::pair<int, int>, double> edges;
      std::istringstream lines(text);
      for (std::string line; std::getline(lines, line);) {
        int frame = 0, id = 0;
        double left = 0;
        std::sscanf(line.c_str(), "%d,%d,%lf", &frame, &id, &left);
        edges[{frame, id}] = left;
      }
      return edges;
    };
    const auto expected = left_edges(whole());
    const auto found = left_edges(read_file(stitched));
    EXPECT_GE(found.size(), expected.size() - 3);
    for (const auto& [frame_and_id, left] : found) {
      ASSERT_TRUE(expected.contains(frame_and_id)) << frame_and_id.first << ", " << frame_and_id.second;
      EXPECT_NEAR(left, expected.at(frame_and_id), 1) << frame_and_id.first << ", " << frame_and_id.second;
    }
  }

  TemporaryFolder folder_;
  fs::path sequence_;
  std::string out_;
};

TEST_F(Batch, SkipsWhatIsFinished) {
  const auto first = run({"--skip-existing"});
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_EQ(read_file(result(".txt")), whole());
  EXPECT_EQ(manifest()["frames"], 100);
  EXPECT_EQ(manifest()["identities"], 3);
  EXPECT_EQ(manifest()["outputs"][0]["kind"], "mot");
  const auto written = fs::last_write_time(result(".txt"));
  const auto second = run({"--skip-existing"});
  EXPECT_EQ(second.exit_code, 0) << second.err;
  EXPECT_THAT(second.err, HasSubstr("is tracked already"));
  EXPECT_EQ(fs::last_write_time(result(".txt")), written);
  EXPECT_FALSE(fs::exists(result(".manifest.json.lock")));
}

TEST_F(Batch, DoesUnfinishedUnitsAgain) {
  ASSERT_EQ(run({"--skip-existing"}).exit_code, 0);
  folder_.write("out/" + name() + ".txt", "cut");
  const auto changed = run({"--skip-existing"});
  EXPECT_EQ(changed.exit_code, 0);
  EXPECT_THAT(changed.err, HasSubstr(".txt has changed; the unit is tracked again"));
  EXPECT_EQ(read_file(result(".txt")), whole());
  // As a killed process leaves it: outputs, and a lock file without a lock.
  fs::rename(result(".manifest.json"), result(".manifest.json.lock"));
  folder_.write("out/" + name() + ".txt", "half");
  EXPECT_EQ(run({"--skip-existing"}).exit_code, 0);
  EXPECT_EQ(read_file(result(".txt")), whole());
}

TEST_F(Batch, ReplacesNothingThatItHasNotMade) {
  folder_.write("out/" + name() + ".txt", "precious");
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto refused = run({"--skip-existing"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr("this file already exists; use --overwrite"));
    EXPECT_EQ(read_file(result(".txt")), "precious");
  }
  EXPECT_EQ(run({"--skip-existing", "--overwrite"}).exit_code, 0);
  const auto other = run({"--skip-existing", "--tracker.max_age_s", "7"});
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.err, HasSubstr("this unit was tracked with another tracker.max_age_s (1, not 7)"));
  EXPECT_EQ(read_file(result(".txt")), whole());
}

TEST_F(Batch, LeavesAUnitToTheProcessThatHasIt) {
  fs::create_directories(out_);
  const batch::UnitLock lock(result(".manifest.json.lock"));
  const auto busy = run({"--skip-existing"});
  EXPECT_EQ(busy.exit_code, 75);
  EXPECT_THAT(busy.err, AllOf(HasSubstr("is being tracked by process"), HasSubstr("another attempt")));
  EXPECT_FALSE(fs::exists(result(".txt")));
}

TEST_F(Batch, ManyProcessesTrackEveryUnitOnce) {
  std::string list;
  for (int i = 0; i < 12; ++i) {
    const auto copy = folder_ / ("s" + std::to_string(i));
    fs::copy(sequence_, copy, fs::copy_options::recursive);
    list += Json{{"source", copy.string()}, {"detections", (copy / "det/det.txt").string()}}.dump() + "\n";
  }
  const auto units = folder_.write("units.txt", "# twelve\n" + list);
  const std::vector<std::string> batch{"track", "--units", units, "--save-mot", out_, "--skip-existing", "--jobs", "2"};
  std::vector<std::unique_ptr<RunningProgram>> programs;
  for (int i = 0; i < 4; ++i) programs.push_back(std::make_unique<RunningProgram>(batch));
  programs.front()->signal(SIGKILL);
  int finished = 0;
  for (auto& program : programs) finished += program->wait().exit_code == 0 ? 1 : 0;
  const auto last = run_onepass(batch);
  EXPECT_EQ(last.exit_code, 0) << last.err;
  for (int i = 0; i < 12; ++i) EXPECT_EQ(read_file(fs::path(out_) / ("s" + std::to_string(i) + ".txt")), whole());
}

TEST_F(Batch, ShardsAreDisjointAndComplete) {
  const std::vector<std::string> split{"--split", "1s", "--overlap", "0.5s"};
  const auto list = [&](std::vector<std::string> more) {
    more.insert(more.end(), split.begin(), split.end());
    more.push_back("--list-units");
    return run(more).out;
  };
  EXPECT_THAT(list({}), HasSubstr(R"("piece":3,"pieces":3,"from_s":2.0})"));
  EXPECT_EQ(list({"--shard", "1/2"}) + list({"--shard", "2/2"}),
            [&] {  // pieces 1 and 3, then 2
              std::istringstream all(list({}));
              std::string lines[3];
              for (auto& line : lines) std::getline(all, line);
              return lines[0] + "\n" + lines[2] + "\n" + lines[1] + "\n";
            }());
}

TEST_F(Batch, PiecesAreStitched) {
  const auto once = run({"--split", "1s", "--overlap", "0.5s", "--jobs", "2"});
  EXPECT_EQ(once.exit_code, 0) << once.err;
  EXPECT_THAT(once.err, HasSubstr("from 3 pieces; "));
  expect_the_same_people(result(".txt"));
  EXPECT_FALSE(fs::exists(result(".pieces"))) << "they were stitched";
  EXPECT_EQ(manifest()["identities"], 3);
  EXPECT_TRUE(manifest()["piece"].is_null());
  EXPECT_THAT(run({"--split", "1s", "--overlap", "0.5s", "--skip-existing"}).err, HasSubstr("is tracked already"));
}

TEST_F(Batch, PiecesOfSeveralMachinesAreStitched) {
  const auto shard = [&](const std::string& which) {
    return run({"--split", "1s", "--overlap", "0.5s", "--shard", which, "--skip-existing"}).exit_code;
  };
  const auto stitch = [&](const std::string& to) {
    return run_onepass({"stitch", result(".pieces"), "--save-mot", folder_ / to, "--manifest", folder_ / "m.json"});
  };
  EXPECT_THAT(stitch("none.txt").err, HasSubstr(".pieces: no such folder"));
  EXPECT_EQ(shard("1/2"), 0);
  const auto incomplete = stitch("incomplete.txt");
  EXPECT_EQ(incomplete.exit_code, 1);
  EXPECT_THAT(incomplete.err, HasSubstr("1 of 3 pieces is missing: 2"));
  EXPECT_FALSE(fs::exists(folder_ / "incomplete.txt"));
  EXPECT_EQ(shard("2/2"), 0);
  EXPECT_THAT(run_onepass({"stitch", out_, "--save-mot", folder_ / "no.txt"}).err,
              HasSubstr("has no finished pieces of a source; give " + result(".pieces").string()));
  const auto result = stitch("day.txt");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  expect_the_same_people(folder_ / "day.txt");
  EXPECT_EQ(Json::parse(read_file(folder_ / "m.json"))["frames"], 100);
  const auto other = run({"--split", "1s", "--overlap", "0.2s", "--shard", "1/2", "--skip-existing"});
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.err, HasSubstr("this unit was tracked with another piece of the source"));
}

TEST_F(Batch, UnitsComeOneByOne) {
  const auto lines = folder_.write(
      "lines", sequence_.string() + "\n{\"unit\":\"b\",\"source\":\"" + sequence_.string() +
                   "\"}\n\n{oops}\n{\"source\":\"/none.mp4\",\"detections\":\"none\"}\n" + sequence_.string() + "\n");
  const auto command = "'" ONEPASS_PROGRAM "' track --detections '" + (sequence_ / "det/det.txt").string() +
                       "' --save-mot '" + out_ + "' --skip-existing --units - <'" + lines.string() + "' >'" +
                       (folder_ / "results").string() + "' 2>/dev/null";
  EXPECT_EQ(WEXITSTATUS(std::system(command.c_str())), 1);
  std::istringstream results(read_file(folder_ / "results"));
  std::vector<Json> all;
  for (std::string line; std::getline(results, line);) all.push_back(Json::parse(line));
  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(all[0]["state"], "finished");
  EXPECT_EQ(all[0]["frames"], 100);
  EXPECT_EQ(all[1]["unit"], "b");
  EXPECT_EQ(all[2]["message"], "standard input: is not valid JSON");
  EXPECT_EQ(all[3]["exit_code"], 1);
  EXPECT_THAT(all[3]["message"], HasSubstr("/none.mp4"));
  EXPECT_EQ(all[4]["state"], "skipped");
}

TEST_F(Batch, WrongUseIsOneLine) {
  const auto error_of = [&](const std::vector<std::string>& more) {
    const auto result = run(more);
    EXPECT_EQ(result.exit_code, 2) << result.err;
    EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
    return result.err;
  };
  EXPECT_THAT(error_of({"--overlap", "3s"}), HasSubstr("--overlap has no effect without --split"));
  EXPECT_THAT(error_of({"--split", "2s", "--overlap", "3s"}),
              HasSubstr("--split 2s: pieces must be longer than their overlap, --overlap 3s"));
  EXPECT_THAT(error_of({"--split", "2s"}), HasSubstr("which is 30 s if --overlap is not given"));
  EXPECT_FALSE(fs::exists(out_)) << "options are checked before folders are made";
  EXPECT_THAT(error_of({"--shard", "3/2"}), HasSubstr("'3/2' is no shard"));
  EXPECT_THAT(error_of({"--jobs", "2", "--serve", "8080"}), HasSubstr("--serve cannot be used with units"));
  EXPECT_THAT(error_of({"--skip-existing", "--events", "-"}), HasSubstr("cannot be '-'"));
  EXPECT_EQ(run_onepass({"stitch", out_}).exit_code, 2);
}

}  // namespace
}  // namespace onepass::test
