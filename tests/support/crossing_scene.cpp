#include "support/crossing_scene.hpp"

#include <stdexcept>
#include <string>

namespace onepass::test {

std::filesystem::path write_crossing(const TemporaryFolder& folder, int frames) {
  const auto original = std::filesystem::path(ONEPASS_SOURCE_DIR) / "data/crossing";
  const auto copy = folder / "crossing";
  std::filesystem::copy(original, copy, std::filesystem::copy_options::recursive);
  auto info = read_file(copy / "seqinfo.ini");
  const std::string length = "seqLength=100";
  const auto at = info.find(length);
  if (at == std::string::npos) throw std::runtime_error("data/crossing has another length than its tests expect");
  info.replace(at, length.size(), "seqLength=" + std::to_string(frames));
  folder.write("crossing/seqinfo.ini", info);
  return copy;
}

}  // namespace onepass::test
