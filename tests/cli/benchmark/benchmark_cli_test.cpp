// Runs onepass benchmark: outputs, scores, refused arguments, and the files that remain after a failure.
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/crossing_scene.hpp"
#include "support/media.hpp"
#include "support/needs_models.hpp"
#include "support/run_program.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

class Benchmark : public testing::Test {
 protected:
  Benchmark() : data_(write_crossing_benchmark(folder_, {"MOT17-91", "MOT17-92", "MOT17-93"})) {}

  /// Runs on the public detections; results go to out/onepass unless a name is given.
  ProgramResult benchmark(std::vector<std::string> more = {}) const {
    return run({"--detections", "public"}, std::move(more));
  }

  ProgramResult run(std::vector<std::string> input, std::vector<std::string> more = {}) const {
    return run_onepass(arguments(std::move(input), std::move(more)));
  }

  std::vector<std::string> arguments(std::vector<std::string> input, std::vector<std::string> more = {}) const {
    std::vector<std::string> all = {"benchmark", "--data", data_, "--out", folder_ / "out"};
    all.insert(all.end(), input.begin(), input.end());
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  /// The content of every file in a tracker's data folder.
  std::map<std::string, std::string> results(const std::string& tracker) const {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::directory_iterator(folder_ / ("out/" + tracker + "/data")))
      files[entry.path().filename()] = read_file(entry.path());
    return files;
  }

  std::vector<std::string> result_names(const std::string& tracker) const {
    std::vector<std::string> names;
    for (const auto& [name, content] : results(tracker)) names.push_back(name);
    return names;
  }

  std::string read(const std::string& name) const { return read_file(folder_ / name); }
  bool exists(const std::string& name) const { return fs::exists(folder_ / name); }

  TemporaryFolder folder_;
  fs::path data_;
};

TEST_F(Benchmark, TracksEverySequenceAndScoresThem) {
  const auto result = benchmark();
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result_names("onepass"), ElementsAre("MOT17-91.txt", "MOT17-92.txt", "MOT17-93.txt"));
  const auto scores = json::parse(read("out/onepass/scores.json")).at("onepass");
  for (const std::string name : {"MOT17-91", "MOT17-92", "MOT17-93"}) {
    EXPECT_EQ(scores.at(name).at("Count").at("GT_Dets"), 100 + 100 + 71) << name;
    EXPECT_EQ(scores.at(name).at("Count").at("IDs"), 3) << name;
    EXPECT_EQ(scores.at(name).at("CLEAR").at("IDSW"), 0) << name;
    EXPECT_EQ(scores.at(name).at("CLEAR").at("CLR_FP"), 0) << name;
    // Missed at most: B in frames 40 to 44, all three in frame 50, C until it is confirmed.
    EXPECT_LE(scores.at(name).at("CLEAR").at("CLR_FN"), 5 + 3 + 2) << name;
  }
  EXPECT_EQ(scores.at("COMBINED").at("Count").at("GT_Dets"), 3 * 271);
  EXPECT_THAT(result.out, HasSubstr("onepass: pedestrian"));
  EXPECT_THAT(result.out, HasSubstr("\nCOMBINED "));
  EXPECT_THAT(result.err, HasSubstr("MOT17-92: 100 frames"));
  EXPECT_THAT(result.err, Not(HasSubstr("\r")));
}

TEST_F(Benchmark, PrintsTheCeilingBesideTheScores) {
  // Everything is detected, but nobody is confirmed in the first frame and B gets lost.
  const auto result = benchmark({"--oracle-identities", "--tracker.max_age_s", "0.05"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("onepass (true identities): pedestrian"));
  const auto scores = json::parse(read("out/onepass/scores.json"));
  const auto& own = scores.at("onepass").at("COMBINED");
  const auto& ceiling = scores.at("onepass (true identities)").at("COMBINED");
  EXPECT_GT(own.at("CLEAR").at("IDSW"), 0);
  EXPECT_EQ(ceiling.at("CLEAR").at("IDSW"), 0);
  EXPECT_EQ(ceiling.at("CLEAR").at("CLR_TP"), own.at("CLEAR").at("CLR_TP"));
  // All true boxes that the tracker shows are of the right identity, so that misses are the only errors.
  EXPECT_EQ(ceiling.at("Identity").at("IDTP"), ceiling.at("CLEAR").at("CLR_TP"));
}

TEST_F(Benchmark, AgreesWithTrackAndEvalForAnyNumberOfJobs) {
  ASSERT_EQ(benchmark({"--name", "one", "--jobs", "1"}).exit_code, 0);
  ASSERT_EQ(benchmark({"--name", "two", "--jobs", "2"}).exit_code, 0);
  const auto one = results("one");
  ASSERT_EQ(one.size(), 3U);
  EXPECT_NE(one.at("MOT17-91.txt"), one.at("MOT17-92.txt"));
  EXPECT_EQ(results("two"), one);
  const auto sequence = data_ / "MOT17-92";
  run_onepass(
      {"track", "--source", sequence, "--detections", sequence / "det/det.txt", "--save-mot", folder_ / "alone.txt"});
  EXPECT_EQ(one.at("MOT17-92.txt"), read("alone.txt"));
  const auto eval = run_onepass({"eval", "--gt", data_, "--results", folder_ / "out/two", "--json", "-"});
  EXPECT_EQ(eval.out, read("out/two/scores.json"));
}

TEST_F(Benchmark, KeepsHowTheResultsCameAbout) {
  ASSERT_EQ(benchmark({"--tracker.birth_score", "0.75", "--name", "it's"}).exit_code, 0);
  const auto record = json::parse(read("out/it's/run.json"));
  EXPECT_THAT(record.at("git_revision").get<std::string>(), MatchesRegex("unknown|[0-9a-f]{40}(-dirty)?"));
  for (const auto* const version : {"onepass", "opencv", "libtorch"}) {
    const bool is_there = ONEPASS_WITH_TORCH || version != std::string("libtorch");
    EXPECT_THAT(record.at(version).get<std::string>(), MatchesRegex(is_there ? "[0-9]+\\.[0-9]+.*" : "none"))
        << version;
  }
  EXPECT_THAT(record.at("compiler").get<std::string>(), MatchesRegex("[A-Za-z]+ [0-9]+\\..*"));
  EXPECT_THAT(record.at("command").get<std::string>(),
              HasSubstr(" --detections public --tracker.birth_score 0.75 --name 'it'\\''s'"));
  EXPECT_EQ(record.at("sequences"), json({"MOT17-91", "MOT17-92", "MOT17-93"}));
  EXPECT_THAT(read("out/it's/config.yaml"), HasSubstr("\n  birth_score: 0.75\n"));
}

TEST_F(Benchmark, TheKeptConfigurationGivesTheSameResultsAgain) {
  for (const std::string name : {"MOT17-91", "MOT17-92", "MOT17-93"})
    folder_.write("benchmark/" + name + "/gmc.txt", "1 1 0 0 0 1 0\n2 1 0 2 0 1 0\n3 1 0 -40 0 1 0\n");
  ASSERT_EQ(benchmark({"--camera-motion", "{data}/{sequence}/gmc.txt"}).exit_code, 0);
  const auto again = benchmark({"--name", "again", "--config", folder_ / "out/onepass/config.yaml"});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(results("again"), results("onepass"));
  ASSERT_EQ(benchmark({"--name", "still", "--tracker.camera_motion", "none"}).exit_code, 0);
  EXPECT_NE(results("still"), results("onepass")) << "the camera motion has no effect";
}

TEST_F(Benchmark, ReadsDetectionsAndSequencesFromTheGivenFolders) {
  const auto detections = read_file(data_ / "MOT17-93/det/det.txt");
  folder_.write("mine/MOT17-93.dets", detections.substr(0, detections.find("\n50,") + 1));
  const auto seqmap = folder_.write("map.txt", "name\nMOT17-93\n");
  const auto result = run({"--detections", (folder_ / "mine/{sequence}.dets").string()}, {"--seqmap", seqmap});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result_names("onepass"), ElementsAre("MOT17-93.txt"));
  EXPECT_THAT(read("out/onepass/data/MOT17-93.txt"), Not(HasSubstr("\n80,")));
}

TEST_F(Benchmark, WithoutGroundTruthThereAreResultsOnly) {
  fs::remove_all(data_ / "MOT17-92/gt");
  const auto result = benchmark();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("no ground truth for MOT17-92: results are written to"));
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result_names("onepass").size(), 3U);
  EXPECT_FALSE(exists("out/onepass/scores.json"));
}

TEST_F(Benchmark, AFailingSequenceDoesNotLoseTheOthers) {
  folder_.write("benchmark/MOT17-92/det/det.txt", "1,-1,10,10,20,40,0.9,-1,-1,-1\n2,-1,10,10\n");
  const auto result = benchmark({"--jobs", "2"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("onepass: MOT17-92: "));
  EXPECT_THAT(result.err, HasSubstr("det.txt:2"));
  EXPECT_THAT(result.err, HasSubstr("1 of 3 sequences failed; nothing is scored"));
  EXPECT_THAT(result_names("onepass"), ElementsAre("MOT17-91.txt", "MOT17-93.txt"));
  EXPECT_FALSE(exists("out/onepass/scores.json"));
  for (const std::string name : {"MOT17-91", "MOT17-93"}) folder_.write("benchmark/" + name + "/det/det.txt", "1,-1\n");
  EXPECT_THAT(benchmark({"--overwrite"}).err, HasSubstr("onepass: all 3 sequences failed; there are no results\n"));
}

TEST_F(Benchmark, RefusesBeforeItStarts) {
  const auto refused = [&](const std::vector<std::string>& input, int exit_code, const std::string& message) {
    const auto result = run(input);
    EXPECT_EQ(result.exit_code, exit_code) << message;
    EXPECT_THAT(result.err, HasSubstr(message));
    EXPECT_FALSE(exists("out")) << message;
  };
  refused({}, 2, "benchmark needs either --model or --detections");
  refused({"--detections", "all.txt"}, 2, "all.txt: one file for 3 sequences; write {sequence}");
  refused({"--detections", "{sequence}/{seq}.txt"}, 2, "{seq} is neither {sequence} nor {data}");
  refused({"--detections", "/no/{sequence}.txt"}, 1, "no such file: /no/MOT17-91.txt, /no/MOT17-92.txt, /no/MOT17-93");
  refused({"--detections", "public", "--camera-motion", "/no/{sequence}"}, 1, "no such file: /no/MOT17-91");
  refused({"--detections", "public", "--camera-motion", "x", "--tracker.camera_motion", "boxes"}, 2,
          "--camera-motion and --tracker.camera_motion are mutually exclusive");
  refused({"--detections", "public", "--tracker.camera_motion", "file"}, 2,
          "tracker.camera_motion: file needs --camera-motion or tracker.camera_motion_file");
  refused({"--detections", "public", "--benchmark", "MOT18"}, 1, "'MOT18' is not a benchmark");
  refused({"--detections", "public", "--benchmark", "/no/mine.yaml"}, 1, "/no/mine.yaml: cannot open");
  refused({"--model", (fs::path(ONEPASS_TEST_DATA) / "tiny_v8.pt").string()}, 1,
          "MOT17-91/img1: no such folder; --model needs the images of MOT17-91");
  for (const std::string name : {"MOT17-91", "MOT17-92", "MOT17-93"}) fs::create_directories(data_ / name / "img1");
  refused({"--model", "/no/model.pt"}, 1, "/no/model.pt: no such file");
  refused({"--detections", "public", "--name", ".."}, 2, "--name '..' is not a valid folder name");
  const auto no_data = run_onepass({"benchmark", "--data", "/no/data", "--detections", "public", "--out", "/no"});
  EXPECT_EQ(no_data.exit_code, 1);
  EXPECT_THAT(no_data.err, HasSubstr("/no/data: no such benchmark folder"));
}

TEST_F(Benchmark, ReplacesEarlierResultsOnlyWithOverwrite) {
  ASSERT_EQ(benchmark().exit_code, 0);
  const auto before = results("onepass");
  const auto refused = benchmark({"--tracker.birth_score", "0.95"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("out/onepass: contains earlier results; use --overwrite to replace them"));
  EXPECT_EQ(results("onepass"), before);
  EXPECT_EQ(benchmark({"--overwrite", "--benchmark", "MOT18"}).exit_code, 1);
  EXPECT_TRUE(exists("out/onepass/scores.json"));
  const auto seqmap = folder_.write("map.txt", "MOT17-92\n");
  const auto replaced = benchmark({"--overwrite", "--tracker.birth_score", "0.95", "--seqmap", seqmap});
  ASSERT_EQ(replaced.exit_code, 0) << replaced.err;
  EXPECT_THAT(result_names("onepass"), ElementsAre("MOT17-92.txt")) << "results of another configuration were left";
  EXPECT_EQ(read("out/onepass/data/MOT17-92.txt"), "") << "no detection is good enough";
}

TEST_F(Benchmark, CtrlCKeepsWhatIsFinished) {
  folder_.write("benchmark/MOT17-92/seqinfo.ini",
                "[Sequence]\nframeRate=30\nseqLength=50000000\nimWidth=1280\nimHeight=720\n");
  const auto result = interrupt_onepass(arguments({"--detections", "public", "--jobs", "1"}),
                                        [&] { return exists("out/onepass/data/MOT17-92.txt.part"); });
  EXPECT_EQ(result.exit_code, 130) << result.err;
  EXPECT_THAT(result.err, HasSubstr("interrupted; the results of 1 of 3 sequences are in"));
  EXPECT_THAT(result_names("onepass"), ElementsAre("MOT17-91.txt"));
  EXPECT_TRUE(exists("out/onepass/config.yaml"));
  EXPECT_FALSE(exists("out/onepass/scores.json"));
}

TEST_F(Benchmark, ReportsMissingImages) {
  const auto result = benchmark({"--tracker.camera_motion", "flow"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("warning: MOT17-93: has no images; camera motion is not compensated"));
}

TEST_F(Benchmark, RunsAModelOnTheImages) {
  NEEDS_MODELS();
  for (const std::string name : {"MOT17-91", "MOT17-92", "MOT17-93"}) {
    folder_.write("benchmark/" + name + "/seqinfo.ini",
                  "[Sequence]\nframeRate=30\nseqLength=3\nimWidth=64\nimHeight=48\nimExt=.png\n");
    folder_.write("benchmark/" + name + "/gt/gt.txt", "1,1,0,0,60,40,1,1,1\n");
    for (int number = 1; number <= 3; ++number)
      write_image(data_ / name / "img1" / ("00000" + std::to_string(number) + ".png"), numbered_image(number));
  }
  // The tiny model has random weights; at these thresholds each of its detections becomes a track.
  const auto model = (fs::path(ONEPASS_TEST_DATA) / "tiny_v8.pt").string();
  const auto with_jobs = [&](const std::string& jobs) {
    return run({"--model", model, "--name", "jobs" + jobs, "--jobs", jobs, "--conf", "0.001", "--tracker.birth_score",
                "0.001", "--tracker.confirm_score_sum", "0", "--imgsz", "64"});
  };
  const auto one = with_jobs("1");
  ASSERT_EQ(one.exit_code, 0) << one.err;
  EXPECT_THAT(read("out/jobs1/data/MOT17-91.txt"), testing::StartsWith("1,1,"));
  ASSERT_EQ(with_jobs("3").exit_code, 0);
  EXPECT_EQ(results("jobs3"), results("jobs1"));
  fs::remove_all(data_ / "MOT17-92/img1");
  const auto without_images = with_jobs("2");
  EXPECT_EQ(without_images.exit_code, 1);
  EXPECT_THAT(without_images.err, HasSubstr("MOT17-92/img1: no such folder; --model needs the images of MOT17-92"));
  EXPECT_FALSE(exists("out/jobs2"));
}

}  // namespace
}  // namespace onepass::test
