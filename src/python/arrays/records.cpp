#include "python/arrays/records.hpp"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "eval/benchmark/label_file.hpp"
#include "python/arrays/checked_array.hpp"

namespace py = pybind11;

namespace onepass::python {
namespace {

/// Memory layout of a track record in NumPy; text is UCS-4, padded with zeros.
struct TrackRecord {
  std::int64_t id;
  float box[4];
  std::int32_t class_id;
  float score;
  char32_t state[9];
  char32_t origin[12];
  std::int32_t detection;
};

template <std::size_t size>
void write_text(char32_t (&field)[size], std::string_view text) {
  std::fill(std::begin(field), std::end(field), U'\0');
  std::copy_n(text.begin(), std::min(text.size(), size), field);
}

TrackRecord to_record(const Track& track) {
  TrackRecord record{track.id,
                     {track.box.left, track.box.top, track.box.width, track.box.height},
                     track.class_id,
                     track.score,
                     {},
                     {},
                     track.detection};
  write_text(record.state, to_string(track.state));
  write_text(record.origin, to_string(track.origin));
  return record;
}

/// Returns the first value with this name; `otherwise` if none has it.
template <typename Value, std::size_t size>
Value named(const char32_t (&field)[size], std::initializer_list<Value> values, Value otherwise) {
  for (const auto value : values) {
    char32_t text[size];
    write_text(text, to_string(value));
    if (std::equal(std::begin(text), std::end(text), std::begin(field))) return value;
  }
  return otherwise;
}

Track to_track(const TrackRecord& record) {
  Track track;
  track.id = record.id;
  track.state = named(record.state, {TrackState::tentative, TrackState::lost}, TrackState::confirmed);
  track.box = {record.box[0], record.box[1], record.box[2], record.box[3]};
  track.class_id = record.class_id;
  track.score = record.score;
  track.origin = named(record.origin, {BoxOrigin::predicted, BoxOrigin::interpolated}, BoxOrigin::detected);
  track.detection = record.detection;
  return track;
}

/// Checks that these are track records; returns them contiguous.
py::array require_records(const py::array& tracks) {
  if (!tracks.dtype().equal(track_record_type()) || tracks.ndim() != 1)
    throw py::value_error("tracks: expected what Tracker.update returns, got " + described(tracks));
  return py::array::ensure(tracks, py::array::c_style);
}

}  // namespace

py::dtype track_record_type() {
  py::list names, formats, offsets;
  const auto add = [&](const char* name, py::object format, std::size_t offset) {
    names.append(name);
    formats.append(std::move(format));
    offsets.append(offset);
  };
  add("id", py::str("i8"), offsetof(TrackRecord, id));
  add("box", py::make_tuple("f4", 4), offsetof(TrackRecord, box));
  add("class_id", py::str("i4"), offsetof(TrackRecord, class_id));
  add("score", py::str("f4"), offsetof(TrackRecord, score));
  add("state", py::str("U9"), offsetof(TrackRecord, state));
  add("origin", py::str("U12"), offsetof(TrackRecord, origin));
  add("detection", py::str("i4"), offsetof(TrackRecord, detection));
  return py::dtype(names, formats, offsets, sizeof(TrackRecord));
}

py::array to_records(const std::vector<Track>& tracks) {
  std::vector<TrackRecord> records;
  for (const auto& track : tracks) records.push_back(to_record(track));
  return py::array(track_record_type(), records.size(), records.data());
}

std::vector<Track> to_tracks(const py::array& given) {
  const auto contiguous = require_records(given);
  const auto* records = static_cast<const TrackRecord*>(contiguous.data());
  std::vector<Track> tracks;
  for (py::ssize_t i = 0; i < contiguous.shape(0); ++i) tracks.push_back(to_track(records[i]));
  return tracks;
}

py::array_t<double> to_rows(std::int64_t frame, const py::array& tracks) {
  if (frame < 0 || frame >= eval::longest_sequence)
    throw py::value_error(fmt::format("frame: {} is not in 0 to {}", frame, eval::longest_sequence - 1));
  const auto contiguous = require_records(tracks);
  const auto* records = static_cast<const TrackRecord*>(contiguous.data());
  constexpr py::ssize_t columns = 10;
  py::array_t<double> rows({contiguous.shape(0), columns});
  for (py::ssize_t i = 0; i < contiguous.shape(0); ++i) {
    const auto& track = records[i];
    const double row[columns] = {static_cast<double>(frame + 1),
                                 static_cast<double>(track.id),
                                 track.box[0],
                                 track.box[1],
                                 track.box[2],
                                 track.box[3],
                                 track.score,
                                 -1,
                                 -1,
                                 -1};
    std::copy_n(row, columns, rows.mutable_data(i, 0));
  }
  return rows;
}

}  // namespace onepass::python
