// Which embedding statistics a memory keeps and which detector continues from them.
#include "cli/track/memories.hpp"

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace onepass::test {
namespace {

/// A camera whose statistics have this number of samples.
class Camera : public Detector, private StreamEmbedder {
 public:
  explicit Camera(std::int64_t samples) : samples_(samples) {}

  std::int64_t samples() const { return samples_; }

  std::vector<Detection> detect(const Frame& /*frame*/) override { return {}; }
  const std::vector<std::string>& class_names() const override { return names_; }
  StreamEmbedder* embedder() override { return this; }

 private:
  std::string space() const override { return "the same"; }
  std::vector<int> parts() const override { return {}; }
  EmbeddingDistances distances() const override { return {}; }
  EmbeddingStatistics statistics() const override {
    LayerStatistics layer;
    layer.count = samples_;
    layer.products = Eigen::Matrix3Xd::Zero(3, 2);
    layer.variance = Eigen::VectorXf::Ones(2);
    return {layer};
  }
  void resume(const EmbeddingStatistics& statistics) override {
    if (!statistics.empty()) samples_ = statistics.front().count;
  }
  double seconds() const override { return 0; }

  std::int64_t samples_;
  std::vector<std::string> names_;
};

MemoryConfig enabled() {
  MemoryConfig config;
  config.enabled = true;
  return config;
}

TEST(Memories, AStreamContinuesFromTheStatisticsOfTheFile) {
  const TemporaryFolder folder;
  const auto path = (folder / "door.memory").string();
  Camera monday(100);
  cli::Memories first(enabled(), false);
  first.save(first.begin({path, ""}, monday), {path, ""}, monday);
  Camera tuesday(1);
  cli::Memories second(enabled(), false);
  second.begin({path, ""}, tuesday);
  EXPECT_EQ(tuesday.samples(), 100);
}

TEST(Memories, CamerasSideBySideKeepTheirOwnStatistics) {
  const TemporaryFolder folder;
  const auto path = (folder / "doors.memory").string();
  Camera only(100);
  cli::Memories before(enabled(), false);
  before.save(before.begin({path, ""}, only), {path, ""}, only);

  Camera day(200);
  Camera night(300);
  cli::Memories shared(enabled(), true, true);
  const auto memory = shared.begin({path, ""}, day);
  EXPECT_EQ(shared.begin({path, ""}, night), memory);
  EXPECT_EQ(day.samples(), 200);  // not those of the only camera before
  EXPECT_EQ(night.samples(), 300);
  shared.save(memory, {path, ""}, day);
  shared.save(memory, {path, ""}, night);

  Camera next(1);
  cli::Memories after(enabled(), false);
  after.begin({path, ""}, next);
  EXPECT_EQ(next.samples(), 1);  // neither those of the day nor those of the night
}

}  // namespace
}  // namespace onepass::test
