#include "sink/web/hub.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace onepass::sink {
namespace {

constexpr std::size_t kept_lines = 256;  // limits how far a slow reader can fall behind

}  // namespace

std::shared_ptr<CameraPage> Hub::add(const StreamInfo& stream, const WebIdentities& identities) {
  const std::lock_guard lock(mutex_);
  auto named = stream;
  auto& name = named.source.name;
  const auto taken = [&] {
    return std::ranges::any_of(cameras_, [&](const auto& other) { return other->name() == name; });
  };
  for (int number = 2; taken(); ++number) name = fmt::format("{}-{}", stream.source.name, number);
  cameras_.push_back(std::make_shared<CameraPage>(std::move(named), limits_, identities));
  return cameras_.back();
}

std::vector<std::shared_ptr<CameraPage>> Hub::cameras() const {
  const std::lock_guard lock(mutex_);
  return cameras_;
}

void Hub::add_line(std::string line) {
  const std::lock_guard lock(mutex_);
  lines_.push_back(std::make_shared<const std::string>(std::move(line)));
  if (lines_.size() > kept_lines) lines_.pop_front();
  ++next_line_;
}

LinesSince Hub::lines_since(std::int64_t from) const {
  const std::lock_guard lock(mutex_);
  const auto oldest = next_line_ - static_cast<std::int64_t>(lines_.size());
  LinesSince result;
  result.skipped = std::max<std::int64_t>(0, oldest - from);
  result.lines.assign(lines_.begin() + (std::max(from, oldest) - oldest), lines_.end());
  result.next = next_line_;
  return result;
}

std::int64_t Hub::next_line() const {
  const std::lock_guard lock(mutex_);
  return next_line_;
}

void Hub::notify() {
  {
    const std::lock_guard lock(mutex_);
    ++updates_;
  }
  changed_.notify_all();
}

std::int64_t Hub::updates() const {
  const std::lock_guard lock(mutex_);
  return updates_;
}

std::int64_t Hub::wait_for_update(std::int64_t seen, std::chrono::milliseconds longest) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, longest, [&] { return updates_ > seen || stopping_; });
  return updates_;
}

void Hub::wait_for_stop(std::chrono::milliseconds longest) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, longest, [&] { return stopping_.load(); });
}

void Hub::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

}  // namespace onepass::sink
