// Runs the commands of the laboratory on tiny networks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>

#include <cstdlib>
#include <sstream>

#include "io/npy.hpp"
#include "support/environment.hpp"
#include "support/media.hpp"
#include "support/optuna.hpp"
#include "support/run_program.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;
using Arguments = std::vector<std::string>;

const std::string tiny_model = ONEPASS_TEST_DATA "/tiny_v8.pt";

Arguments with(Arguments arguments, const Arguments& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

cv::Mat picture(int i) {
  cv::RNG random(7 + i);
  cv::Mat image(48, 64, CV_8UC3);
  random.fill(image, cv::RNG::UNIFORM, 0, 150);
  cv::rectangle(image, cv::Rect(4 * (i % 10), 10, 15, 25), cv::Scalar(250, 240, 230), cv::FILLED);
  return image;
}

/// Settings with which the random weights detect something.
Arguments tiny(const std::string& command) {
  return {command,     "--model", tiny_model,           "--imgsz", "64", "--conf", "0.002", "--classes", "0",
          "--max-det", "4",       "--detector.threads", "1"};
}

/// A MOTChallenge sequence whose ground truth is the network's detections; the n-th box of a frame has identity n.
std::filesystem::path write_sequence(const TemporaryFolder& folder, int frames = 24) {
  folder.write("seq/seqinfo.ini", "[Sequence]\nname=seq\nimDir=img1\nframeRate=4\nseqLength=" + std::to_string(frames) +
                                      "\nimWidth=64\nimHeight=48\nimExt=.png\n");
  for (int i = 0; i < frames; ++i)
    write_image(folder / ("seq/img1/00000" + std::to_string(i + 1) + ".png"), picture(i));
  const auto embedded =
      run_onepass(with(tiny("embed"), {"--iou", "0.6", "--source", folder / "seq", "--out", folder / "boxes"}));
  EXPECT_EQ(embedded.exit_code, 0) << embedded.err;
  std::istringstream rows(read_file(folder / "boxes/detections.csv"));
  std::string truth;
  std::string last_frame;
  int id = 0;
  std::string line;
  std::getline(rows, line);
  while (std::getline(rows, line)) {
    std::istringstream fields(line);
    std::vector<std::string> values;
    for (std::string field; std::getline(fields, field, ',');) values.push_back(field);
    id = values[2] == last_frame ? id + 1 : 1;
    last_frame = values[2];
    truth += values[2] + "," + std::to_string(id) + "," + values[3] + "," + values[4] + "," + values[5] + "," +
             values[6] + ",1,1,1\n";
  }
  folder.write("seq/gt/gt.txt", truth);
  return folder / "seq";
}

TEST(Lab, EveryCommandTeachesByExamples) {
  for (const auto* command : {"inspect", "embed", "visualize", "compare", "reid-eval", "benchmark", "eval", "config"}) {
    const auto help = run_onepass({command, "--help"});
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_THAT(help.out, HasSubstr(std::string("onepass ") + command + " --")) << command;
  }
}

TEST(Inspect, TellsLayersAsTextAndJson) {
  const auto text = run_onepass({"inspect", "--model", tiny_model});
  EXPECT_EQ(text.exit_code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("suggested taps"));
  EXPECT_THAT(text.out, HasSubstr("classes (--classes)\n  "));
  const auto json =
      run_onepass({"inspect", "--model", ONEPASS_TEST_DATA "/tiny_v5.torchscript", "--json", "--imgsz", "128"});
  EXPECT_EQ(json.exit_code, 0) << json.err;
  const auto parsed = nlohmann::json::parse(json.out);
  EXPECT_EQ(parsed["layers"].size(), 14U);
  EXPECT_EQ(parsed["layers"][2]["output_shape"], nlohmann::json({8, 32, 32}));
  EXPECT_EQ(run_onepass({"inspect", "--model", "none.pt"}).exit_code, 1);
  EXPECT_THAT(text.out, HasSubstr("model.4\n"));
  EXPECT_EQ(parsed["layers"][2]["name"], "model.2");
}

TEST(Embed, LayersCanBeNamed) {
  const TemporaryFolder folder;
  write_image(folder / "a.png", picture(1));
  const auto maps = [&](const std::string& layers, const std::string& out) {
    const auto result = run_onepass(
        with(tiny("embed"), {"--source", folder / "a.png", "--layers", layers, "--maps", "--out", folder / out}));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return read_file(folder / (out + "/detections.csv"));
  };
  EXPECT_EQ(maps("2,4", "numbers"), maps("model.2,model.4", "names"));
  const auto wrong =
      run_onepass(with(tiny("embed"), {"--source", folder / "a.png", "--layers", "modle.2", "--out", folder / "x"}));
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("(did you mean 'model.2'?)"));
  EXPECT_FALSE(std::filesystem::exists(folder / "x")) << "the folder is made when the model is known to fit";
}

TEST(Embed, ReportsCorruptImagesAndGoesOn) {
  const TemporaryFolder folder;
  for (int i = 0; i < 3; ++i) write_image(folder / ("in/" + std::to_string(i) + ".png"), picture(i));
  folder.write("in/1.png", read_file(folder / "in/1.png").substr(0, 500));
  const auto run = with(tiny("embed"), {"--source", folder / "in", "--out", folder / "out"});
  const auto result = run_onepass(run);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.err, HasSubstr("1.png: cannot be read as an image"));
  EXPECT_THAT(result.err, HasSubstr("2 frames in this run"));
  const auto rows = read_file(folder / "out/detections.csv");
  EXPECT_THAT(rows, HasSubstr(",3,"));
  // A second run neither overwrites nor repeats the first.
  const auto again = run_onepass(run);
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_THAT(again.err, HasSubstr("use --overwrite to replace them"));
  const auto complete = run_onepass(with(run, {"--resume"}));
  EXPECT_EQ(complete.exit_code, 0);
  EXPECT_THAT(complete.err, HasSubstr("already complete"));
  EXPECT_EQ(read_file(folder / "out/detections.csv"), rows);
}

TEST(Embed, CtrlCLeavesARunThatCanBeResumed) {
  const TemporaryFolder folder;
  const auto video = write_video(folder / "long.avi", 35, 10);
  Arguments run = {"embed"};
  for (int i = 0; i < 200; ++i) run.insert(run.end(), {"--source", video});
  run =
      with(run, {"--model", tiny_model, "--imgsz", "64", "--conf", "0.002", "--max-det", "4", "--out", folder / "out"});
  const auto result = interrupt_onepass(run, [&] { return std::filesystem::exists(folder / "out/resume.cbor"); });
  EXPECT_EQ(result.exit_code, 130) << result.err;
  EXPECT_THAT(result.err, HasSubstr("--resume continues it"));
  EXPECT_TRUE(std::filesystem::exists(folder / "out/resume.cbor"));
  const auto refused = run_onepass(run);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("holds an interrupted run"));
}

TEST(Embed, RefusesImpossibleRequests) {
  const TemporaryFolder folder;
  write_image(folder / "in/0.png", picture(0));
  const auto run = with(tiny("embed"), {"--source", folder / "in", "--out", folder / "out"});
  const auto layers = run_onepass(with(run, {"--layers", "2,99"}));
  EXPECT_EQ(layers.exit_code, 1);
  EXPECT_THAT(layers.err, HasSubstr("layer 99 has no feature map; these layers have one: 0, 1, 2"));
  EXPECT_FALSE(std::filesystem::exists(folder / "out/embeddings.npy"));
  EXPECT_EQ(run_onepass(with(run, {"--method", "global", "--central"})).exit_code, 2);
  EXPECT_EQ(run_onepass(with(run, {"--resume", "--overwrite"})).exit_code, 2);
  EXPECT_EQ(run_onepass(with(run, {"--method", "roy"})).exit_code, 2);
  EXPECT_THAT(run_onepass(with(run, {"--tracks", folder / "none.txt"})).err, HasSubstr("none.txt"));
  EXPECT_EQ(run_onepass(with(tiny("embed"), {"--source", folder / "none", "--out", folder / "out"})).exit_code, 1);
}

TEST(Embed, FillsTracksFromAFileOfIdentities) {
  const TemporaryFolder folder;
  const auto sequence = write_sequence(folder);
  const auto result = run_onepass(with(tiny("embed"), {"--iou", "0.6", "--source", sequence, "--out", folder / "out",
                                                       "--tracks", sequence / "gt/gt.txt", "--crops"}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  std::istringstream rows(read_file(folder / "out/detections.csv"));
  std::string line;
  std::getline(rows, line);
  int count = 0;
  for (; std::getline(rows, line); ++count) EXPECT_THAT(line.back(), AnyOf('1', '2', '3', '4')) << line;
  EXPECT_GT(count, 24);
  EXPECT_TRUE(std::filesystem::exists(folder / "out/crops/000000.jpg"));
}

TEST(Visualize, DrawsLayersAndSimilarities) {
  const TemporaryFolder folder;
  write_image(folder / "a.png", picture(1));
  const auto run = with(tiny("visualize"),
                        {"--source", folder / "a.png", "--layers", "0,4,4", "--similarity", "--out", folder / "out"});
  const auto result = run_onepass(run);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  for (const auto* name : {"layer0.png", "layer0.npy", "layer4.png", "layer4.npy", "similarity.png", "similarity.npy"})
    EXPECT_TRUE(std::filesystem::exists(folder / "out" / name)) << name;
  EXPECT_FALSE(cv::imread(folder / "out/layer4.png").empty());
  EXPECT_EQ(run_onepass(run).exit_code, 2);  // existing files need --overwrite
  EXPECT_EQ(run_onepass(with(run, {"--overwrite"})).exit_code, 0);
  const auto wrong =
      run_onepass(with(tiny("visualize"), {"--source", folder / "a.png", "--layers", "77", "--out", folder / "x"}));
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("layer 77 has no feature map; these layers have one: 0, 1"));
  folder.write("b.png", "no image");
  EXPECT_THAT(run_onepass(with(tiny("visualize"), {"--source", folder / "b.png", "--out", folder / "x"})).err,
              HasSubstr("b.png: cannot be read as an image"));
}

TEST(ReidEval, WritesOneObjectPerSequenceMethodAndGap) {
  const TemporaryFolder folder;
  const auto sequence = write_sequence(folder);
  const auto run = with(tiny("reid-eval"), {"--data", sequence, "--gaps", "5,2s,500", "--method", "table", "--method",
                                            "layers=2 stripes=4"});
  const auto result = run_onepass(with(run, {"--json", folder / "scores.json"}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("neck-standardized"));
  const auto scores = nlohmann::json::parse(read_file(folder / "scores.json"));
  ASSERT_EQ(scores.size(), 6U * 3);
  for (const auto& score : scores) {
    EXPECT_EQ(score["sequence"], "seq");
    EXPECT_THAT(score["gap_frames"].get<int>(), AnyOf(5, 8, 500));  // 2 s at 4 frames a second are 8
    if (score["gap_frames"] == 500) {
      EXPECT_TRUE(score["rank1"].is_null());  // the sequence is shorter
      continue;
    }
    EXPECT_GE(score["rank1"].get<double>(), 0);
    EXPECT_LE(score["auc"].get<double>(), 1);
  }
  EXPECT_EQ(scores[0]["method"], "cell");
  EXPECT_EQ(scores[15]["method"], "layers=2 stripes=4");
  EXPECT_EQ(nlohmann::json::parse(run_onepass(with(run, {"--json", "-"})).out), scores);  // the same in every run
  EXPECT_EQ(run_onepass(with(run, {"--json", folder / "scores.json"})).exit_code, 2);
}

TEST(ReidEval, ReportsMissingInputs) {
  const TemporaryFolder folder;
  const auto sequence = write_sequence(folder, 6);
  const auto run = with(tiny("reid-eval"), {"--data", sequence});
  EXPECT_THAT(run_onepass(with(run, {"--gaps", "5x"})).err, HasSubstr("'5x' is not a gap"));
  EXPECT_THAT(run_onepass(with(run, {"--method", "cel"})).err, HasSubstr("did you mean 'cell'"));
  EXPECT_THAT(run_onepass(with(run, {"--method", "layers=88"})).err,
              HasSubstr("layer 88 has no feature map; these layers have one: 0, 1"));
  EXPECT_THAT(run_onepass(with(run, {"--method", "layer=2"})).err, HasSubstr("embed.layer"));
  EXPECT_THAT(run_onepass(with(run, {"--reid", tiny_model})).err, HasSubstr("tiny_v8.pt: OpenCV"));
  EXPECT_THAT(run_onepass(with(run, {"--reid", folder / "none.onnx"})).err, HasSubstr("none.onnx: no such file"));
  EXPECT_THAT(run_onepass(with(run, {"--reid", tiny_model, "--reid-size", "12"})).err, HasSubstr("--reid-size '12'"));
  std::filesystem::remove(sequence / "gt/gt.txt");
  const auto result = run_onepass(run);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("gt.txt: no such file"));
  EXPECT_THAT(result.err, Not(HasSubstr("terminate")));
}

TEST(Tsne, DrawsWhatEmbedWrote) {
  if (std::system("/usr/bin/python3 -c 'import sklearn, matplotlib' 2>/dev/null") != 0)
    GTEST_SKIP() << "needs python3-sklearn and python3-matplotlib";
  const TemporaryFolder folder;
  for (int i = 0; i < 8; ++i) write_image(folder / ("in/" + std::to_string(i) + ".png"), picture(i));
  ASSERT_EQ(run_onepass(with(tiny("embed"), {"--source", folder / "in", "--crops", "--out", folder / "out"})).exit_code,
            0);
  const auto result = run_onepass({"tsne", folder / "out", "--out", folder / "out.png"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_FALSE(cv::imread(folder / "out.png").empty());
  const auto nothing = run_onepass({"tsne", folder.path(), "--out", folder / "out.png"});
  EXPECT_EQ(nothing.exit_code, 1);
  EXPECT_THAT(nothing.err, HasSubstr("embeddings.npy: no such file; make it with onepass embed"));
}

TEST(Compare, NeedsANetworkThatIsOne) {
  const TemporaryFolder folder;
  const auto sequence = write_sequence(folder, 6);
  EXPECT_EQ(run_onepass(with(tiny("compare"), {"--source", sequence})).exit_code, 2);
  const auto wrong =
      run_onepass(with(tiny("compare"), {"--source", sequence, "--reid", folder.write("x.onnx", "none")}));
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("x.onnx: "));
}

TEST(Compare, ShowsThePairsOfASingleImageByEveryMethod) {
  const TemporaryFolder folder;
  write_image(folder / "one.png", picture(3));
  // Any network that maps an image to numbers can stand for a dedicated one.
  const auto run = with(tiny("compare"), {"--iou", "0.6", "--source", folder / "one.png", "--reid",
                                          ONEPASS_TEST_DATA "/pooled_crop.onnx", "--picture", folder / "pairs.png"});
  const auto result = run_onepass(with(run, {"--json"}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto json = nlohmann::json::parse(result.out);
  const auto count = json.at("detections").size();
  ASSERT_GE(count, 2U);
  ASSERT_EQ(json.at("methods").size(), 2U);
  EXPECT_EQ(json.at("methods").at(1).at("method"), "pooled_crop");
  for (const auto& method : json.at("methods")) {
    EXPECT_GT(method.at("ms"), 0);
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_NEAR(method.at("similarity").at(i).at(i).get<double>(), 1, 1e-5);
      EXPECT_EQ(method.at("similarity").at(i).at(0), method.at("similarity").at(0).at(i));
    }
  }
  // The embeddings that onepass embed writes have the same cosines.
  ASSERT_EQ(run_onepass(with(tiny("embed"), {"--iou", "0.6", "--source", folder / "one.png", "--out", folder / "out"}))
                .exit_code,
            0);
  const auto rows = io::read_npy(folder / "out/embeddings.npy");
  ASSERT_EQ(static_cast<std::size_t>(rows.shape.at(0)), count);
  const Eigen::Map<const Eigen::MatrixXf> columns(rows.values.data(), rows.shape[1], rows.shape[0]);
  for (int i = 0; i < static_cast<int>(count); ++i)
    EXPECT_NEAR(json.at("methods").at(0).at("similarity").at(0).at(static_cast<std::size_t>(i)).get<double>(),
                columns.col(0).normalized().dot(columns.col(i).normalized()), 1e-5);
  const auto drawn = cv::imread(folder / "pairs.png");
  EXPECT_GE(drawn.cols, 2 * 72 * static_cast<int>(count + 1));
  EXPECT_EQ(run_onepass(run).exit_code, 2) << "the picture exists";
  const auto text = run_onepass(with(run, {"--overwrite"}));
  EXPECT_THAT(text.out, HasSubstr("ms for all"));
  EXPECT_THAT(text.out, HasSubstr("  1  1.00"));
  const auto sequence = run_onepass(with(
      tiny("compare"), {"--source", write_sequence(folder, 3), "--reid", "x.onnx", "--picture", folder / "no.png"}));
  EXPECT_EQ(sequence.exit_code, 2);
  EXPECT_THAT(sequence.err, HasSubstr("--picture needs a single image"));
  const auto nameless = run_onepass(
      with(tiny("compare"), {"--source", folder / "one.png", "--reid", "x.onnx", "--picture", folder / "pairs"}));
  EXPECT_EQ(nameless.exit_code, 2);
  EXPECT_THAT(nameless.err, HasSubstr("pairs: not a picture's name; use .png"));
}

TEST(Benchmark, SavedDetectionsGiveTheSameTracksWithoutTheModel) {
  const TemporaryFolder folder;
  const auto sequence = write_sequence(folder);
  const Arguments settings{"--tracker.birth_score", "0.002", "--tracker.confirm_score_sum", "0"};
  const auto found = run_onepass(
      with(with(tiny("benchmark"), settings), {"--data", sequence, "--benchmark", "none", "--out", folder / "out",
                                               "--name", "model", "--save-detections", folder / "found"}));
  ASSERT_EQ(found.exit_code, 0) << found.err;
  const auto replayed = run_onepass(
      with(with({"benchmark"}, settings), {"--data", sequence, "--benchmark", "none", "--out", folder / "out", "--name",
                                           "replay", "--detections", folder / "found/{sequence}.npz"}));
  ASSERT_EQ(replayed.exit_code, 0) << replayed.err;
  EXPECT_GT(read_file(folder / "out/model/data/seq.txt").size(), 500U);
  EXPECT_EQ(read_file(folder / "out/replay/data/seq.txt"), read_file(folder / "out/model/data/seq.txt"));
  const auto before = read_file(folder / "found/seq.npz");
  const auto bare = run_onepass({"benchmark", "--data", sequence, "--benchmark", "none", "--out", folder / "out",
                                 "--name", "bare", "--detections", folder / "found/{sequence}.npz", "--embed.method",
                                 "none", "--save-detections", folder / "bare"});
  ASSERT_EQ(bare.exit_code, 0) << bare.err;
  EXPECT_THAT(before, HasSubstr("embeddings"));
  EXPECT_THAT(read_file(folder / "bare/seq.npz"), Not(HasSubstr("embeddings")));
  const auto again = with(tiny("benchmark"), {"--data", sequence, "--benchmark", "none", "--out", folder / "out",
                                              "--name", "again", "--save-detections", folder / "found"});
  const auto refused = run_onepass(again);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("seq.npz: this file already exists; use --overwrite"));
  EXPECT_EQ(run_onepass(with(again, {"--detector.iou", "0.3", "--overwrite"})).exit_code, 0);
  EXPECT_NE(read_file(folder / "found/seq.npz"), before);
}

TEST(Tune, RunsTheModelOnce) {
  const auto python = python_with_optuna();
  if (python.empty()) GTEST_SKIP() << "no Optuna: run tools/setup.sh";
  const Environment interpreter("ONEPASS_PYTHON", python);
  const TemporaryFolder folder;
  const auto sequence = write_sequence(folder);
  const auto run = with(tiny("tune"), {"--data", sequence, "--benchmark", "none", "--out", folder / "out", "--trials",
                                       "4", "--parameters", "tracker.birth_score=0.001..0.01:log"});
  const auto first = run_onepass(run);
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("Not cross-validated"));
  const auto detections = folder / "out/detections/seq.npz";
  const auto written = std::filesystem::last_write_time(detections);
  EXPECT_EQ(run_onepass(run).out, first.out);
  EXPECT_EQ(std::filesystem::last_write_time(detections), written);
  const auto fewer = run_onepass(with(run, {"--detector.iou", "0.3", "--overwrite"}));
  ASSERT_EQ(fewer.exit_code, 0) << fewer.err;
  EXPECT_NE(std::filesystem::last_write_time(detections), written);
}

TEST(Tune, ReusesNoDetectionsOfOtherData) {
  const auto python = python_with_optuna();
  if (python.empty()) GTEST_SKIP() << "no Optuna: run tools/setup.sh";
  const Environment interpreter("ONEPASS_PYTHON", python);
  const TemporaryFolder folder;
  const auto sequence = write_sequence(folder);
  const auto own = folder.write("out/detections/own.npz", "mine");
  const auto taken = folder.write("out/detections/seq.npz", "mine too");
  const auto run = with(tiny("tune"), {"--benchmark", "none", "--out", folder / "out", "--trials", "2", "--parameters",
                                       "tracker.birth_score=0.001..0.01:log"});
  const auto refused = run_onepass(with(run, {"--data", sequence}));
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("seq.npz: was not recorded by tune; use --overwrite to replace it"));
  EXPECT_EQ(read_file(taken), "mine too");
  ASSERT_EQ(run_onepass(with(run, {"--data", sequence, "--overwrite"})).exit_code, 0);
  const auto first = read_file(taken);
  // Another sequence of the same name, at another place.
  std::filesystem::create_directories(folder / "other");
  std::filesystem::rename(folder / "seq", folder / "other/seq");
  for (int i = 0; i < 24; ++i)
    write_image(folder / ("other/seq/img1/00000" + std::to_string(i + 1) + ".png"), picture(23 - i));
  const auto other = run_onepass(with(run, {"--data", folder / "other/seq", "--overwrite"}));
  ASSERT_EQ(other.exit_code, 0) << other.err;
  EXPECT_NE(read_file(taken), first);
  EXPECT_EQ(read_file(own), "mine");
}

TEST(ReidEval, TracksBetweenBoxesAloneAndTrueIdentities) {
  const TemporaryFolder folder;
  const auto sequence = write_sequence(folder);
  const auto result = run_onepass(with(tiny("reid-eval"), {"--data", sequence, "--oracle-identities", "--json", "-"}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  std::vector<std::string> names;
  for (const auto& row : nlohmann::json::parse(result.out)) {
    if (row.contains("tracking_with")) names.push_back(row["tracking_with"]);
  }
  EXPECT_THAT(names, testing::ElementsAre("boxes alone", "default", "true identities"));
}

}  // namespace
}  // namespace onepass::test
