// Benchmarks Tracker::update by number of people, with and without embeddings.
// Usage: tracker_benchmark [--config=NAME] [--benchmark_filter=...]; NAME is a built-in configuration or a YAML file.
// The columns p50_ms and p99_ms are percentiles of one update, in processor time of its only thread, so that other
// programs disturb them less.
#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "crowd.hpp"
#include "onepass/tracker.hpp"

namespace {

using onepass::Detection;
using onepass::Frame;
using onepass::Timestamp;

double thread_time_ms() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
}

void update_tracker(benchmark::State& state, const onepass::TrackerConfig& config) {
  const auto people = static_cast<int>(state.range(0));
  const auto embedding_length = static_cast<int>(state.range(1));
  onepass::bench::Crowd crowd(people, embedding_length);
  constexpr int prepared = 60;  // frames generated beforehand, then replayed forward and backward
  std::vector<std::vector<Detection>> frames;
  for (int i = 0; i < prepared; ++i) frames.push_back(crowd.next());

  onepass::Tracker tracker(config, 30);
  std::vector<double> times_ms;
  std::int64_t index = 0;
  const auto update = [&] {
    const auto step = index % (2 * prepared - 2);
    const auto& detections = frames[step < prepared ? step : 2 * prepared - 2 - step];
    Frame frame;
    frame.index = index;
    frame.time = Timestamp(static_cast<double>(index) / 30);
    frame.size = crowd.size();
    ++index;
    const double start_ms = thread_time_ms();
    benchmark::DoNotOptimize(tracker.update(detections, frame));
    return thread_time_ms() - start_ms;
  };
  for (int i = 0; i < 30; ++i) update();  // until tracks are confirmed and memory has its size
  for (auto _ : state) times_ms.push_back(update());
  std::ranges::sort(times_ms);
  state.counters["p50_ms"] = times_ms[times_ms.size() / 2];
  state.counters["p99_ms"] = times_ms[times_ms.size() * 99 / 100];
}

}  // namespace

int main(int count, char** arguments) {
  constexpr auto flag = "--config=";
  onepass::Config config;
  std::string name = "default";
  if (count > 1 && std::strncmp(arguments[1], flag, std::strlen(flag)) == 0) {
    name = arguments[1] + std::strlen(flag);
    onepass::apply_yaml(config, name);
    arguments[1] = arguments[0];
    ++arguments;
    --count;
  }
  benchmark::RegisterBenchmark(name.c_str(), update_tracker, config.tracker)
      ->ArgNames({"people", "embedding"})
      ->ArgsProduct({{35, 60, 1000, 10000}, {0, 256}})
      ->Iterations(200)  // else the crowd is generated anew for every estimate of their number
      ->Unit(benchmark::kMillisecond);
  benchmark::Initialize(&count, arguments);
  benchmark::RunSpecifiedBenchmarks();
}
