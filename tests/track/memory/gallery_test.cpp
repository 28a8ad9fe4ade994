#include "track/memory/gallery.hpp"

#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onepass::track {
namespace {

using testing::UnorderedElementsAre;

class Looks {
 public:
  explicit Looks(unsigned seed) : random_(seed) {}

  Embedding any(int length = 256) {
    Embedding result(length);
    for (auto& value : result) value = normal_(random_);
    return result.normalized();
  }
  Embedding like(const Embedding& look, float noise) {
    return (look + noise * any(static_cast<int>(look.size()))).normalized();
  }

 private:
  std::mt19937 random_;
  std::normal_distribution<float> normal_;
};

RememberedIdentity identity(std::int64_t id, const std::vector<Embedding>& views, double last_seen_s = 0) {
  RememberedIdentity result;
  result.id = id;
  result.hits = 10;
  result.last_seen_s = last_seen_s;
  for (const auto& view : views) result.views.push_back({CompactEmbedding(view), 1});
  return result;
}

std::set<std::int64_t> ids_in(const Gallery& gallery) {
  std::set<std::int64_t> ids;
  for (const auto& entry : gallery.identities()) ids.insert(entry.id);
  return ids;
}

TEST(CompactEmbedding, KeepsTheCosineToAThousandth) {
  Looks looks(1);
  for (int i = 0; i < 50; ++i) {
    const auto a = looks.any(1536);
    const auto b = looks.like(a, 0.1F * static_cast<float>(i));
    EXPECT_NEAR(CompactEmbedding(a).dot(b), a.dot(b), 1e-3);
    EXPECT_LT((CompactEmbedding(a).expanded() - a).cwiseAbs().maxCoeff(), a.cwiseAbs().maxCoeff() / 250);
  }
}

TEST(CompactEmbedding, OddLengthsCount) {
  const Embedding values = Embedding::LinSpaced(11, -1, 1);
  EXPECT_NEAR(CompactEmbedding(values).dot(values), values.squaredNorm(), 0.02);
}

TEST(Gallery, IsExactForFewIdentities) {
  Looks looks(2);
  Gallery gallery({});
  std::vector<std::vector<Embedding>> views(30);
  for (std::int64_t id = 1; id <= 30; ++id) {
    for (int view = 0; view < 3; ++view) views[id - 1].push_back(looks.any());
    gallery.put(identity(id, views[id - 1]), 0);
  }
  const auto query = looks.like(views[17][2], 0.8F);
  std::vector<std::pair<double, std::int64_t>> expected;
  for (std::int64_t id = 1; id <= 30; ++id) {
    double nearest = 1;
    for (const auto& view : views[id - 1]) nearest = std::min(nearest, (1 - static_cast<double>(view.dot(query))) / 2);
    expected.emplace_back(nearest, id);
  }
  std::ranges::sort(expected);
  const auto found = gallery.search(query, 5);
  ASSERT_EQ(found.size(), 5U);
  EXPECT_EQ(found.front().id, 18);
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].id, expected[i].second);
    EXPECT_NEAR(found[i].distance, expected[i].first, 1e-3);
  }
}

TEST(Gallery, FindsTheSameAmongThousandsBySketches) {
  Looks looks(3);
  MemoryConfig config;
  config.capacity = 3000;
  Gallery gallery(config);
  std::vector<Embedding> centers;
  for (std::int64_t id = 1; id <= 3000; ++id) {
    centers.push_back(looks.any());
    gallery.put(identity(id, {looks.like(centers.back(), 0.7F), looks.like(centers.back(), 0.7F)}), 0);
  }
  int found = 0;
  for (int i = 0; i < 300; ++i) {
    const auto query = looks.like(centers[i * 10], 0.7F);
    found += gallery.search(query, 1).front().id == i * 10 + 1 ? 1 : 0;
  }
  EXPECT_GE(found, 297);  // a sketch is random: it may miss one in a hundred
}

TEST(Gallery, HandsOutAndForgets) {
  Looks looks(4);
  Gallery gallery({});
  for (std::int64_t id = 1; id <= 4; ++id) gallery.put(identity(id, {looks.any()}), 0);
  const auto taken = gallery.take(2);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->id, 2);
  EXPECT_FALSE(gallery.take(2));
  EXPECT_THAT(ids_in(gallery), UnorderedElementsAre(1, 3, 4));
  const auto query = taken->views.front().mean.expanded();
  for (const auto& other : gallery.search(query, 10)) EXPECT_GT(other.distance, 0.2) << other.id;
}

TEST(Gallery, ForgetsTheLeastUsefulWhenFull) {
  Looks looks(5);
  MemoryConfig config;
  config.capacity = 3;
  Gallery gallery(config);
  auto regular = identity(1, {looks.any()}, 0);
  regular.returns = 5;
  gallery.put(regular, 0);
  gallery.put(identity(2, {looks.any()}, 50), 50);
  gallery.put(identity(3, {looks.any()}, 100), 100);
  gallery.put(identity(4, {looks.any()}, 150), 150);  // 2 was seen before 3 and 4, and never came back as 1 did
  EXPECT_THAT(ids_in(gallery), UnorderedElementsAre(1, 3, 4));
  auto glimpse = identity(5, {looks.any()}, 0);  // less useful than all identities in the gallery
  glimpse.hits = 1;
  gallery.put(glimpse, 150);
  EXPECT_THAT(ids_in(gallery), UnorderedElementsAre(1, 3, 4));
}

TEST(Gallery, ForgetsAfterItsLifetime) {
  Looks looks(6);
  MemoryConfig config;
  config.lifetime_s = 60;
  Gallery gallery(config);
  gallery.put(identity(1, {looks.any()}, 0), 0);
  gallery.put(identity(2, {looks.any()}, 30), 30);
  gallery.expire(60);
  EXPECT_THAT(ids_in(gallery), UnorderedElementsAre(1, 2));
  gallery.expire(61);
  EXPECT_THAT(ids_in(gallery), UnorderedElementsAre(2));
  config.lifetime_s = 0;
  Gallery forever(config);
  forever.put(identity(1, {looks.any()}, 0), 0);
  forever.expire(1e9);
  EXPECT_EQ(forever.identities().size(), 1U);
}

TEST(Gallery, IsOfNoUseWithoutViewsOrForOtherEmbeddings) {
  Looks looks(7);
  Gallery gallery({});
  EXPECT_TRUE(gallery.search(looks.any(), 5).empty());
  gallery.put(identity(1, {}), 0);
  EXPECT_TRUE(gallery.empty());
  gallery.put(identity(1, {looks.any(64)}), 0);
  EXPECT_TRUE(gallery.search(looks.any(32), 5).empty());
}

}  // namespace
}  // namespace onepass::track
