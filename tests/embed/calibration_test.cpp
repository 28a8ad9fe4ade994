#include "embed/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <Eigen/Eigenvalues>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "embed/distance_plot.hpp"
#include "support/environment.hpp"
#include "support/matplotlib.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::embed {
namespace {

using test::message_of;
using test::TemporaryFolder;
using testing::HasSubstr;

constexpr const char* space = "roi of layers 1, 2";

/// Objects that differ only in the first `telling` values; the others are large and change from frame to frame, like
/// light and background. Ten tracks of twenty frames; all are visible at the same time.
std::vector<TrackedEmbedding> misleading_scene(unsigned seed, int first_track = 0, int length = 24, int telling = 6) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<TrackedEmbedding> samples;
  for (int track = 0; track < 10; ++track) {
    Embedding look(telling);
    for (auto& value : look) value = normal(random);
    for (int frame = 0; frame < 20; ++frame) {
      Embedding embedding(length);
      for (auto& value : embedding) value = 3 * normal(random);
      for (int i = 0; i < telling; ++i) embedding[i] = look[i] + 0.2F * normal(random);
      samples.push_back({embedding.normalized(), first_track + track, frame});
    }
  }
  return samples;
}

std::vector<int> tracks_of(const std::vector<TrackedEmbedding>& samples) {
  std::vector<int> tracks;
  for (const auto& sample : samples) tracks.push_back(sample.track);
  return tracks;
}

Eigen::MatrixXf columns_of(const std::vector<TrackedEmbedding>& samples) {
  Eigen::MatrixXf columns(samples.front().embedding.size(), static_cast<Eigen::Index>(samples.size()));
  for (std::size_t i = 0; i < samples.size(); ++i) columns.col(static_cast<Eigen::Index>(i)) = samples[i].embedding;
  return columns;
}

/// The two scatter matrices, summed sample by sample.
struct Scatters {
  Eigen::MatrixXd within, total;
};

Scatters scatters_of(const Eigen::MatrixXf& samples, const std::vector<int>& groups) {
  const auto length = samples.rows();
  Scatters scatters{Eigen::MatrixXd::Zero(length, length), Eigen::MatrixXd::Zero(length, length)};
  Eigen::VectorXd mean = Eigen::VectorXd::Zero(length);
  std::map<int, std::pair<Eigen::VectorXd, int>> sums;
  for (Eigen::Index i = 0; i < samples.cols(); ++i) {
    const Eigen::VectorXd sample = samples.col(i).cast<double>();
    mean += sample / static_cast<double>(samples.cols());
    auto& [sum, count] =
        sums.try_emplace(groups[static_cast<std::size_t>(i)], Eigen::VectorXd::Zero(length), 0).first->second;
    sum += sample;
    ++count;
  }
  double freedom = 0;
  for (const auto& [_, entry] : sums) freedom += entry.second >= 2 ? entry.second - 1 : 0;
  for (Eigen::Index i = 0; i < samples.cols(); ++i) {
    const Eigen::VectorXd sample = samples.col(i).cast<double>();
    const auto& [sum, count] = sums.at(groups[static_cast<std::size_t>(i)]);
    const Eigen::VectorXd deviation = sample - sum / count;
    if (count >= 2) scatters.within += deviation * deviation.transpose() / freedom;
    scatters.total += (sample - mean) * (sample - mean).transpose() / static_cast<double>(samples.cols());
  }
  return scatters;
}

TEST(Fisher, SolvesItsDefinitionWrittenOut) {
  const auto samples = misleading_scene(1);
  const auto columns = columns_of(samples);
  auto groups = tracks_of(samples);
  groups.back() = 99;  // a group of one
  const FisherOptions options{5, 0.5};
  const auto fisher = learn_fisher(columns, groups, options);
  auto [within, total] = scatters_of(columns, groups);
  within.diagonal().array() += options.shrinkage * within.trace() / static_cast<double>(within.rows());
  // By hand: whiten with the eigenvectors of the within scatter, then take those of the total scatter.
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> whitening(within);
  const Eigen::MatrixXd whitener =
      whitening.eigenvectors() * whitening.eigenvalues().cwiseSqrt().cwiseInverse().asDiagonal();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> leading(whitener.transpose() * total * whitener);
  ASSERT_EQ(fisher.projection.rows(), 5);
  for (Eigen::Index k = 0; k < 5; ++k) {
    EXPECT_NEAR(fisher.ratios[k], leading.eigenvalues()[leading.eigenvalues().size() - 1 - k], 1e-6);
    const Eigen::VectorXd expected = whitener * leading.eigenvectors().col(leading.eigenvectors().cols() - 1 - k);
    const Eigen::VectorXd row = fisher.projection.row(k).cast<double>();
    EXPECT_NEAR(std::abs(row.dot(expected)) / (row.norm() * expected.norm()), 1, 1e-5) << k;
    EXPECT_NEAR(row.dot(within * row), 1, 1e-4) << k;
  }
}

TEST(Fisher, NeedsSomethingSeenTwice) {
  const Eigen::MatrixXf samples = Eigen::MatrixXf::Identity(3, 3);
  EXPECT_THAT(message_of([&] { learn_fisher(samples, std::vector<int>{1, 2, 3}); }), HasSubstr("seen twice"));
}

TEST(Calibration, SeparatesUnseenObjectsIfTheScatterMisleads) {
  const auto calibration = learn_calibration(misleading_scene(1), std::vector<int>{6, 18});
  auto unseen = misleading_scene(2, 100);
  const double before = area_under_curve(measure_pairs(unseen));
  for (auto& sample : unseen) {
    sample.embedding = apply(calibration, sample.embedding);
    EXPECT_NEAR(sample.embedding.norm(), 1, 1e-5);
  }
  EXPECT_LT(before, 0.8);
  EXPECT_GT(area_under_curve(measure_pairs(unseen)), 0.9);
  ASSERT_EQ(calibration.weights.size(), 2U);
  EXPECT_EQ(calibration.weights[0], 1);  // the part that discriminates
  EXPECT_LT(calibration.weights[1], 0.5);
  EXPECT_EQ(apply(calibration, Embedding()).size(), 0);
  EXPECT_THAT(message_of([&] { apply(calibration, Embedding::Ones(7)); }), HasSubstr("another length"));
}

TEST(Calibration, TheAreaUnderTheCurveCountsPairs) {
  const Distances distances{{0.1, 0.2, 0.4}, {0.2, 0.3, 0.5}};
  EXPECT_NEAR(area_under_curve(distances), (3 + 2.5 + 1) / 9, 1e-12);  // ties count half
  EXPECT_NEAR(found_at(distances, 0), 1.0 / 3, 1e-12);                 // closer than the closest different pair
  EXPECT_NEAR(found_at(distances, 0.4), 2.0 / 3, 1e-12);
}

TEST(Calibration, TheThresholdBalancesTheErrors) {
  Distances distances;
  for (int i = 0; i < 100; ++i) {
    distances.same.push_back(0.1 + 0.004 * i);       // .1 to .5
    distances.different.push_back(0.4 + 0.004 * i);  // .4 to .8
  }
  const auto summary = summarize(distances);
  EXPECT_NEAR(summary.threshold, 0.45, 0.01);
  EXPECT_NEAR(summary.error_rate, 0.125, 0.011);
  EXPECT_NEAR(summary.match_mean, 0.298, 1e-9);
  EXPECT_NEAR(summary.rival_mean, 0.598, 1e-9);
  EXPECT_THAT(message_of([] { summarize({{0.1}, {}}); }), HasSubstr("nothing to learn from"));
}

TEST(Calibration, PairsAreThoseOfTracksAndOfFrames) {
  const Embedding x = Embedding::Unit(2, 0), y = Embedding::Unit(2, 1);
  const auto distances = measure_pairs(std::vector<TrackedEmbedding>{{x, 1, 0}, {x, 1, 1}, {y, 2, 1}, {-x, 2, 2}});
  EXPECT_THAT(distances.same, testing::ElementsAre(0, 0.5));
  EXPECT_THAT(distances.different, testing::ElementsAre(0.5));
}

TEST(Calibration, TrackingComparesWithTheTrackSoFar) {
  const Embedding x = Embedding::Unit(3, 0), y = Embedding::Unit(3, 1), z = Embedding::Unit(3, 2);
  // In frame 1 both tracks are known; in frame 2 one is alone; in frame 3 the third is new, but a rival.
  const auto measured = measure_tracking(
      std::vector<TrackedEmbedding>{{x, 1, 0}, {y, 2, 0}, {x, 1, 1}, {z, 2, 1}, {x, 1, 2}, {x, 1, 3}, {-x, 3, 3}}, 0);
  EXPECT_EQ(measured.samples, 3);
  EXPECT_NEAR(measured.match_mean, (0 + 0.5 + 0) / 3, 1e-6);
  EXPECT_NEAR(measured.rival_mean, (0.5 + 0.5 + 1) / 3, 1e-6);
  EXPECT_NEAR(measured.match_variance, 2 * 0.25 / 9, 1e-6);
  EXPECT_EQ(measure_tracking(std::vector<TrackedEmbedding>{{x, 1, 0}, {x, 1, 1}}, 0).samples, 0);
  const std::vector<TrackedEmbedding> both{{x, 1, 0}, {y, 2, 0}, {x, 1, 1}, {z, 2, 1}};
  EXPECT_EQ(measure_tracking(both, 2).samples, 1);
  EXPECT_NEAR(measure_tracking(both, 2).match_mean, 0.5, 1e-6);
  EXPECT_NEAR(measure_tracking(both, 2).rival_mean, 0.5, 1e-6) << "the first track is a rival still";
}

/// A calibration of two layers of 12 values, in files.
struct Written {
  TemporaryFolder folder;
  std::filesystem::path file = folder / "door.yaml";
  Calibration calibration = learn_calibration(misleading_scene(1), std::vector<int>{6, 18}, {4, 0.3});

  Written() {
    calibration.space = space;
    for (const float value : {1.0F, 2.0F})
      calibration.statistics.push_back(
          {50, {50, 1, 9, 2, 7}, Eigen::Matrix3Xd::Constant(3, 12, value), Eigen::VectorXf::Constant(12, 4), {}});
    calibration.distances.threshold = 0.25;
    calibration.tracked = {70, 0.125, 0.01, 0.375, 0.02};
    write_calibration(file, calibration);
  }
  std::string message(const std::string& its_space = space) const {
    return message_of([&] { read_calibration(file, its_space); });
  }
};

TEST(CalibrationFile, ReadsWhatWasWritten) {
  const Written written;
  const auto read = read_calibration(written.file, space);
  EXPECT_EQ(read.projection, written.calibration.projection);
  EXPECT_EQ(read.center, written.calibration.center);
  EXPECT_EQ(read.distances.threshold, 0.25);
  EXPECT_EQ(read.tracked.samples, 70);
  EXPECT_EQ(read.tracked.rival_mean, 0.375);
  ASSERT_EQ(read.statistics.size(), 2U);
  EXPECT_EQ(read.statistics[1].count, 50);
  EXPECT_EQ(read.statistics[1].products, written.calibration.statistics[1].products);
  EXPECT_EQ(read.statistics[0].variance, written.calibration.statistics[0].variance);
  write_calibration(written.folder / "copy.yaml", read);
  EXPECT_EQ(test::read_file(written.folder / "copy.yaml"), test::read_file(written.file));
  EXPECT_EQ(test::read_file(written.folder / "copy.npy"), test::read_file(written.folder / "door.npy"));
}

TEST(CalibrationFile, RefusesOtherEmbeddingsVersionsAndFiles) {
  const Written written;
  EXPECT_THAT(written.message("cell of layers 15"),
              HasSubstr("door.yaml: calibrates embeddings of another kind: roi of"));
  auto text = test::read_file(written.file);
  text.replace(text.find("version: 2"), 10, "version: 7");
  written.folder.write("door.yaml", text);
  EXPECT_THAT(written.message(), HasSubstr("of version 7; this program reads version 2"));
  written.folder.write("door.yaml", "tracker:\n  max_age_s: 2\n");
  EXPECT_THAT(written.message(), HasSubstr("is not a calibration of onepass"));
  EXPECT_THAT(message_of([&] { read_calibration(written.folder / "none.yaml", space); }), HasSubstr("none.yaml: "));
}

TEST(CalibrationFile, RefusesDamagedFiles) {
  const Written written;
  const auto text = test::read_file(written.file);
  const auto matrix = test::read_file(written.folder / "door.npy");
  auto edited = text;
  edited.replace(edited.find("threshold: 0.25"), 15, "threshold: 0.35");
  written.folder.write("door.yaml", edited);
  EXPECT_THAT(written.message(), HasSubstr("door.yaml: is damaged or was edited"));
  for (std::size_t size = 0; size < text.size(); size += 41) {
    written.folder.write("door.yaml", text.substr(0, size));
    EXPECT_THAT(written.message(), HasSubstr("door.yaml")) << size;
  }
  written.folder.write("door.yaml", text);
  for (std::size_t size = 0; size < matrix.size(); size += 97) {
    written.folder.write("door.npy", matrix.substr(0, size));
    EXPECT_THAT(written.message(), HasSubstr("door.npy: ")) << size;
  }
  for (std::size_t place = 192; place < matrix.size(); place += 61) {
    auto flipped = matrix;
    flipped[place] = static_cast<char>(flipped[place] ^ 4);
    written.folder.write("door.npy", flipped);
    EXPECT_THAT(written.message(), HasSubstr("door.npy: is damaged")) << place;
  }
  std::filesystem::remove(written.folder / "door.npy");
  EXPECT_THAT(written.message(), HasSubstr("door.npy: "));
}

TEST(DistancePlot, ShowsWhatItMeasured) {
  const Distances before{{0.1, 0.3}, {0.2, 0.6}};
  const Distances after{{0.1, 0.1}, {0.6, 0.6}};
  EXPECT_THAT(histogram_text(after), HasSubstr("0.10-0.15  100.0 %"));
  EXPECT_THAT(roc_text(before, after), HasSubstr("50.0 %      100.0 %"));
  if (!test::has_matplotlib()) GTEST_SKIP() << "needs python3-matplotlib";
  const test::TemporaryFolder folder;
  write_distance_plot(folder / "a.png", before, after);
  write_distance_plot(folder / "b.png", before, after);
  EXPECT_EQ(cv::imread((folder / "a.png").string()).size(), cv::Size(1500, 630));
  EXPECT_EQ(test::read_file(folder / "a.png"), test::read_file(folder / "b.png"));
  EXPECT_THROW(write_distance_plot(folder / "none/a.png", before, after), std::runtime_error);
}

TEST(DistancePlot, AnEarlierOneDoesNotStayIfDrawingFails) {
  const test::Environment python("ONEPASS_PYTHON", "/none/python3");
  const test::TemporaryFolder folder;
  const auto file = folder.write("a.png", "old");
  const Distances distances{{0.1, 0.3}, {0.2, 0.6}};
  EXPECT_THROW(write_distance_plot(file, distances, distances), std::runtime_error);
  EXPECT_FALSE(std::filesystem::exists(file));
}

}  // namespace
}  // namespace onepass::embed
