#include "onepass/stream_health.hpp"

namespace onepass {

const char* to_string(StreamState state) {
  switch (state) {
    case StreamState::connecting:
      return "connecting";
    case StreamState::streaming:
      return "streaming";
    case StreamState::stalled:
      return "stalled";
    case StreamState::reconnecting:
      return "reconnecting";
    case StreamState::ended:
      return "ended";
  }
  return "";
}

}  // namespace onepass
