// Benchmarks one search in a full memory, Tracker::update with and without memory, and a crowd that returns at once.
// Usage: memory_benchmark [--benchmark_filter=...]; recall is the share of searches that return the same identity as an
// exhaustive comparison with all views.
#include <benchmark/benchmark.h>

#include <random>

#include "crowd.hpp"
#include "onepass/tracker.hpp"
#include "track/memory/memory_state.hpp"

namespace {

using onepass::Embedding;

class Looks {
 public:
  explicit Looks(int length) : length_(length) {}

  Embedding any() {
    Embedding result(length_);
    for (auto& value : result) value = normal_(random_);
    return result.normalized();
  }
  Embedding like(const Embedding& look, float noise) { return (look + noise * any()).normalized(); }

 private:
  int length_;
  std::mt19937 random_{1};
  std::normal_distribution<float> normal_;
};

void search_gallery(benchmark::State& state) {
  const auto identities = state.range(0);
  Looks looks(static_cast<int>(state.range(1)));
  onepass::MemoryConfig config;
  config.capacity = static_cast<int>(identities);
  onepass::track::Gallery gallery(config);
  std::vector<Embedding> queries;
  for (std::int64_t id = 1; id <= identities; ++id) {
    onepass::track::RememberedIdentity identity;
    identity.id = id;
    identity.hits = 100;
    const auto look = looks.any();
    for (int view = 0; view < config.exemplars; ++view) {
      identity.views.push_back({onepass::track::CompactEmbedding(looks.like(look, 0.7F)), 1});
    }
    gallery.put(std::move(identity), 0);
    if (id % (identities / 100) == 0) queries.push_back(looks.like(look, 0.7F));
  }
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(gallery.search(queries[next++ % queries.size()], onepass::track::Gallery::compared));
  }
  int found = 0;
  for (const auto& query : queries) {
    const auto nearest = std::ranges::min_element(
        gallery.identities(), {}, [&](const auto& identity) { return onepass::track::distance_to(identity, query); });
    found += gallery.search(query, 1).front().id == nearest->id ? 1 : 0;
  }
  state.counters["recall"] = static_cast<double>(found) / static_cast<double>(queries.size());
}

BENCHMARK(search_gallery)
    ->ArgNames({"identities", "embedding"})
    ->ArgsProduct({{100, 1000, 10000}, {512, 1536}})
    ->Unit(benchmark::kMillisecond);

/// Times the update of each frame of the crowd, at 30 frames per second.
void update_on(onepass::bench::Crowd& crowd, onepass::Tracker& tracker, benchmark::State& state) {
  std::int64_t index = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const auto detections = crowd.next();
    onepass::Frame frame;
    frame.index = index++;
    frame.time = onepass::Timestamp(static_cast<double>(frame.index) / 30);
    frame.size = crowd.size();
    state.ResumeTiming();
    benchmark::DoNotOptimize(tracker.update(detections, frame));
  }
}

void update_tracker(benchmark::State& state) {
  const auto people = static_cast<int>(state.range(0));
  onepass::TrackerConfig config;
  config.memory.enabled = state.range(1) != 0;
  onepass::bench::Crowd crowd(people, 512);
  onepass::Tracker tracker(config, 30);
  update_on(crowd, tracker, state);
}

BENCHMARK(update_tracker)
    ->ArgNames({"people", "memory"})
    ->ArgsProduct({{35, 1000}, {0, 1}})
    ->Iterations(300)
    ->Unit(benchmark::kMillisecond);

/// A crowd that returns at once, and as many strangers as fill the memory. The time of an update without a memory is
/// that of memory:0; the rest is recognition.
void return_crowd(benchmark::State& state) {
  const auto people = static_cast<int>(state.range(0));
  const auto remembered = state.range(1);
  constexpr int length = 1536;
  onepass::TrackerConfig config;
  config.memory.enabled = remembered > 0;
  config.memory.capacity = static_cast<int>(std::max<std::int64_t>(remembered, 1));
  const auto memory = remembered > 0 ? std::make_shared<onepass::Memory>(config.memory) : nullptr;
  onepass::bench::Crowd crowd(people, length);
  Looks looks(length);
  for (std::int64_t id = 1; id <= remembered; ++id) {
    onepass::track::RememberedIdentity identity;
    identity.id = id;
    identity.hits = 100;
    const auto look = id <= people ? crowd.embedding(static_cast<std::size_t>(id - 1)) : looks.any();
    for (int view = 0; view < config.memory.exemplars; ++view) {
      identity.views.push_back({onepass::track::CompactEmbedding(looks.like(look, 0.5F)), 1});
    }
    memory->state().gallery.put(std::move(identity), 0);
  }
  if (memory) {
    memory->state().identities = remembered;
    memory->state().length = length;
    memory->state().separation = {1000, 0.1, 0.001, 0.4, 0.001};
  }
  onepass::Tracker tracker(config, 30, memory);
  update_on(crowd, tracker, state);
  const auto given = static_cast<double>(memory ? memory->identity_count() - remembered : tracker.identity_count());
  state.counters["new"] = given;
  state.counters["recognized"] = static_cast<double>(tracker.identity_count()) - given;
}

BENCHMARK(return_crowd)
    ->ArgNames({"people", "memory"})
    ->ArgsProduct({{1000}, {0, 10000}})
    ->Iterations(600)
    ->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
