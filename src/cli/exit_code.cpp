#include "cli/exit_code.hpp"

#include <new>
#include <stdexcept>

#include <fmt/format.h>

#include "cli/errors.hpp"
#include "onepass/temporary_error.hpp"

namespace onepass::cli {

int exit_code_of(const std::exception& error) {
  if (dynamic_cast<const UsageError*>(&error)) return 2;
  if (dynamic_cast<const Interrupted*>(&error)) return 130;
  if (const auto* reported = dynamic_cast<const AlreadyReported*>(&error)) return reported->exit_code;
  const bool temporary = dynamic_cast<const TemporaryError*>(&error) || dynamic_cast<const std::bad_alloc*>(&error);
  return temporary ? exit_temporary : 1;
}

void Failures::add(const std::string& source, int exit_code, const std::string& message) {
  sources_.insert(source);
  lines_.push_back(message);
  all_temporary_ = all_temporary_ && exit_code == exit_temporary;
}

void Failures::rethrow(std::size_t count, const std::string& noun, const std::string& advice) const {
  if (lines_.empty()) return;
  const bool single = count <= 1;  // its message has told that it failed
  if (single && !all_temporary_) throw AlreadyReported(1);
  if (single) throw TemporaryError(advice);
  const auto message = fmt::format("{} of {} {}s failed", lines_.size(), count, noun);
  if (!all_temporary_) throw std::runtime_error(message);
  throw TemporaryError(message + "; " + advice);
}

}  // namespace onepass::cli
