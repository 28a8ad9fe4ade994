#include "cli/exit_code.hpp"

#include <new>

#include "cli/errors.hpp"
#include "onepass/temporary_error.hpp"

namespace onepass::cli {

int exit_code_of(const std::exception& error) {
  if (dynamic_cast<const UsageError*>(&error)) return 2;
  if (dynamic_cast<const Interrupted*>(&error)) return 130;
  const bool temporary = dynamic_cast<const TemporaryError*>(&error) || dynamic_cast<const std::bad_alloc*>(&error);
  return temporary ? exit_temporary : 1;
}

}  // namespace onepass::cli
