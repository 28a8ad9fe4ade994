// The listing of every parameter: name, range and comment, in the order in which they are shown.
#include "config/fields.hpp"

namespace onepass {

std::vector<Field> fields_of(DetectorConfig& c) {
  return {
      number("imgsz", c.imgsz, 32, 8192, "longer side of the network's input, pixels"),
      flag("rect", c.rect, "pad to the next stride multiple only, instead of to a square"),
      number("conf", c.conf, 0, 1, "lowest score kept; the tracker's stages choose among what is kept"),
      number("iou", c.iou, 0, 1, "overlap above which non-maximum suppression drops the lower score"),
      texts("classes", c.classes, "class names or numbers to keep; empty keeps all"),
      number("max_det", c.max_det, 1, 100000, "most detections per frame"),
      text("device", c.device, "cpu, cuda or cuda:N"),
      number("threads", c.threads, 0, 1024, "threads of the network; 0: one per processor core"),
  };
}

std::vector<Field> fields_of(EmbedConfig& c) {
  return {
      choice<EmbedMethod>("method", c.method,
                          {{EmbedMethod::none, "none"}, {EmbedMethod::roi, "roi"}, {EmbedMethod::cell, "cell"}},
                          "roi: pool the boxes from layers; cell: the kept anchor's cell; none: no embeddings"),
      numbers("layers", c.layers, 0, 1000, "layers to pool; empty: chosen by stride for the model at hand"),
      numbers("stripes", c.stripes, 1, 64, "horizontal stripes per layer; empty: 8, 8, 4, 1"),
      number("columns", c.columns, 1, 64, "parts that every stripe is cut into, side by side"),
      choice<EmbedPooling>("pooling", c.pooling, {{EmbedPooling::area, "area"}, {EmbedPooling::align, "align"}},
                           "area: every cell counts by its part inside the box; align: RoIAlign"),
      flag("standardize", c.standardize, "subtract the stream's running mean, divide by its deviation (method roi)"),
  };
}

std::vector<Group> groups_of(Config& config) {
  return {
      {"detector", "from a frame to boxes", fields_of(config.detector)},
      {"embed", "from feature maps and boxes to embeddings", fields_of(config.embed)},
      {"tracker", "from detections to identities", fields_of(config.tracker)},
  };
}

}  // namespace onepass
