// Times loading and running a network: forward MODEL HEIGHT WIDTH [THREADS [RUNS [LAYER...]]]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include "model/network.hpp"

namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

}  // namespace

int main(int count, char** arguments) try {
  if (count < 4) {
    std::fprintf(stderr, "usage: %s MODEL HEIGHT WIDTH [THREADS [RUNS [LAYER...]]]\n", arguments[0]);
    return 2;
  }
  at::set_num_threads(count > 4 ? std::atoi(arguments[4]) : 2);
  const int runs = std::max(count > 5 ? std::atoi(arguments[5]) : 15, 1);
  std::vector<int> layers;
  for (int i = 6; i < count; ++i) layers.push_back(std::atoi(arguments[i]));

  const auto start = Clock::now();
  const auto network = onepass::load_network(arguments[1]);
  const double load_ms = milliseconds_since(start);
  const auto loaded = Clock::now();
  network->prepare(layers, "cpu");
  const double prepare_ms = milliseconds_since(loaded);

  const auto image = at::full({1, 3, std::atoi(arguments[2]), std::atoi(arguments[3])}, 0.5);
  network->forward(image);
  std::vector<double> times;
  for (int i = 0; i < runs; ++i) {
    const auto before = Clock::now();
    network->forward(image);
    times.push_back(milliseconds_since(before));
  }
  std::sort(times.begin(), times.end());
  std::printf("load %.1f ms, prepare %.1f ms, forward median %.1f ms, least %.1f ms of %d runs\n", load_ms, prepare_ms,
              times[times.size() / 2], times.front(), runs);
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
