// Benchmarks the web page: CPU time per frame that the tracking thread spends on it, and CPU load of the whole process,
// with zero, one and four viewers, and with an additional viewer that does not read.
// Usage: web_viewers [FRAMES]   (1280x720 with 30 objects, 30 frames per second; default 300 frames per case)
#include <poll.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <thread>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "onepass/web_server.hpp"
#include "sink/web/http/httplib.hpp"

namespace {

using namespace onepass;

enum class Habit { watches, hangs };

double milliseconds(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

void watch(int port, Habit habit, const std::atomic<bool>& stop) {
  httplib::Client client("127.0.0.1", port);
  client.set_read_timeout(60);
  client.Get("/view.mjpg", [&](const char*, std::size_t) {
    while (habit == Habit::hangs && !stop) ::poll(nullptr, 0, 50);
    return !stop;
  });
}

/// Thirty walking people, of whom three get new ids every three seconds.
std::vector<Track> people(std::int64_t index) {
  std::vector<Track> tracks(30);
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const auto place = static_cast<float>((static_cast<std::int64_t>(i) * 41 + index * 2) % 1200);
    tracks[i].id = static_cast<std::int64_t>(i) + 1 + index / 90 * 3;
    tracks[i].box = {place, 50 + 15 * static_cast<float>(i), 60, 160};
    tracks[i].score = 0.8F;
  }
  return tracks;
}

void measure(const char* name, TrackSink& sink, const cv::Mat& image, std::int64_t& index, int frames) {
  std::vector<double> each;
  const double wall = milliseconds(CLOCK_MONOTONIC);
  const double process = milliseconds(CLOCK_PROCESS_CPUTIME_ID);
  for (int i = 0; i < frames; ++i, ++index) {
    const Frame frame{index, Timestamp(static_cast<double>(index) / 30), image.size(), image, {}};
    const auto tracks = people(index);
    const double start = milliseconds(CLOCK_THREAD_CPUTIME_ID);
    sink.write(frame, tracks);
    each.push_back(milliseconds(CLOCK_THREAD_CPUTIME_ID) - start);
    ::poll(nullptr, 0, 33);
  }
  const double share = (milliseconds(CLOCK_PROCESS_CPUTIME_ID) - process) / (milliseconds(CLOCK_MONOTONIC) - wall);
  std::ranges::sort(each);
  const auto last = static_cast<double>(each.size() - 1);
  std::printf("%-26s write: mean %.3f ms, median %.3f ms, 99 %% %.3f ms; process: %.1f %% of a core\n", name,
              std::accumulate(each.begin(), each.end(), 0.0) / static_cast<double>(each.size()),
              each[static_cast<std::size_t>(last * 0.5)], each[static_cast<std::size_t>(last * 0.99)], 100 * share);
}

}  // namespace

int main(int count, char** arguments) {
  const int frames = std::max(count > 1 ? std::atoi(arguments[1]) : 300, 1);
  cv::Mat image(720, 1280, CV_8UC3);
  cv::randu(image, 0, 255);
  cv::GaussianBlur(image, image, {9, 9}, 0);
  WebOptions options;
  options.address.port = 0;
  WebServer server(options);
  const auto sink = make_web_sink(server, {});
  std::atomic<bool> stop = false;
  std::vector<std::thread> viewers;
  const auto add = [&](Habit habit) { viewers.emplace_back([&, habit] { watch(server.port(), habit, stop); }); };
  std::int64_t index = 0;
  measure("no viewer", *sink, image, index, frames);
  add(Habit::watches);
  measure("one viewer", *sink, image, index, frames);
  for (int i = 0; i < 3; ++i) add(Habit::watches);
  measure("four viewers", *sink, image, index, frames);
  add(Habit::hangs);
  measure("and one that does not read", *sink, image, index, frames);
  stop = true;
  for (auto& viewer : viewers) viewer.join();
}
