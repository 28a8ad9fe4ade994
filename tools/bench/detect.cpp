// Benchmarks Detector::detect() of the library on one image: prints the median time in milliseconds.
//   detect_benchmark MODEL IMAGE [RUNS] [THREADS] [EXECUTOR]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include "onepass/config.hpp"
#include "onepass/detector.hpp"

int main(int count, char** words) try {
  if (count < 3) throw std::invalid_argument("usage: detect_benchmark MODEL IMAGE [RUNS] [THREADS] [EXECUTOR]");
  const int runs = count > 3 ? std::stoi(words[3]) : 30;
  onepass::Config config;
  if (count > 4) apply_setting(config, "detector.threads", words[4]);
  if (count > 5) apply_setting(config, "detector.executor", words[5]);
  const auto source = onepass::open_source(words[2]);
  auto frame = source->next();
  if (!frame) throw std::runtime_error(std::string(words[2]) + ": has no image");
  const auto model = onepass::load_model(words[1], config.detector, config.embed);
  const auto detector = onepass::make_detector(model, config.detector);
  std::vector<double> times_ms;
  for (int i = 0; i <= runs; ++i, ++frame->index) {
    const auto start = std::chrono::steady_clock::now();
    detector->detect(*frame);
    times_ms.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  times_ms.erase(times_ms.begin());  // the first pass prepares the network for the image's size
  std::ranges::sort(times_ms);
  std::printf("%.2f\n", times_ms[times_ms.size() / 2]);
} catch (const std::exception& error) {
  std::fprintf(stderr, "detect_benchmark: %s\n", error.what());
  return 1;
}
