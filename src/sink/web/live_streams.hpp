// The two answers that have no end: pictures as they are drawn, and tracks as they are written.
#pragma once

#include <memory>
#include <vector>

#include "sink/web/httplib.hpp"
#include "sink/web/hub.hpp"

namespace onepass {

/// Answers with the newest picture of each of these cameras, again and again, as multipart JPEG. The header X-Camera of
/// each part says which one it is. A camera that has no new picture for a second is sent again, so that both sides know
/// the other is there.
/// @param cameras numbers in Hub::cameras; empty: all, also those that come later
/// @param place kept for as long as somebody watches
void stream_pictures(httplib::Response& response, std::shared_ptr<Hub> hub, std::vector<std::size_t> cameras,
                     std::shared_ptr<Place> place);

/// Answers with the lines of the hub as server-sent events; a reader who is too slow gets an event "skipped" with the
/// number of lines left out.
void stream_lines(httplib::Response& response, std::shared_ptr<Hub> hub, std::shared_ptr<Place> place);

}  // namespace onepass
