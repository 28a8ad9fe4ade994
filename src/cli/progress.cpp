#include "cli/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

namespace onepass {
namespace {

constexpr auto kInterval = std::chrono::milliseconds(200);

std::string clock_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds + 0.5);
  return whole >= 3600 ? fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60)
                       : fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace

void print_warning(const std::string& line) { fmt::print(stderr, "onepass: warning: {}\n", line); }

ProgressLine::ProgressLine(std::string name, std::optional<std::int64_t> frame_count)
    : name_(std::move(name)),
      frame_count_(frame_count),
      on_terminal_(isatty(STDERR_FILENO) == 1),
      start_(std::chrono::steady_clock::now()),
      last_update_(start_) {}

ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::update(const RunStatistics& statistics) {
  const auto now = std::chrono::steady_clock::now();
  if (!on_terminal_ || now - last_update_ < kInterval) return;
  last_update_ = now;
  shown_ = true;
  const double elapsed_s = std::chrono::duration<double>(now - start_).count();
  const double rate = static_cast<double>(statistics.frames) / elapsed_s;
  std::string line = fmt::format("{}: {}", name_, statistics.frames);
  if (frame_count_) line += fmt::format("/{}", *frame_count_);
  line += fmt::format(" frames, {:.1f} fps", rate);
  if (frame_count_ && rate > 0) {
    const auto left = std::max<std::int64_t>(0, *frame_count_ - statistics.frames);
    line += fmt::format(", {} to go", clock_text(static_cast<double>(left) / rate));
  }
  fmt::print(stderr, "\r\033[K{}, {} ids", line, statistics.identities);
  std::fflush(stderr);
}

void ProgressLine::clear() {
  if (shown_) fmt::print(stderr, "\r\033[K");
  shown_ = false;
}

std::string summary_line(const std::string& name, const RunStatistics& statistics) {
  return fmt::format("{}: {} frames in {:.1f} s ({:.1f} fps), {} ids\n", name, statistics.frames, statistics.total_s,
                     static_cast<double>(statistics.frames) / statistics.total_s, statistics.identities);
}

std::string summary_table(const std::string& name, const RunStatistics& statistics) {
  const double frames = std::max<double>(1, static_cast<double>(statistics.frames));
  auto table = summary_line(name, statistics);
  const auto row = [&](const char* stage, double seconds) {
    table += fmt::format("  {:<8}{:>9.2f} ms/frame {:>5.1f} %\n", stage, 1000 * seconds / frames,
                         100 * seconds / std::max(statistics.total_s, 1e-9));
  };
  row("decode", statistics.decode_s);
  row("detect", statistics.detect_s);
  row("embed", statistics.embed_s);
  row("track", statistics.track_s);
  row("write", statistics.write_s);
  return table;
}

}  // namespace onepass
