// Records the detections and embeddings of a sequence for tracker_table, once per stride from 1 to STRIDES (default 3),
// because the statistics of the embeddings depend on the frames that are seen.
//   record_detections MODEL IMGSZ SEQUENCE FOLDER [STRIDES]
#include <iostream>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "onepass/config.hpp"
#include "onepass/detector.hpp"
#include "recording.hpp"

int main(int count, char** words) try {
  if (count < 5 || count > 6)
    throw std::invalid_argument("usage: record_detections MODEL IMGSZ SEQUENCE FOLDER [STRIDES]");
  const int strides = count > 5 ? std::stoi(words[5]) : 3;
  onepass::Config config;
  apply_setting(config, "detector.imgsz", words[2]);
  apply_setting(config, "detector.classes", "[person]");
  const auto model = onepass::load_model(words[1], config.detector, config.embed);
  std::filesystem::create_directories(words[4]);
  for (int stride = 1; stride <= strides; ++stride) {
    onepass::SourceOptions options;
    options.stride = stride;
    const auto source = onepass::open_source(words[3], options);
    const auto detector = onepass::make_detector(model, config.detector);
    const auto path = std::filesystem::path(words[4]) / fmt::format("{}.s{}.bin", source->info().name, stride);
    std::ofstream file(path, std::ios::binary);
    while (const auto frame = source->next()) onepass::bench::write_frame(file, frame->index, detector->detect(*frame));
    if (!file.flush()) throw std::runtime_error(path.string() + ": cannot be written");
  }
} catch (const std::exception& error) {
  std::cerr << "record_detections: " << error.what() << "\n";
  return 1;
}
