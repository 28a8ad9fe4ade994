#include "batch/unit_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "core/printable.hpp"
#include "onepass/temporary_error.hpp"

namespace onepass::batch {
namespace {

/// Who has written the file: "process 123 on host".
std::string owner_in(int descriptor) {
  std::array<char, 200> text{};
  const auto count = ::pread(descriptor, text.data(), text.size(), 0);
  const auto owner = printable(std::string(text.data(), count > 0 ? static_cast<std::size_t>(count) : 0));
  return owner.empty() ? "another process" : owner;
}

std::string self() {
  std::array<char, 100> host{};
  ::gethostname(host.data(), host.size() - 1);
  return fmt::format("process {} on {}", ::getpid(), host.data());
}

}  // namespace

UnitLock::UnitLock(std::filesystem::path path) : path_(std::move(path)) {
  while (!take()) {
  }
}

/// Returns false if the file was removed while it was opened, so that the lock would be worth nothing.
bool UnitLock::take() {
  descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  was_begun_ = descriptor_ < 0 && errno == EEXIST;
  if (was_begun_) descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0)
    throw_system_error(
        errno, fmt::format("{}: cannot be written: {}", path_.string(), std::generic_category().message(errno)));
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    const auto owner = owner_in(descriptor_);
    ::close(std::exchange(descriptor_, -1));
    if (error == EWOULDBLOCK)
      throw TemporaryError(fmt::format("{}: this unit is being tracked by {}", path_.string(), owner));
    throw_system_error(error,
                       fmt::format("{}: cannot be locked: {}", path_.string(), std::generic_category().message(error)));
  }
  struct stat opened {
  }, named{};
  const bool same = ::fstat(descriptor_, &opened) == 0 && ::stat(path_.c_str(), &named) == 0 &&
                    opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
  if (!same) {
    ::close(std::exchange(descriptor_, -1));
    return false;
  }
  const auto owner = self();
  // A failure is no harm: the text is only for messages, and the lock holds without it.
  if (::ftruncate(descriptor_, 0) == 0) static_cast<void>(::pwrite(descriptor_, owner.data(), owner.size(), 0) > 0);
  return true;
}

UnitLock::~UnitLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void UnitLock::finish() {
  if (descriptor_ < 0) return;
  ::unlink(path_.c_str());  // before the lock ends, so that the next process makes a new file
  ::close(std::exchange(descriptor_, -1));
}

}  // namespace onepass::batch
