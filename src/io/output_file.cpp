#include "io/output_file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "onepass/temporary_error.hpp"

namespace onepass::io {
namespace {

/// Blocks SIGPIPE in this thread for the lifetime of the object, so that a write to a closed pipe fails with EPIPE
/// instead of silently ending the program. (Ignoring the signal would affect the whole process, which may belong to a
/// user of the library.)
class PipeSignalHeld {
 public:
  PipeSignalHeld() {
    sigemptyset(&pipe_signal_);
    sigaddset(&pipe_signal_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    pending_before_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_signal_, &mask_before_);
  }
  ~PipeSignalHeld() {
    const timespec at_once{};
    if (!pending_before_) sigtimedwait(&pipe_signal_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
  }
  PipeSignalHeld(const PipeSignalHeld&) = delete;
  PipeSignalHeld& operator=(const PipeSignalHeld&) = delete;

 private:
  sigset_t pipe_signal_{};
  sigset_t mask_before_{};
  bool pending_before_ = false;
};

/// Writes all bytes; returns 0 or the error number.
int write_all(int descriptor, std::string_view bytes) {
  const PipeSignalHeld held;
  while (!bytes.empty()) {
    const auto count = ::write(descriptor, bytes.data(), bytes.size());
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {  // another process has made the terminal or pipe non-blocking
      pollfd writable{descriptor, POLLOUT, 0};
      ::poll(&writable, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

/// Whether the file has no name any more, so that whatever is written to it is lost.
bool is_removed(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink == 0;
}

}  // namespace

OutputFile::OutputFile() : descriptor_(STDOUT_FILENO) {}

OutputFile::OutputFile(const std::filesystem::path& path, Overwrite overwrite)
    : file_(std::in_place, path, path.string() + ".part", overwrite, SpecialFiles::allow) {
  const int position = overwrite == Overwrite::append ? O_APPEND : O_TRUNC;
  descriptor_ = ::open(file_->part().c_str(), O_WRONLY | O_CLOEXEC | position);
  if (descriptor_ < 0) fail(errno);
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : file_(std::move(other.file_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      failed_(other.failed_),
      touched_(other.touched_),
      buffer_(std::move(other.buffer_)) {}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0 && file_ && !touched_) {  // a run that failed before its first frame replaces no file
    ::close(descriptor_);
    file_->discard();
    return;
  }
  try {
    close();
  } catch (const std::exception&) {  // documented for sinks: errors are lost without close()
  }
}

void OutputFile::write(std::string_view text) {
  constexpr std::size_t enough = 64 * 1024;
  touched_ = true;
  buffer_ += text;
  if (buffer_.size() >= enough) flush();
}

void OutputFile::flush() {
  if (failed_ || descriptor_ < 0 || buffer_.empty()) return;
  int error_number = write_all(descriptor_, buffer_);
  if (error_number == 0 && is_removed(descriptor_)) error_number = ENOENT;  // nothing else would ever report it
  buffer_.clear();
  if (error_number != 0) fail(error_number);
}

void OutputFile::close() {
  if (descriptor_ < 0) return;
  flush();
  const int descriptor = std::exchange(descriptor_, -1);
  if (!file_) return;
  if (::close(descriptor) != 0 && !failed_) fail(errno);  // network file systems report a full disk here
  if (!failed_) file_->commit();
}

void OutputFile::fail(int error_number) {
  failed_ = true;
  const auto reason = error_number == ENOENT ? "it has been removed" : std::generic_category().message(error_number);
  if (error_number == EPIPE) {
    throw std::runtime_error((file_ ? file_->path().string() : "standard output") +
                             ": the reader has closed the output (broken pipe)");
  }
  if (!file_) throw_system_error(error_number, "standard output: cannot be written: " + reason);
  if (file_->part() == file_->path() || error_number == ENOENT)
    throw_system_error(error_number, fmt::format("{}: cannot be written: {}", file_->path().string(), reason));
  throw_system_error(error_number, fmt::format("{}: cannot be written: {} (partial output is in {})",
                                               file_->path().string(), reason, file_->part().string()));
}

}  // namespace onepass::io
