#include "io/line_reader.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include <fmt/format.h>

namespace onepass::io {
namespace {

constexpr std::size_t buffer_size = 1 << 16;

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

LineReader::LineReader(const std::filesystem::path& path) : path_(path), buffer_(buffer_size) {
  if (std::filesystem::is_directory(path))
    throw std::runtime_error(fmt::format("{}: is a folder, expected a text file", path.string()));
  file_.reset(std::fopen(path.c_str(), "rb"));
  if (!file_) throw std::runtime_error(fmt::format("{}: cannot open: {}", path.string(), std::strerror(errno)));
}

void LineReader::refill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  const auto count = std::fread(buffer_.data() + end_, 1, buffer_.size() - end_, file_.get());
  if (count == 0 && std::ferror(file_.get()))
    throw std::runtime_error(fmt::format("{}: cannot read: {}", path_.string(), std::strerror(errno)));
  at_end_ = count == 0;
  end_ += count;
}

bool LineReader::next(std::string_view& line) {
  const char* newline = nullptr;
  while (true) {
    const auto length = std::min(end_ - begin_, maximum_length + 1);
    newline = static_cast<const char*>(std::memchr(buffer_.data() + begin_, '\n', length));
    if (newline || at_end_ || length > maximum_length) break;
    refill();
  }
  ++line_number_;
  if (!newline && end_ - begin_ > maximum_length)
    throw std::runtime_error(
        fmt::format("{}:{}: line longer than {} bytes", path_.string(), line_number_, maximum_length));
  if (!newline && begin_ == end_) return false;
  const char* start = buffer_.data() + begin_;
  const char* stop = newline ? newline : buffer_.data() + end_;
  line = std::string_view(start, static_cast<std::size_t>(stop - start));
  begin_ += line.size() + (newline ? 1 : 0);
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line_number_ == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  return true;
}

}  // namespace onepass::io
