#include "onepass/temporary_error.hpp"

#include <algorithm>
#include <cerrno>

namespace onepass {

bool is_temporary(int error_number) {
  constexpr int of_storage[] = {ENOSPC, EDQUOT, EIO, ESTALE, EAGAIN, EBUSY, EMFILE, ENFILE, ENOMEM, ENOLCK};
  constexpr int of_network[] = {ETIMEDOUT, ECONNREFUSED, ECONNRESET,  ECONNABORTED, EHOSTUNREACH,
                                EHOSTDOWN, ENETDOWN,     ENETUNREACH, ENETRESET,    EREMOTEIO};
  return std::ranges::find(of_storage, error_number) != std::end(of_storage) ||
         std::ranges::find(of_network, error_number) != std::end(of_network);
}

void throw_system_error(int error_number, const std::string& message) {
  if (is_temporary(error_number)) throw TemporaryError(message);
  throw std::runtime_error(message);
}

}  // namespace onepass
