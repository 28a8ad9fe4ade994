// Provides the two endless answers of the web server: pictures as they are drawn, and tracks as they are written.
#pragma once

#include <memory>
#include <vector>

#include "sink/web/http/httplib.hpp"
#include "sink/web/hub.hpp"

namespace onepass::sink {

/// Answers with the newest pictures of these cameras as multipart JPEG, without end. The header X-Camera of each part
/// contains the number of the camera. If a camera has no new picture for a second, its last one is sent again, so that
/// each side notices a lost connection.
/// @param cameras numbers in Hub::cameras; empty: all, including cameras added later
/// @param slot kept until the answer ends
void stream_pictures(httplib::Response& response, std::shared_ptr<Hub> hub, std::vector<std::size_t> cameras,
                     std::shared_ptr<ViewerSlot> slot);

/// Answers with the lines of the hub as server-sent events. A reader that is too slow gets an event "skipped" with the
/// number of skipped lines.
void stream_lines(httplib::Response& response, std::shared_ptr<Hub> hub, std::shared_ptr<ViewerSlot> slot);

}  // namespace onepass::sink
