// Unpacks records of zip files.
#pragma once

#include <string>

#include "io/bounded_file.hpp"
#include "io/zip/zip_directory.hpp"

namespace onepass::io {

/// The unpacked bytes of an entry, which is stored or deflated.
/// @throws std::runtime_error, beginning with the name of the entry, if it lies outside the file, is packed in another
///         way, or does not have the size and the checksum of the directory.
std::string read_record(BoundedFile& file, const ZipEntry& entry);

}  // namespace onepass::io
