#include "cli/batch/batch_progress.hpp"

#include <fmt/format.h>

namespace onepass::cli {

void BatchProgress::update(std::size_t unit, const RunStatistics& statistics) {
  const std::lock_guard lock(mutex_);
  auto& frames = frames_[unit];
  total_frames_ += statistics.frames - frames;
  frames = statistics.frames;
  if (!line_.is_due()) return;
  const double elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  auto text = fmt::format("{} of {} units, {} frames, {:.1f} fps", ended_, units_, total_frames_,
                          static_cast<double>(total_frames_) / elapsed_s);
  if (ended_ > 0) {
    const double left_s = elapsed_s * static_cast<double>(units_ - ended_) / static_cast<double>(ended_);
    text += fmt::format(", about {:.0f} min left", left_s / 60);
  }
  line_.show(text);
}

void BatchProgress::end(const std::string& line) {
  const std::lock_guard lock(mutex_);
  ++ended_;
  line_.clear();
  if (!line.empty()) print_line(line);
}

void BatchProgress::say(const std::string& line) {
  const std::lock_guard lock(mutex_);
  line_.clear();
  print_line(line);
}

}  // namespace onepass::cli
