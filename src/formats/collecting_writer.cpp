#include "formats/collecting_writer.hpp"

#include <map>

namespace onepass::formats {

std::vector<std::vector<const Annotation*>> by_identity(const std::vector<Annotation>& objects) {
  std::map<std::int64_t, std::vector<const Annotation*>> identified;
  std::vector<std::vector<const Annotation*>> tracks;
  for (const auto& object : objects) {
    if (object.id >= 0 && !object.crowd) identified[object.id].push_back(&object);
  }
  for (auto& [_, track] : identified) tracks.push_back(std::move(track));
  for (const auto& object : objects) {
    if (object.id < 0 || object.crowd) tracks.push_back({&object});
  }
  return tracks;
}

}  // namespace onepass::formats
