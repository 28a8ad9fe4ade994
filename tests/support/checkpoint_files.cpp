#include "support/checkpoint_files.hpp"

#include <caffe2/serialize/inline_container.h>

namespace onepass::test {

Records read_records(const std::filesystem::path& path) {
  caffe2::serialize::PyTorchStreamReader reader(path.string());
  Records records;
  for (const auto& name : reader.getAllRecords()) {
    const auto [data, size] = reader.getRecord(name);
    records[name] = std::string(static_cast<const char*>(data.get()), size);
  }
  return records;
}

void write_records(const std::filesystem::path& path, const Records& records) {
  caffe2::serialize::PyTorchStreamWriter writer(path.string());
  for (const auto& [name, bytes] : records)
    if (name != "version") writer.writeRecord(name, bytes.data(), bytes.size());  // the writer adds its own
  writer.writeEndOfFile();
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

}  // namespace onepass::test
