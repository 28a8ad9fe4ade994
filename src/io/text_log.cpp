#include "io/text_log.hpp"

#include <stdexcept>
#include <utility>

namespace onepass::io {

TextLog::TextLog(std::filesystem::path path, WarningHandler warn) : path_(std::move(path)), warn_(std::move(warn)) {
  file_.emplace(path_, Overwrite::append);
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
    file_->write(text);
    file_->flush();
  });
}

void TextLog::reopen() {
  guarded([&] {
    file_.reset();
    file_.emplace(path_, Overwrite::append);
  });
}

}  // namespace onepass::io
