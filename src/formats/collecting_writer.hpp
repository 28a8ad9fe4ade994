// Collects frames for formats whose files can only be written as a whole.
#pragma once

#include <exception>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "formats/format.hpp"
#include "io/output_file.hpp"

namespace onepass::formats {

/// A frame without its objects.
struct FrameFacts {
  std::int64_t number = 1;
  cv::Size size{};
};

/// A format derives from it and writes everything in finish().
class CollectingWriter : public Writer {
 public:
  CollectingWriter(const std::filesystem::path& path, Overwrite overwrite, Header header)
      : header_(std::move(header)), file_(path, overwrite) {}

  void write(const LabeledFrame& frame) override {
    frames_.push_back({frame.number, frame.size});
    objects_.insert(objects_.end(), frame.objects.begin(), frame.objects.end());
    for (auto i = objects_.size() - frame.objects.size(); i < objects_.size(); ++i) objects_[i].frame = frame.number;
  }

  void close() override {
    if (std::exchange(closed_, true)) return;
    finish(file_);
    file_.close();
  }

 protected:
  /// For destructors of derived classes.
  void close_quietly() noexcept {
    try {
      if (!frames_.empty()) close();
    } catch (const std::exception&) {  // documented for writers: errors are lost without close()
    }
  }

  virtual void finish(io::OutputFile& file) = 0;

  /// Size of the first frame that has one.
  cv::Size size() const {
    for (const auto& frame : frames_) {
      if (!frame.size.empty()) return frame.size;
    }
    return {};
  }

  Header header_;
  std::vector<FrameFacts> frames_;
  std::vector<Annotation> objects_;

 private:
  io::OutputFile file_;
  bool closed_ = false;
};

/// The objects by id, each list in order of frames; objects without an id and crowds, whose
/// ids may repeat, become lists of one.
std::vector<std::vector<const Annotation*>> by_identity(const std::vector<Annotation>& objects);

}  // namespace onepass::formats
