// Tracks twenty people for a million frames and checks that time per frame and memory stay constant.
// Usage: soak [FRAMES]   (default 1000000). Exit code 1 if the last tenth needs over 5 % more time or memory than the
// first.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <numeric>

#include "crowd.hpp"
#include "onepass/tracker.hpp"

namespace {

/// Resident memory of this process in MiB.
double resident_mib() {
  std::ifstream file("/proc/self/statm");
  double total = 0;
  double resident = 0;
  file >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1024 * 1024);
}

struct Tenth {
  double median_us = 0;  ///< time of one update
  double memory_mib = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t frames = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
  if (frames < 1000) {
    std::cerr << "soak: FRAMES must be at least 1000\n";
    return 2;
  }
  onepass::bench::Crowd crowd(20, 64);
  onepass::Tracker tracker({}, 30);
  std::array<Tenth, 10> tenths;
  std::vector<float> times_us;
  times_us.reserve(frames / 10 + 1);
  std::int64_t index = 0;
  for (std::size_t tenth = 0; tenth < tenths.size(); ++tenth) {
    times_us.clear();
    for (const auto end = frames * static_cast<std::int64_t>(tenth + 1) / 10; index < end; ++index) {
      const auto detections = crowd.next();
      onepass::Frame frame;
      frame.index = index;
      frame.time = onepass::Timestamp(static_cast<double>(index) / 30);
      frame.size = crowd.size();
      const auto start = std::chrono::steady_clock::now();
      const auto tracks = tracker.update(detections, frame);
      times_us.push_back(std::chrono::duration<float, std::micro>(std::chrono::steady_clock::now() - start).count());
    }
    std::ranges::nth_element(times_us, times_us.begin() + static_cast<std::ptrdiff_t>(times_us.size() / 2));
    tenths[tenth] = {times_us[times_us.size() / 2], resident_mib()};
    std::cout << "tenth " << tenth + 1 << ": " << tenths[tenth].median_us << " us per frame, "
              << tenths[tenth].memory_mib << " MiB, " << tracker.identity_count() << " ids\n";
  }
  const double more_time = tenths.back().median_us / tenths.front().median_us - 1;
  const double more_memory = tenths.back().memory_mib / tenths.front().memory_mib - 1;
  std::cout << "last against first tenth: time " << 100 * more_time << " %, memory " << 100 * more_memory << " %\n";
  return more_time > 0.05 || more_memory > 0.05 ? 1 : 0;
}
