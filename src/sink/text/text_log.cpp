#include "sink/text/text_log.hpp"

#include <stdexcept>
#include <system_error>
#include <utility>

namespace onepass::sink {

TextLog::TextLog(std::filesystem::path path, WarningHandler warn, std::string header)
    : path_(std::move(path)), warn_(std::move(warn)), header_(std::move(header)) {
  open();
}

void TextLog::open() {
  file_.emplace(path_, Overwrite::append);
  std::error_code not_a_file;
  header_due_ = !header_.empty() && std::filesystem::file_size(path_, not_a_file) == 0;
}

template <typename Action>
void TextLog::guarded(Action action) {
  try {
    action();
  } catch (const std::exception& error) {
    file_.reset();
    warn_(std::string(error.what()) + "; logging to it stops, tracking continues");
  }
}

void TextLog::write(std::string_view text) {
  if (!file_) return;
  guarded([&] {
    if (std::exchange(header_due_, false)) file_->write(header_);
    file_->write(text);
    file_->flush();
  });
}

void TextLog::reopen() {
  guarded([&] {
    file_.reset();
    open();
  });
}

}  // namespace onepass::sink
