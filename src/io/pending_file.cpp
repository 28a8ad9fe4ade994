#include "io/pending_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "io/disk.hpp"
#include "onepass/setting_error.hpp"
#include "onepass/temporary_error.hpp"

namespace onepass::io {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, const std::string& what) {
  throw std::runtime_error(path.string() + ": " + what);
}

void create(const fs::path& part, const fs::path& path, Overwrite overwrite) {
  const int emptied = overwrite == Overwrite::append ? 0 : O_TRUNC;
  const int descriptor = ::open(part.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | emptied, 0666);
  if (descriptor < 0)
    throw_system_error(errno,
                       fmt::format("{}: cannot be written: {}", path.string(), std::generic_category().message(errno)));
  ::close(descriptor);
}

}  // namespace

bool is_written_directly(const fs::path& path) {
  std::error_code ignored;
  return path == "-" || fs::is_other(fs::status(path, ignored));
}

PendingFile::PendingFile(fs::path path, fs::path part, Overwrite overwrite, SpecialFiles special_files)
    : path_(std::move(path)), part_(std::move(part)), overwrite_(overwrite) {
  std::error_code ignored;  // a failure to read the status shows again when the file is created
  const auto status = fs::status(path_, ignored);
  if (fs::is_directory(status) || !path_.has_filename()) fail(path_, "is a folder; give the name of a file in it");
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    if (special_files == SpecialFiles::refuse) fail(path_, "is not a regular file");
    part_ = path_;
    return;
  }
  if (fs::exists(status) && overwrite_ == Overwrite::refuse)
    throw SettingError("overwrite", path_.string() + ": already exists");
  const auto folder = path_.parent_path();
  if (!folder.empty() && fs::status(folder, ignored).type() == fs::file_type::not_found)
    fail(path_, fmt::format("the folder {} does not exist", folder.string()));
  if (overwrite_ == Overwrite::append) part_ = path_;
  create(part_, path_, overwrite_);
}

void PendingFile::commit() const {
  if (part_ == path_) return;
  std::error_code error;
  if (overwrite_ == Overwrite::refuse && fs::exists(path_, error))
    fail(path_, "another program has created this file in the meantime; the result is in " + part_.string());
  error = rename_durably(part_, path_);
  if (error)
    fail(path_, fmt::format("cannot rename the part file: {}; the result is in {}", error.message(), part_.string()));
}

void PendingFile::discard() const {
  if (part_ == path_) return;
  std::error_code ignored;
  fs::remove(part_, ignored);
}

}  // namespace onepass::io
