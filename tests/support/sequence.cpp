#include "support/sequence.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace onepass::test {
namespace {

/// The number after "<key>=" in an .ini file.
double ini_number(const std::filesystem::path& file, const std::string& key) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(key + "=")) return std::stod(line.substr(key.size() + 1));
  }
  throw std::runtime_error(file.string() + ": no " + key);
}

}  // namespace

Sequence read_sequence(const std::filesystem::path& folder) {
  Sequence sequence;
  const auto info = folder / "seqinfo.ini";
  sequence.frame_rate = ini_number(info, "frameRate");
  sequence.size =
      cv::Size(static_cast<int>(ini_number(info, "imWidth")), static_cast<int>(ini_number(info, "imHeight")));
  sequence.frames.resize(static_cast<std::size_t>(ini_number(info, "seqLength")));
  std::ifstream lines(folder / "det/det.txt");
  if (!lines) throw std::runtime_error(folder.string() + ": no det/det.txt");
  for (std::string line; std::getline(lines, line);) {
    std::ranges::replace(line, ',', ' ');
    std::istringstream words(line);
    double frame = 0;
    double ignored_id = 0;
    Detection detection;
    auto& box = detection.box;
    if (words >> frame >> ignored_id >> box.left >> box.top >> box.width >> box.height >> detection.score) {
      sequence.frames.at(static_cast<std::size_t>(frame) - 1).push_back(detection);
    }
  }
  return sequence;
}

Frame frame_at(const Sequence& sequence, std::int64_t index) {
  Frame frame;
  frame.index = index;
  frame.time = Timestamp(static_cast<double>(index) / sequence.frame_rate);
  frame.size = sequence.size;
  return frame;
}

std::vector<std::vector<Track>> track_sequence(const Sequence& sequence, const TrackerConfig& config, int stride) {
  Tracker tracker(config, sequence.frame_rate);
  std::vector<std::vector<Track>> result;
  for (std::size_t i = 0; i < sequence.frames.size(); i += stride) {
    result.push_back(tracker.update(sequence.frames[i], frame_at(sequence, static_cast<std::int64_t>(i))));
  }
  return result;
}

}  // namespace onepass::test
