#include "lab/embeddings/embed_run.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include "io/npy.hpp"
#include "onepass/detector.hpp"
#include "support/checkpoint_files.hpp"
#include "support/media.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::lab {
namespace {

using test::message_of;
using test::read_file;
using test::TemporaryFolder;
using testing::HasSubstr;

constexpr int image_count = 60;

/// A folder of images in which a bright square moves over noise.
std::string write_images(const TemporaryFolder& folder, const std::string& name, int count = image_count) {
  cv::RNG random(3);
  for (int i = 0; i < count; ++i) {
    cv::Mat image(48, 64, CV_8UC3);
    random.fill(image, cv::RNG::UNIFORM, 0, 150);
    cv::rectangle(image, cv::Rect(i % 40, 10, 15, 25), cv::Scalar(250, 240, 230), cv::FILLED);
    test::write_image(folder / (name + "/" + std::to_string(i) + ".png"), image);
  }
  return folder / name;
}

/// The random weights of the tiny models yield meaningless detections, but the same ones in every run.
Config tiny_config() {
  Config config;
  config.detector.imgsz = 64;
  config.detector.conf = 0.002F;
  config.detector.max_det = 6;
  config.detector.threads = 1;
  return config;
}

EmbedRunOptions tiny_options(const std::vector<std::string>& sources, const std::filesystem::path& out) {
  EmbedRunOptions options;
  options.sources = sources;
  options.model = ONEPASS_TEST_DATA "/tiny_v8.pt";
  options.folder = out;
  return options;
}

TEST(EmbedRun, WritesWhatTheDetectorGives) {
  const TemporaryFolder folder;
  const auto images = write_images(folder, "a", 5);
  for (const auto method : {EmbedMethod::roi, EmbedMethod::cell}) {
    auto config = tiny_config();
    config.embed.method = method;
    const auto out = folder / (method == EmbedMethod::roi ? "roi" : "cell");
    const auto result = embed_sources(tiny_options({images}, out), config);
    const auto array = io::read_npy(out / "embeddings.npy");
    const auto detector =
        make_detector(load_model(ONEPASS_TEST_DATA "/tiny_v8.pt", config.detector, config.embed), config.detector);
    const auto source = open_source(images);
    std::vector<float> expected;
    while (const auto frame = source->next())
      for (const auto& detection : detector->detect(*frame))
        expected.insert(expected.end(), detection.embedding.begin(), detection.embedding.end());
    EXPECT_EQ(array.values, expected);
    EXPECT_EQ(array.shape.at(0), result.rows);
    EXPECT_GT(result.rows, 5);
    EXPECT_FALSE(is_interrupted(out));
  }
}

TEST(EmbedRun, GoesOnAfterAnInterruptionWithTheSameBytes) {
  const TemporaryFolder folder;
  const auto a = write_images(folder, "a");
  const auto b = write_images(folder, "b", 30);
  const auto config = tiny_config();
  embed_sources(tiny_options({a, b}, folder / "whole"), config);
  auto options = tiny_options({a, b}, folder / "pieces");
  int calls = 0;
  int runs = 0;
  std::int64_t frames = 0;
  for (bool stopped = true; stopped; ++runs, options.resume = true) {
    calls = 0;
    options.stop = [&] { return ++calls > 38 * (runs + 1); };  // within the first source, then within the second
    const auto result = embed_sources(options, config);
    stopped = result.stopped;
    frames += result.frames;
    EXPECT_EQ(is_interrupted(folder / "pieces"), stopped);
    ASSERT_LT(runs, 10);
  }
  EXPECT_GE(runs, 3);
  EXPECT_EQ(frames, image_count + 30);  // no frame twice
  for (const auto* name : {"embeddings.npy", "detections.csv"})
    EXPECT_EQ(read_file(folder / "whole" / name), read_file(folder / "pieces" / name)) << name;
}

/// The tiny model with a larger bias of class 0, so that its scores are high.
std::string write_confident_model(const TemporaryFolder& folder) {
  auto records = test::read_records(ONEPASS_TEST_DATA "/tiny_v8.pt");
  for (const auto* bias : {"data/173", "data/181"}) {
    EXPECT_EQ(records.at(bias).size(), 6U) << "not three numbers of type half";
    records.at(bias).replace(0, 2, std::string("\x00\x44", 2));  // 4 as half
  }
  test::write_records(folder / "confident.pt", records);
  return folder / "confident.pt";
}

TEST(EmbedRun, ResumesWithTheSameBytesIfItLearnsOnline) {
  const TemporaryFolder folder;
  const auto images = write_images(folder, "a");
  auto config = tiny_config();
  config.detector.max_det = 1;  // one box that covers most of every image and can be tracked
  const auto embedded = [&](EmbedCalibration calibrate, const std::string& name, int stop_every) {
    config.embed.calibrate = calibrate;
    auto options = tiny_options({images}, folder / name);
    options.model = write_confident_model(folder);
    int calls = 0;
    options.stop = [&] { return stop_every > 0 && ++calls % stop_every == 0; };
    for (int runs = 1; embed_sources(options, config).stopped; ++runs, options.resume = true, calls = 0)
      stop_every = 13 * (runs + 1) + runs;
    return read_file(folder / name / "embeddings.npy");
  };
  const auto whole = embedded(EmbedCalibration::online, "whole", 0);
  EXPECT_NE(whole, embedded(EmbedCalibration::none, "plain", 0)) << "nothing was learned online";
  EXPECT_EQ(whole, embedded(EmbedCalibration::online, "pieces", 13));
}

TEST(EmbedRun, GoesOnAfterACrashWithTheSameBytes) {
  const TemporaryFolder folder;
  const auto images = write_images(folder, "a");
  const auto config = tiny_config();
  embed_sources(tiny_options({images}, folder / "whole"), config);
  auto options = tiny_options({images}, folder / "crashed");
  options.progress = [](const SourceInfo&, std::int64_t frames) {
    if (frames == 41) throw std::runtime_error("the power fails");  // the journal was written at frame 25
  };
  EXPECT_EQ(message_of([&] { embed_sources(options, config); }), "the power fails");
  options.progress = [](const SourceInfo&, std::int64_t) {};
  options.resume = true;
  EXPECT_EQ(embed_sources(options, config).frames, image_count - 25);
  for (const auto* name : {"embeddings.npy", "detections.csv"})
    EXPECT_EQ(read_file(folder / "whole" / name), read_file(folder / "crashed" / name)) << name;
}

TEST(EmbedRun, RefusesToJoinDifferentRuns) {
  const TemporaryFolder folder;
  const auto images = write_images(folder, "a", 10);
  auto options = tiny_options({images}, folder / "out");
  int calls = 0;
  options.stop = [&] { return ++calls > 4; };
  EXPECT_TRUE(embed_sources(options, tiny_config()).stopped);
  options.resume = true;
  auto other = tiny_config();
  other.embed.layers = {"2"};
  EXPECT_THAT(message_of([&] { embed_sources(options, other); }), HasSubstr("other sources or other settings"));
  const auto journal = read_file(folder / "out/resume.cbor");
  folder.write("out/resume.cbor", journal.substr(0, journal.size() / 2));
  EXPECT_THAT(message_of([&] { embed_sources(options, tiny_config()); }), HasSubstr("is damaged"));
  folder.write("out/resume.cbor", journal);
  folder.write("out/embeddings.npy.part", "short");
  EXPECT_THAT(message_of([&] { embed_sources(options, tiny_config()); }), HasSubstr("shorter than it was"));
}

TEST(EmbedRun, WholeFramesAreTheMeanOfTheMapWithoutPadding) {
  const TemporaryFolder folder;
  const auto images = write_images(folder, "a", 2);
  auto config = tiny_config();
  config.embed.layers = {"4"};
  auto options = tiny_options({images}, folder / "out");
  options.subject = EmbedSubject::frame;
  options.maps = true;
  EXPECT_EQ(embed_sources(options, config).rows, 2);
  const auto rows = io::read_npy(folder / "out/embeddings.npy");
  const auto map = io::read_npy(folder / "out/maps/1-a-000001-layer4.npy");
  ASSERT_EQ(map.shape, (std::vector<std::int64_t>{8, 6, 8}));  // 64×48 is a multiple of 16: no padding
  Eigen::VectorXf mean(8);
  for (int channel = 0; channel < 8; ++channel)
    mean[channel] = Eigen::Map<const Eigen::VectorXf>(map.values.data() + channel * 48, 48).mean();
  mean.normalize();
  for (int channel = 0; channel < 8; ++channel) EXPECT_NEAR(rows.values[channel], mean[channel], 1e-5);
}

/// The distance of each row's box from the middle of its 64×48 frame, by frame.
std::map<int, std::vector<double>> distances_by_frame(const std::filesystem::path& csv) {
  std::map<int, std::vector<double>> result;
  std::istringstream lines(read_file(csv));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    int frame = 0;
    double left = 0;
    double top = 0;
    double width = 0;
    double height = 0;
    const auto numbers = line.substr(line.find(',', line.find(',') + 1) + 1);
    EXPECT_EQ(std::sscanf(numbers.c_str(), "%d,%lf,%lf,%lf,%lf", &frame, &left, &top, &width, &height), 5) << line;
    result[frame].push_back(std::hypot(left + width / 2 - 32, top + height / 2 - 24));
  }
  return result;
}

TEST(EmbedRun, CentralKeepsTheDetectionNearestTheMiddle) {
  const TemporaryFolder folder;
  const auto images = write_images(folder, "a", 4);
  auto options = tiny_options({images}, folder / "all");
  embed_sources(options, tiny_config());
  options.folder = folder / "central";
  options.subject = EmbedSubject::central;
  embed_sources(options, tiny_config());
  const auto all = distances_by_frame(folder / "all/detections.csv");
  const auto central = distances_by_frame(folder / "central/detections.csv");
  ASSERT_EQ(central.size(), all.size());
  ASSERT_GE(all.size(), 2U);
  for (const auto& [frame, distances] : central) {
    ASSERT_EQ(distances.size(), 1U);
    EXPECT_NEAR(distances[0], std::ranges::min(all.at(frame)), 0.02);  // the file has two decimals
  }
}

TEST(EmbedRun, TheModelMayBeAFolder) {
  const TemporaryFolder folder;
  auto options = tiny_options({write_images(folder, "a", 2)}, folder / "out");
  options.model = ONEPASS_TEST_DATA "/export_v8_openvino";
#if ONEPASS_TEST_OPENVINO
  EXPECT_EQ(embed_sources(options, tiny_config()).frames, 2);
#else
  EXPECT_THAT(message_of([&] { embed_sources(options, tiny_config()); }), HasSubstr("this build cannot read"));
#endif
}

TEST(EmbedRun, NothingDetectedIsAnEmptyArray) {
  const TemporaryFolder folder;
  auto config = tiny_config();
  config.detector.conf = 1;
  EXPECT_EQ(embed_sources(tiny_options({write_images(folder, "a", 2)}, folder / "out"), config).rows, 0);
  EXPECT_EQ(io::read_npy(folder / "out/embeddings.npy").values.size(), 0U);
}

}  // namespace
}  // namespace onepass::lab
