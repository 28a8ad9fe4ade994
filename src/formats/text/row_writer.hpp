// Writes formats with one row per object, frame by frame.
#pragma once

#include <string>

#include "formats/format.hpp"
#include "io/output_file.hpp"

namespace onepass::formats {

class RowWriter : public Writer {
 public:
  /// Returns the rows of a frame, each with its newline.
  using Rows = std::string (*)(const LabeledFrame& frame, const Header& header);

  RowWriter(const std::filesystem::path& path, Overwrite overwrite, Header header, Rows rows)
      : file_(path, overwrite), header_(std::move(header)), rows_(rows) {}

  void write(const LabeledFrame& frame) override {
    file_.write(rows_(frame, header_));
    file_.flush();  // a crash loses nothing of the frame
  }

  void close() override { file_.close(); }

 private:
  io::OutputFile file_;
  Header header_;
  Rows rows_;
};

}  // namespace onepass::formats
