#include "cli/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "core/printable.hpp"

namespace onepass::cli {
namespace {

constexpr auto interval = std::chrono::milliseconds(200);

std::string clock_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds + 0.5);
  return whole >= 3600 ? fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60)
                       : fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace

void print_line(const std::string& line) { fmt::print(stderr, "{}\n", printable(line)); }

void print_warning(const std::string& line) { print_line("onepass: warning: " + line); }

std::string errors_text(const DecodeErrors& errors) { return errors.total() > 0 ? ", " + to_text(errors) : ""; }

std::string shortened(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  const auto continues = [&](std::size_t i) { return (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U; };
  while (most > 0 && continues(most)) --most;
  return text.substr(0, most);
}

StatusLine::StatusLine() : on_terminal_(isatty(STDERR_FILENO) == 1), last_shown_(std::chrono::steady_clock::now()) {}

bool StatusLine::is_due() const { return on_terminal_ && std::chrono::steady_clock::now() - last_shown_ >= interval; }

void StatusLine::show(const std::string& text) {
  if (!on_terminal_) return;
  winsize terminal{};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &terminal) == 0 && terminal.ws_col > 1;
  // No character takes more columns than it has bytes, so this fits.
  const auto shown = printable(text);
  fmt::print(stderr, "\r\033[K{}", known ? shortened(shown, terminal.ws_col - 1U) : shown);
  std::fflush(stderr);
  shown_ = true;
  last_shown_ = std::chrono::steady_clock::now();
}

void StatusLine::clear() {
  if (shown_) fmt::print(stderr, "\r\033[K");
  shown_ = false;
}

ProgressLine::ProgressLine(std::string name, std::optional<std::int64_t> frame_count)
    : name_(std::move(name)), frame_count_(frame_count), start_(std::chrono::steady_clock::now()) {}

void ProgressLine::update(const RunStatistics& statistics) {
  if (!line_.is_due()) return;
  const double elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  const double rate = static_cast<double>(statistics.frames) / elapsed_s;
  std::string line = fmt::format("{}: {}", name_, statistics.frames);
  if (frame_count_) line += fmt::format("/{}", *frame_count_);
  line += fmt::format(" frames, {:.1f} fps", rate);
  if (frame_count_ && rate > 0) {
    const auto left = std::max<std::int64_t>(0, *frame_count_ - statistics.frames);
    line += fmt::format(", {} left", clock_text(static_cast<double>(left) / rate));
  }
  line_.show(fmt::format("{}, {} ids{}", line, statistics.identities, errors_text(statistics.errors)));
}

std::string summary_line(const std::string& name, const RunStatistics& statistics) {
  return fmt::format("{}: {} frames in {:.1f} s ({:.1f} fps), {} ids{}", printable(name), statistics.frames,
                     statistics.total_s, static_cast<double>(statistics.frames) / statistics.total_s,
                     statistics.identities, errors_text(statistics.errors));
}

std::string summary_table(const std::string& name, const RunStatistics& statistics) {
  const double frames = std::max<double>(1, static_cast<double>(statistics.frames));
  const double work_s =
      statistics.decode_s + statistics.detect_s + statistics.embed_s + statistics.track_s + statistics.write_s;
  auto table = summary_line(name, statistics) + "\n";
  const auto row = [&](const char* stage, double seconds) {
    table += fmt::format("  {:<8}{:>9.2f} ms/frame {:>5.1f} %\n", stage, 1000 * seconds / frames,
                         100 * seconds / std::max({statistics.total_s, work_s, 1e-9}));
  };
  row("decode", statistics.decode_s);
  row("detect", statistics.detect_s);
  row("embed", statistics.embed_s);
  row("track", statistics.track_s);
  row("write", statistics.write_s);
  constexpr double noticeable = 1.005;
  if (work_s > noticeable * statistics.total_s)
    table += fmt::format("  stages ran at the same time: {:.1f} s of work in {:.1f} s\n", work_s, statistics.total_s);
  return table;
}

}  // namespace onepass::cli
