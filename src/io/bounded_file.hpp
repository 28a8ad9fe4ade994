// Provides a file reader that checks every range against the file's size before it reads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>

namespace onepass::io {

class BoundedFile {
 public:
  /// @param complaint message of the exceptions that read() throws.
  BoundedFile(const std::filesystem::path& path, std::string complaint)
      : stream_(path, std::ios::binary), size_(std::filesystem::file_size(path)), complaint_(std::move(complaint)) {}

  std::uint64_t size() const { return size_; }

  /// @throws std::runtime_error if the range exceeds the file, before any memory is allocated, or if reading fails.
  std::string read(std::uint64_t offset, std::uint64_t count) {
    if (offset > size_ || size_ - offset < count) throw std::runtime_error(complaint_);
    std::string bytes(count, '\0');
    stream_.seekg(static_cast<std::streamoff>(offset));
    if (!stream_.read(bytes.data(), static_cast<std::streamsize>(count))) throw std::runtime_error(complaint_);
    return bytes;
  }

 private:
  std::ifstream stream_;
  std::uint64_t size_;
  std::string complaint_;
};

}  // namespace onepass::io
