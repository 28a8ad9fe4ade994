// Runs onepass track: exit codes, messages, and the bytes of its outputs.
#include <cstdlib>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "support/child_process.hpp"
#include "support/crossing_scene.hpp"
#include "support/needs_models.hpp"
#include "support/run_program.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Row {
  int frame;
  int id;
  float left, top, width, height;
};

std::vector<Row> read_rows(const std::filesystem::path& path) {
  std::vector<Row> rows;
  std::istringstream lines(read_file(path));
  for (std::string line; std::getline(lines, line);) {
    Row row{};
    if (std::sscanf(line.c_str(), "%d,%d,%f,%f,%f,%f", &row.frame, &row.id, &row.left, &row.top, &row.width,
                    &row.height) != 6) {
      throw std::runtime_error("not a row: " + line);
    }
    rows.push_back(row);
  }
  return rows;
}

TEST(Program, TeachesItsUse) {
  const auto help = run_onepass({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out, HasSubstr("track"));
  const auto track_help = run_onepass({"track", "--help"});
  EXPECT_EQ(track_help.exit_code, 0);
  for (const char* flag :
       {"--source", "--model", "--save-video", "--conf", "--embed.method", "--tracker.", "Examples"}) {
    EXPECT_THAT(track_help.out, HasSubstr(flag));
  }
  EXPECT_THAT(run_onepass({"version"}).out, testing::StartsWith("onepass "));
}

TEST(Program, RefusesWhatItCannotCarryOut) {
  EXPECT_EQ(run_onepass({}).exit_code, 2);
  EXPECT_EQ(run_onepass({"tracc"}).exit_code, 2);
  EXPECT_EQ(run_onepass({"track"}).exit_code, 2);
  EXPECT_EQ(run_onepass({"track", "--source", "x.mp4", "--model", "m.pt", "--vid-stride", "0"}).exit_code, 2);
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder);
  const auto neither = run_onepass({"track", "--source", sequence});
  EXPECT_EQ(neither.exit_code, 2);
  EXPECT_EQ(neither.err, "onepass: track needs either --model or --detections\n");
  const auto wrong_flag = run_onepass(replay(sequence, {"--conf", "2"}));
  EXPECT_EQ(wrong_flag.exit_code, 2);
  EXPECT_THAT(wrong_flag.err, HasSubstr("--conf has no effect with --detections"));
  const auto out_of_range = run_onepass({"track", "--source", sequence, "--model", "m.pt", "--conf", "2"});
  EXPECT_EQ(out_of_range.exit_code, 2);
  EXPECT_EQ(out_of_range.err, "onepass: --conf: '2' is out of range: accepts a number from 0 to 1\n");
  const auto unknown_flag = run_onepass(replay(sequence, {"--tracker.max_agee_s", "2"}));
  EXPECT_EQ(unknown_flag.exit_code, 2);
  EXPECT_THAT(unknown_flag.err, HasSubstr("did you mean '--tracker.max_age_s'?"));
  const auto stray = run_onepass({"track", "bus.jpg", "--model", "m.pt"});
  EXPECT_EQ(stray.exit_code, 2);
  EXPECT_EQ(stray.err,
            "onepass: unexpected argument 'bus.jpg'; a source is given with --source; see onepass track --help\n");
  const auto two_words = run_onepass({"track", "--source", "x", "--model", "m.pt", "--classes", "person", "car"});
  EXPECT_EQ(two_words.exit_code, 2);
  EXPECT_EQ(two_words.err,
            "onepass: unexpected argument 'car'; separate several by commas: --classes person,car; see onepass track "
            "--help\n");
  const auto full_disk = std::system("'" ONEPASS_PROGRAM "' config --dump >/dev/full 2>/dev/null");
  EXPECT_EQ(WEXITSTATUS(full_disk), 1);
}

TEST(Program, NamesWhatIsMissing) {
  const auto no_source = run_onepass({"track", "--source", "/no/such.mp4", "--model", "m.pt"});
  EXPECT_EQ(no_source.exit_code, 1);
  EXPECT_THAT(no_source.err, HasSubstr("/no/such.mp4"));
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder);
  const auto no_model = run_onepass({"track", "--source", sequence, "--model", "/no/model.pt"});
  EXPECT_EQ(no_model.exit_code, 1);
  EXPECT_THAT(no_model.err, HasSubstr("/no/model.pt"));
}

TEST(Track, KeepsIdentitiesThroughACrossing) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder);
  const auto result = run_onepass(replay(sequence, {"--save-mot", folder / "out.txt"}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  std::map<int, std::vector<Row>> by_id;
  for (const auto& row : read_rows(folder / "out.txt")) by_id[row.id].push_back(row);
  ASSERT_EQ(by_id.size(), 3U);
  // A and B are confirmed in the first frame and numbered in the order of their detections; C comes later.
  for (const auto& row : by_id[1]) EXPECT_NEAR(row.left, 100 + 5 * row.frame, 6) << "frame " << row.frame;
  for (const auto& row : by_id[2]) EXPECT_NEAR(row.left, 700 - 5 * row.frame, 6) << "frame " << row.frame;
  for (const auto& row : by_id[3]) EXPECT_NEAR(row.left, 900, 2) << "frame " << row.frame;
  EXPECT_EQ(by_id[1].front().frame, 1);
  EXPECT_EQ(by_id[1].back().frame, 100);
  EXPECT_EQ(by_id[2].back().frame, 100);
  EXPECT_GE(by_id[3].front().frame, 30);
  EXPECT_LE(by_id[3].front().frame, 32);
}

TEST(Track, WritesTheSameTracksAsJsonAndMot) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder);
  const auto result = run_onepass(replay(sequence, {"--save-mot", folder / "out.txt", "--save-jsonl", "-"}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto rows = read_rows(folder / "out.txt");
  std::istringstream lines(result.out);
  std::size_t frames = 0;
  std::size_t next_row = 0;
  for (std::string line; std::getline(lines, line); ++frames) {
    const auto object = nlohmann::json::parse(line);
    for (const auto& track : object.at("tracks")) {
      ASSERT_LT(next_row, rows.size());
      EXPECT_EQ(track.at("id"), rows[next_row].id);
      EXPECT_NEAR(track.at("box").at(0).get<double>(), rows[next_row].left, 0.011);
      ++next_row;
    }
  }
  EXPECT_EQ(frames, 100U);
  EXPECT_EQ(next_row, rows.size());
}

TEST(Track, RefusesExistingOutputsWithoutOverwrite) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder);
  const auto out = folder.write("out.txt", "precious\n");
  const auto refused = run_onepass(replay(sequence, {"--save-mot", out}));
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("out.txt: this file already exists; use --overwrite to replace it"));
  EXPECT_EQ(read_file(out), "precious\n");
  EXPECT_EQ(run_onepass(replay(sequence, {"--save-mot", out, "--overwrite"})).exit_code, 0);
  EXPECT_EQ(read_rows(out).front().frame, 1);
}

TEST(Track, ARunThatIsRefusedReplacesNothing) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder);
  const auto good = folder.write("good.txt", "precious\n");
  const auto refused =
      run_onepass(replay(sequence, {"--save-mot", good, "--save-video", folder / "out.mp4", "--overwrite"}));
  EXPECT_EQ(refused.exit_code, 1) << "there are no images for a video";
  EXPECT_EQ(read_file(good), "precious\n");
  EXPECT_FALSE(std::filesystem::exists(folder / "good.txt.part"));
}

TEST(Track, NeverWritesOverItsInputs) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder);
  const auto before = read_file(sequence / "det/det.txt");
  const auto result = run_onepass(replay(sequence, {"--save-mot", sequence / "det/det.txt", "--overwrite"}));
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("this output is also an input"));
  EXPECT_EQ(read_file(sequence / "det/det.txt"), before);
}

TEST(Track, ReportsTheWrongLineOfADetectionFile) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder);
  const auto detections = folder.write("wrong.txt", "1,-1,10,10,20,40,0.9,-1,-1,-1\n1,-1,10,10,20\n");
  const auto result = run_onepass({"track", "--source", sequence, "--detections", detections});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("wrong.txt:2"));
}

TEST(Track, ReportsConfigErrorsWithFileAndLine) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder);
  const auto config = folder.write("mine.yaml", "tracker:\n  birth_scroe: 0.5\n");
  const auto result = run_onepass(replay(sequence, {"--config", config}));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("mine.yaml:2: tracker: unknown key 'birth_scroe' (did you mean 'birth_score'?)"));
}

TEST(Track, NamesOutputsAfterTheirSources) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder);
  for (const auto* name : {"new/results", "new/results"}) {  // created, then existing
    const auto result = run_onepass(replay(sequence, {"--overwrite", "--save-mot", (folder / name).string() + "/"}));
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }
  EXPECT_TRUE(std::filesystem::exists(folder / "new/results/crossing.txt"));
  const auto in_file =
      run_onepass(replay(sequence, {"--save-mot", (folder / "crossing/seqinfo.ini/results/").string()}));
  EXPECT_EQ(in_file.exit_code, 2);
  EXPECT_THAT(in_file.err, HasSubstr("cannot create this folder"));
}

TEST(Track, RefusesImpossibleStandardOutputAndWarnsIfNothingIsSaved) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder);
  for (const auto* option : {"--save-mot", "--explain", "--save-video"}) {
    const auto refused = run_onepass(replay(sequence, {option, "-"}));
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_THAT(refused.err, HasSubstr(std::string(option) + " writes a file"));
  }
  const auto both = run_onepass(replay(sequence, {"--save-jsonl", "-", "--events", "-"}));
  EXPECT_EQ(both.exit_code, 2);
  EXPECT_EQ(both.out, "");
  EXPECT_EQ(both.err, "onepass: only one output can be '-' (standard output)\n");
  EXPECT_THAT(run_onepass(replay(sequence)).err, HasSubstr("nothing will be saved or shown"));
}

TEST(Program, SuggestsTheCommandThatWasMeant) {
  NEEDS_MODELS();
  const auto mistyped = run_onepass({"trak", "--source", "x"});
  EXPECT_EQ(mistyped.exit_code, 2);
  EXPECT_EQ(mistyped.err, "onepass: unknown command 'trak' (did you mean 'track'?); see onepass --help\n");
  const auto flag = run_onepass({"inspect", "--modle", "x"});
  EXPECT_EQ(flag.exit_code, 2);
  EXPECT_EQ(flag.err, "onepass: unknown flag '--modle' (did you mean '--model'?); see onepass inspect --help\n");
  const auto none = run_onepass({});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_EQ(none.err, "onepass: A subcommand is required; see onepass --help\n");
  EXPECT_EQ(run_onepass({"--help"}).exit_code, 0);
  EXPECT_EQ(run_onepass({"track", "--help"}).exit_code, 0);
}

TEST(Program, NamesTheFlagOfASettingThatTheLibraryAsksFor) {
  const TemporaryFolder folder;
  const auto detections = folder.write("det.txt", "1,-1,10,10,20,40,0.9,-1,-1,-1\n");
  const auto result = run_onepass({"track", "--source", "videotestsrc ! appsink", "--detections", detections});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err,
              HasSubstr("videotestsrc ! appsink: a GStreamer pipeline can only be read live; see --live\n"));
}

TEST(Program, NamesAMistypedFlagBesideAMissingOne) {
  const auto result = run_onepass({"eval", "--gt", "gt", "--reslts=results"});  // --results is required
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err, "onepass: unknown flag '--reslts' (did you mean '--results'?); see onepass eval --help\n");
  const auto missing = run_onepass({"eval", "--gt", "gt"});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_EQ(missing.err, "onepass: --results is required; see onepass eval --help\n");
  const auto program = run_onepass({"--verison"});
  EXPECT_EQ(program.exit_code, 2);
  EXPECT_EQ(program.err, "onepass: unknown flag '--verison' (did you mean '--version'?); see onepass --help\n");
}

TEST(Track, ExplainsWhyTracksBeganAndEnded) {
  const TemporaryFolder folder;
  const auto events = folder / "events.jsonl";
  ASSERT_EQ(run_onepass(replay(write_crossing(folder, 200), {"--explain", events})).exit_code, 0);
  const auto story = run_onepass({"explain", events, "--id", "2"});
  EXPECT_EQ(story.exit_code, 0) << story.err;
  EXPECT_THAT(story.out, HasSubstr("2"));
  EXPECT_EQ(run_onepass({"explain", events, "--id", "99"}).exit_code, 1);
  EXPECT_EQ(run_onepass({"explain", "/no/events.jsonl"}).err, "onepass: /no/events.jsonl: no such file\n");
}

TEST(Track, ExplainsWithGroundTruthWhichTrackWasRight) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing_benchmark(folder, {"seq"}) / "seq";
  const auto events = folder / "events.jsonl";
  const auto tracks = folder / "tracks.txt";
  // Nothing survives the frame without detections.
  const auto run = run_onepass({"track", "--source", sequence, "--detections", sequence / "det/det.txt", "--explain",
                                events, "--save-mot", tracks, "--tracker.max_age_s", "0.01"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto story = run_onepass({"explain", events, "--truth", sequence / "gt/gt.txt", "--tracks", tracks});
  EXPECT_EQ(story.exit_code, 0) << story.err;
  EXPECT_THAT(story.out, HasSubstr("by the ground truth, this is track 1, last on it in frame 48. "));
  EXPECT_EQ(run_onepass({"explain", events, "--truth", sequence / "gt/gt.txt"}).exit_code, 2);
}

TEST(Track, InterpolatesOnlyOnRequest) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder);
  const auto online = run_onepass(replay(sequence, {"--save-jsonl", "-", "--tracker.coast_s", "0"}));
  const auto offline =
      run_onepass(replay(sequence, {"--save-jsonl", "-", "--tracker.coast_s", "0", "--interpolate", "30"}));
  EXPECT_THAT(online.out, Not(HasSubstr("interpolated")));
  EXPECT_THAT(offline.out, HasSubstr("interpolated"));
  // B is not detected for five frames before frame 45; offline results contain both people in between.
  std::istringstream lines(offline.out);
  for (std::string line; std::getline(lines, line);) {
    const auto object = nlohmann::json::parse(line);
    if (object["index"] < 39 || object["index"] > 43) continue;
    EXPECT_GE(object["tracks"].size(), 2U) << line;
  }
}

TEST(Track, CtrlCCompletesTheOutputs) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder, 50'000'000);
  const auto out = folder / "out.jsonl";
  const auto part = folder / "out.jsonl.part";
  const auto result = interrupt_onepass(replay(sequence, {"--save-jsonl", out}), [&] {
    std::error_code missing;
    return std::filesystem::file_size(part, missing) > 0 && !missing;
  });
  EXPECT_EQ(result.exit_code, 130) << result.err;
  EXPECT_THAT(result.err, HasSubstr("interrupted"));
  EXPECT_FALSE(std::filesystem::exists(part));
  std::istringstream lines(read_file(out));
  int frames = 0;
  for (std::string line; std::getline(lines, line); ++frames) EXPECT_EQ(nlohmann::json::parse(line)["index"], frames);
  EXPECT_GT(frames, 0);
}

TEST(Track, ShowsNoProgressWithoutATerminal) {
  const TemporaryFolder folder;
  const auto result = run_onepass(replay(write_crossing(folder)));
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.err, Not(HasSubstr("\r")));
  EXPECT_THAT(result.err, HasSubstr("crossing: 100 frames"));
  EXPECT_THAT(result.err, HasSubstr("3 ids"));
  EXPECT_EQ(result.out, "");
}

/// A folder of images in which a bright square moves over noise.
std::filesystem::path write_images(const TemporaryFolder& folder, int count) {
  std::filesystem::create_directories(folder / "images");
  cv::RNG random(9);
  for (int i = 0; i < count; ++i) {
    cv::Mat image(96, 160, CV_8UC3);
    random.fill(image, cv::RNG::UNIFORM, 0, 120);
    cv::rectangle(image, cv::Rect(10 + 8 * i, 30, 30, 40), cv::Scalar(250, 240, 230), cv::FILLED);
    cv::imwrite((folder / ("images/" + std::to_string(i) + ".png")).string(), image);
  }
  return folder / "images";
}

/// The random weights of the tiny models yield meaningless detections, but the same ones in every run.
std::vector<std::string> track_images(const std::filesystem::path& images, const std::string& model) {
  return {
      "track",  "--source", images,  "--model", ONEPASS_TEST_DATA "/" + model, "--imgsz", "160",
      "--conf", "0.001",    "--iou", "0.3",     "--tracker.birth_score",       "0.001",   "--tracker.confirm_score_sum",
      "0"};
}

TEST(Track, GivesTheSameBytesOnOneAndTwoThreads) {
  NEEDS_MODELS();
  const TemporaryFolder folder;
  const auto images = write_images(folder, 12);
  for (const std::string model : {"tiny_v8.pt", "tiny_v5.pt", "tiny_v8.torchscript"}) {
    std::vector<std::string> outputs;
    for (const std::string threads : {"1", "2"}) {
      auto arguments = track_images(images, model);
      const auto out = folder / (model + threads + ".jsonl");
      arguments.insert(arguments.end(), {"--detector.threads", threads, "--save-jsonl", out});
      const auto result = run_onepass(arguments);
      ASSERT_EQ(result.exit_code, 0) << result.err;
      outputs.push_back(read_file(out));
    }
    EXPECT_EQ(outputs[0], outputs[1]) << model;
    EXPECT_THAT(outputs[0], HasSubstr("\"class_name\"")) << model << " detected nothing";
  }
}

TEST(Track, ReportsMisspelledClassesBeforeItWrites) {
  NEEDS_MODELS();
  const TemporaryFolder folder;
  const auto images = write_images(folder, 2);
  const auto error_of = [&](const std::vector<std::string>& more) {
    auto arguments = track_images(images, "tiny_v8.pt");
    arguments.insert(arguments.end(), more.begin(), more.end());
    arguments.insert(arguments.end(), {"--save-crops", folder / "crops", "--save-jsonl", folder / "x.jsonl"});
    const auto result = run_onepass(arguments);
    EXPECT_NE(result.exit_code, 0);
    return result.err;
  };
  EXPECT_THAT(error_of({"--blur", "sta"}), HasSubstr("--blur: there is no class 'sta' (did you mean 'star'?)"));
  EXPECT_THAT(error_of({"--classes", "circle star"}), HasSubstr("has no class 'circle star'; it has 3 classes, 0 to 2; "
                                                                "separate names by commas: circle,star"));
  EXPECT_FALSE(std::filesystem::exists(folder / "crops"));
  EXPECT_FALSE(std::filesystem::exists(folder / "x.jsonl"));
}

TEST(Track, KeepsSourcesSeparate) {
  NEEDS_MODELS();
  const TemporaryFolder folder;
  const auto images = write_images(folder, 6);
  std::filesystem::copy(images, folder / "again");
  std::filesystem::create_directories(folder / "out");
  auto arguments = track_images(images, "tiny_v8.pt");
  arguments.insert(arguments.end(), {"--source", folder / "again", "--save-mot", folder / "out"});
  const auto result = run_onepass(arguments);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto first = read_file(folder / "out/images.txt");
  EXPECT_FALSE(first.empty());
  EXPECT_EQ(first, read_file(folder / "out/again.txt"));  // with the same ids: no state remains from the first run
}

TEST(Track, GoesOnAfterASourceThatFails) {
  NEEDS_MODELS();
  const TemporaryFolder folder;
  const auto images = write_images(folder, 3);
  auto arguments = track_images(folder.write("broken.mp4", "not a video"), "tiny_v8.pt");
  arguments.insert(arguments.end(), {"--source", images, "--save-mot", folder / "out.txt"});
  const auto result = run_onepass(arguments);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("broken.mp4"));
  EXPECT_THAT(result.err, HasSubstr("1 of 2 sources failed"));
  EXPECT_TRUE(std::filesystem::exists(folder / "out-images.txt"));
}

TEST(Config, DumpIsTheShippedDefault) {
  const auto dump = run_onepass({"config", "--dump"});
  EXPECT_EQ(dump.exit_code, 0);
  EXPECT_EQ(dump.out, read_file(std::filesystem::path(ONEPASS_SOURCE_DIR) / "configs/default.yaml"));
}

TEST(Track, TellsWhetherAnotherAttemptMaySucceed) {
  NEEDS_MODELS();
  const TemporaryFolder folder;
  const auto text = folder.write("notes.mp4", "no video");
  const auto exit_code_of = [&](const std::string& second) {
    // Nothing listens on this port.
    return run_onepass({"track", "--source", "rtsp://127.0.0.1:1/a", "--source", second, "--model",
                        ONEPASS_TEST_DATA "/tiny_v8.pt", "--save-mot", (folder / "out").string() + "/"})
        .exit_code;
  };
  EXPECT_EQ(exit_code_of("rtsp://127.0.0.1:1/b"), 75);
  EXPECT_EQ(exit_code_of(text), 1);
}

}  // namespace
}  // namespace onepass::test
